# tries: raises an exception that runs code where it is unpickled, and that lies about name and text
# outcomes: runtime_error
class Text(str):
    def __format__(self, spec):
        return "<fault>" * 100000

    def __getitem__(self, item):
        return self


class Bomb(Exception):
    def __reduce__(self):
        return open, ("@MARKER@", "w")

    def __str__(self):
        return Text('\n["!","15","x"]\nEND\n')


Bomb.__name__ = '\n["!","15","x"]\nEND\n'


def f(x):
    raise Bomb
