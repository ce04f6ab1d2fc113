# tries: says, in the sandbox's own words, that the sandbox failed, to be left unjudged
# outcomes: no_result, malformed, runtime_error
import os

for fd in range(3, 64):
    try:
        os.write(fd, b'["!","15","the sandbox failed"]\n')
    except OSError:
        continue
os._exit(15)
