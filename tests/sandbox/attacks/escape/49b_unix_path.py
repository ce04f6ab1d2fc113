# tries: connects to a socket in the file system of the host
# outcomes: ran
# may_return: ["refused"]
import socket


def f(x):
    for kind, path in ((socket.SOCK_STREAM, "@UNIX@"), (socket.SOCK_DGRAM, "@UNIX@.dgram")):
        try:
            with socket.socket(socket.AF_UNIX, kind) as link:
                link.connect(path)
                link.send(b"x")
        except OSError:
            continue
        return "BREACH: connected to " + path
    return "refused"
