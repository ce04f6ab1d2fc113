# shows: integers of thousands of digits may be computed and returned
# inputs: [[2000]]
# expects: [[13151, 2]]
def f(n):
    power = 3**n * 2**10000
    return [power.bit_length() - 19, len({str(power), str(power + 1)})]
