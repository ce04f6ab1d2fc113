# tries: returns a list that holds itself
# outcomes: malformed
def f(x):
    value = []
    value.append(value)
    return value
