# tries: returns an object that runs code where it is unpickled, kept or thrown away
# outcomes: malformed
class Bomb:
    def __reduce__(self):
        return open, ("@MARKER@", "w")

    def __del__(self, open=open):
        try:
            open("@MARKER@", "w").close()
        except OSError:
            return


def f(x):
    return Bomb()
