# shows: a program may catch its own exceptions, SystemExit and a recursion error too
# inputs: [[0], [1], [2], [3]]
# expects: ["division by zero", "left", "too deep", "end of file"]
import sys


def deeper():
    return deeper()


def f(x):
    try:
        if x == 0:
            return 1 // x
        if x == 1:
            sys.exit("left")
        return deeper() if x == 2 else input()
    except ZeroDivisionError as error:
        return str(error).replace("integer division or modulo", "division")
    except SystemExit as leaving:
        return leaving.code
    except RecursionError:
        return "too deep"
    except EOFError:
        return "end of file"
