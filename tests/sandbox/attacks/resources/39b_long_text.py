# tries: takes gigabytes in one operation on text
# outcomes: mem_limit
def f(x):
    return f"BREACH: {len('x' * (10**9 + x))}"
