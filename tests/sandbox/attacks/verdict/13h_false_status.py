# tries: states one failure and leaves with the status of another
# outcomes: no_result, malformed, runtime_error
import os

for fd in range(3, 64):
    try:
        os.write(fd, b'["!","15","x"]\nfault\nfail x\n')
    except OSError:
        continue
os._exit(14)
