# tries: states an answer that is nested half a million deep, to overflow the reader
# outcomes: malformed, no_result
import os

for fd in range(3, 64):
    try:
        os.write(fd, b"[0," + b"[" * 450_000 + b"]" * 450_000 + b"]\n[1,0]\nEND\n")
    except OSError:
        continue
os._exit(0)
