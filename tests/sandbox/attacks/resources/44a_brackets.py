# tries: crashes the compiler by a hundred thousand brackets
# outcomes: syntax_error, mem_limit
# replace: {"BOMB": [["(", 100000], ["1", 1], [")", 100000]]}
def f(x):
    return BOMB  # noqa: F821
