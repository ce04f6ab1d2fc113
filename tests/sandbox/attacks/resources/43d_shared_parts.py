# tries: returns a small value whose text is larger than any memory, since each part is in it twice
# outcomes: malformed, output_limit, mem_limit
def f(x):
    value = ["x"]
    for _ in range(90):
        value = [value, value]
    return value
