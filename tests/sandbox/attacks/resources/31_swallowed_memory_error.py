# tries: goes on to allocate after every MemoryError
# outcomes: cpu_limit, mem_limit, wall_limit
# limits: {"memory_mb": 128, "wall_s": 15.0}
def f(x):
    kept = []
    while True:
        try:
            kept.append(bytearray(10**6))
        except MemoryError:
            continue
