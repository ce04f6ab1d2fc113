# tries: sends words of the keeper's own protocol over every descriptor that is a socket
# outcomes: ran
# may_return: ["refused"]
import os
import socket
import stat


def f(x):
    reached = 0
    for fd in range(3, 64):
        try:
            if stat.S_ISSOCK(os.fstat(fd).st_mode):
                link = socket.socket(fileno=os.dup(fd))
                link.send(b"end " + bytes(40))
                reached += 1
        except OSError:
            continue
    return "BREACH: wrote to a socket of the keeper" if reached else "refused"
