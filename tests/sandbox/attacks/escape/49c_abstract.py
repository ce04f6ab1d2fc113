# tries: connects to a socket of the host that has a name and no file
# outcomes: ran
# may_return: ["refused"]
import socket


def f(x):
    for kind, name in ((socket.SOCK_STREAM, "\0@ABSTRACT@"), (socket.SOCK_DGRAM, "\0@ABSTRACT@.dgram")):
        try:
            with socket.socket(socket.AF_UNIX, kind) as link:
                link.connect(name)
                link.send(b"x")
        except OSError:
            continue
        return "BREACH: connected to an abstract socket"
    return "refused"
