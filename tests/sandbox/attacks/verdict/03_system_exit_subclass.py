# tries: raises a kind of SystemExit whose code says success
# outcomes: no_result, runtime_error
class Done(SystemExit):
    code = 0


def f(x):
    raise Done
