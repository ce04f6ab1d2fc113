# tries: crashes the compiler by as many signs as fit into a program
# outcomes: syntax_error, mem_limit, runtime_error, signaled, cpu_limit
# replace: {"BOMB": [["-", 400000], ["1", 1]]}
def f(x):
    return BOMB  # noqa: F821
