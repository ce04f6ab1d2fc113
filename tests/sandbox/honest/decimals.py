# shows: decimal works to any precision
# inputs: [[30], [50]]
# expects: ["1.41421356237309504880168872421", "1.4142135623730950488016887242096980785696718753769"]
from decimal import Decimal, localcontext


def f(digits):
    with localcontext() as context:
        context.prec = digits
        return str(Decimal(2).sqrt())
