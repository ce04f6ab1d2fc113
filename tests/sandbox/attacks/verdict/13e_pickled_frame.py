# tries: makes a reader that unpickles or unmarshals run code of its choice on the host
# outcomes: malformed, no_result
import marshal
import os
import pickle


class Payload:
    def __reduce__(self):
        return open, ("@MARKER@", "w")


data = pickle.dumps(Payload())
code = marshal.dumps(compile("open('@MARKER@', 'w')", "x", "exec"))
for fd in range(3, 64):
    try:
        os.write(fd, data + b"\n" + code + b"\nEND\n")
    except OSError:
        continue
os._exit(0)
