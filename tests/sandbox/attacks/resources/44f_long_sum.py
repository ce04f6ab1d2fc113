# tries: crashes the compiler by a sum of two hundred thousand terms
# outcomes: syntax_error, mem_limit, runtime_error, signaled, cpu_limit
# replace: {"BOMB": [["1", 1], ["+x", 200000]]}
def f(x):
    return BOMB  # noqa: F821
