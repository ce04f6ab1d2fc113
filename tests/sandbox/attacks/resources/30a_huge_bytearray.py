# tries: takes ten gigabytes at once
# outcomes: mem_limit
def f(x):
    return f"BREACH: got {len(bytearray(10**10))} bytes"
