# shows: an answer of a hundred thousand numbers comes back whole
# inputs: [[100000]]
# expects: [[7]]
# times: 100000
def f(n):
    return [7] * n
