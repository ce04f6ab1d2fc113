# tries: prints without end as a script, past the buffers of Python
# kind: script
# outcomes: output_limit
# limits: {"cpu_s": 10.0}
import os

while True:
    os.write(1, b"1001\n" * 1000)
