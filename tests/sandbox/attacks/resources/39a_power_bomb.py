# tries: computes for minutes in one operation of the interpreter
# outcomes: cpu_limit, mem_limit
def f(x):
    return 10 ** (10**8 + x) % 7
