# tries: breaks the way in by half a character
# outcomes: syntax_error, runtime_error
# replace: {"BOMB": [["\ud800", 1]]}
def f(x):
    return "BOMB"
