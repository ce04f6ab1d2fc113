# tries: lets the compiler compute a huge constant
# outcomes: mem_limit, cpu_limit, syntax_error, runtime_error
def f(x):
    return 9**9**9**9
