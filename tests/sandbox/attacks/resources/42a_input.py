# tries: waits for input that never comes
# outcomes: runtime_error
def f(x):
    return input()
