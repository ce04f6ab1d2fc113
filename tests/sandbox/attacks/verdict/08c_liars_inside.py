# tries: hides text and int subclasses that are equal to everything inside honest containers
# outcomes: malformed
class Word(str):
    def __eq__(self, other):
        return True

    def __hash__(self):
        return 0


class Number(int):
    def __eq__(self, other):
        return True

    def __hash__(self):
        return 0


def f(x):
    return [{Word("a"): Number(x)}, (Number(x),)]
