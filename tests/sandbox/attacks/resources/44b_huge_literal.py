# tries: sends a program of fifty megabytes
# outcomes: syntax_error, mem_limit
# replace: {"BOMB": [["x", 50000000]]}
def f(x):
    return "BOMB"
