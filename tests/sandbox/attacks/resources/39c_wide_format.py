# tries: takes gigabytes by the width of a format
# outcomes: mem_limit
def f(x):
    return f"BREACH: {len(format(x, str(2 * 10**9)))}"
