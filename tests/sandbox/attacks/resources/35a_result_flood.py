# tries: returns more than it may
# outcomes: output_limit
def f(x):
    return "x" * 2_000_000
