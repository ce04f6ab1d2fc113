# tries: returns an object whose type says that it is int
# outcomes: malformed
class Kind(type):
    def __eq__(self, other):
        return True

    def __hash__(self):
        return hash(int)


class Any(metaclass=Kind):
    __class__ = int


def f(x):
    return Any()
