# tries: crashes the compiler by functions inside of functions
# outcomes: syntax_error, mem_limit, runtime_error, signaled, cpu_limit
# replace: {"BOMB": [["lambda: ", 50000], ["1", 1]]}
def f(x):
    return BOMB  # noqa: F821
