# tries: crashes the compiler by a chain of attributes
# outcomes: syntax_error, mem_limit, runtime_error, signaled, cpu_limit
# replace: {"BOMB": [["x", 1], [".a", 200000]]}
def f(x):
    return BOMB  # noqa: F821
