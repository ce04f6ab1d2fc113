# tries: writes answers of its own to every descriptor, in several formats, and leaves
# outcomes: ran, no_result, malformed
# may_return: [0]
import json
import marshal
import os
import struct

lines = b"[0,0]\n[1,0]\nEND\n"
packed = [struct.pack(order + kind, len(lines)) + lines for order in "<>" for kind in "IQ"]
for fd in range(3, 64):
    for data in (lines, *packed, json.dumps([0, 0]).encode() + b"\nEND\n", marshal.dumps([0, 0])):
        try:
            os.write(fd, data)
        except OSError:
            break
os._exit(0)
