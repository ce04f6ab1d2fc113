# tries: ends the program early by a null character
# outcomes: syntax_error, runtime_error
# replace: {"BOMB": [["\u0000", 1]]}
def f(x):
    return "BOMB"
