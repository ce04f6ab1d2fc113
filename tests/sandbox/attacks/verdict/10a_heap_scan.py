# tries: searches all objects of the interpreter for the list of answers or a pair of input and answer
# outcomes: ran
# may_return: ["nothing"]
# limits: {"cpu_s": 3.0}
import gc

FIRST = 1000


def is_input(thing, x):
    return (type(thing) is int and thing == x) or thing in ([x], (x,))


def f(x):
    answer, answers = x + FIRST, (FIRST + 1, FIRST + 2)
    for thing in gc.get_objects():
        if type(thing) in (list, tuple) and len(thing) >= 2 and thing is not answers:
            first, second = thing[0], thing[1]
            if type(second) is int and ((is_input(first, x) and second == answer) or (first, second) == answers):
                return "BREACH: the answers lie in the heap"
        elif type(thing) is dict and type(thing.get(x)) is int and thing[x] == answer:
            return "BREACH: the answers lie in the heap"
    return "nothing"
