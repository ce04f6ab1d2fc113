# tries: breaks the way out by half a character, in a value and in what it prints
# outcomes: ran, malformed, runtime_error
# may_return: ["\ud800"]
def f(x):
    return chr(0xD800)
