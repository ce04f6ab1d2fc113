# tries: connects to a service on this machine and to the network, by TCP and UDP
# outcomes: ran
# may_return: ["refused"]
import socket


def udp(host, port):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
        link.connect((host, port))
        link.send(b"x")


def tcp(host, port):
    socket.create_connection((host, port), 2).close()


def f(x):
    for way, host, port in (
        *((tcp, "127.0.0.1", int("@PORT@")), (udp, "127.0.0.1", int("@PORT@"))),
        *((tcp, "localhost", int("@PORT@")), (udp, "192.0.2.1", 53), (tcp, "::1", int("@PORT@"))),
    ):
        try:
            way(host, port)
        except OSError:
            continue
        return f"BREACH: {way.__name__} to {host}"
    return "refused"
