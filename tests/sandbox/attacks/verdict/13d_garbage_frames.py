# tries: breaks the reader of the answers by bytes that are no text
# outcomes: malformed, no_result
import os

for fd in range(3, 64):
    try:
        os.write(fd, b"\xff\x00[[[[" * 1000 + b"\nEND\n")
    except OSError:
        continue
os._exit(0)
