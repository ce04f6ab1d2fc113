# tries: writes one clean set of answers to every descriptor, and leaves with status 0
# outcomes: ran, no_result, malformed
# may_return: [0]
import os

for fd in range(3, 64):
    try:
        os.write(fd, b"[0,0]\n[1,0]\nEND\n")
    except OSError:
        continue
os._exit(0)
