# tries: returns a list that is nested half a million deep
# outcomes: malformed
def f(x):
    value = []
    for _ in range(500_000):
        value = [value]
    return value
