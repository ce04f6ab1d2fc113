# tries: opens sockets of families that reach deep into the kernel
# outcomes: ran
# may_return: ["refused"]
import socket

FAMILIES = {"INET": 2, "INET6": 10, "NETLINK": 16, "PACKET": 17, "ALG": 38, "VSOCK": 40, "XDP": 44, "KEY": 15}


def f(x):
    made = []
    for name, family in FAMILIES.items():
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW, socket.SOCK_SEQPACKET):
            try:
                socket.socket(family, kind).close()
            except OSError:
                continue
            made.append(name)
            break
    return "BREACH: sockets of " + ", ".join(made) if made else "refused"
