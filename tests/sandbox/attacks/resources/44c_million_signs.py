# tries: crashes the compiler by a million signs
# outcomes: syntax_error, mem_limit
# replace: {"BOMB": [["-", 1000000], ["1", 1]]}
def f(x):
    return BOMB  # noqa: F821
