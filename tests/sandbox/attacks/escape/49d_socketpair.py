# tries: sends from a socket pair to addresses of others, since pairs are allowed for event loops
# outcomes: ran
# may_return: ["refused"]
import socket

WAYS = {
    "sendto": lambda link, to: link.sendto(b"x", to),
    "sendmsg": lambda link, to: link.sendmsg([b"x"], [], 0, to),
    "connect": lambda link, to: link.connect(to),
    "bind": lambda link, to: link.bind(to + ".mine"),
}


def f(x):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_SEQPACKET):
        for address in ("@UNIX@", "@UNIX@.dgram", "\0@ABSTRACT@", "\0@ABSTRACT@.dgram"):
            for name, way in WAYS.items():
                try:
                    link, _ = socket.socketpair(socket.AF_UNIX, kind)
                    way(link, address)
                except OSError:
                    continue
                return f"BREACH: {name} from a pair to {address!r}"
    return "refused"
