# tries: prints without end
# outcomes: output_limit
# limits: {"cpu_s": 10.0}
def f(x):
    while True:
        print("x" * 1000)
