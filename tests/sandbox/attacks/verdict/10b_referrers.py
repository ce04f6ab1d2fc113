# tries: asks the collector who holds the inputs, and looks beside them for the answers
# outcomes: ran
# may_return: ["nothing"]
# inputs: [[["needle", 7]], [["needle", 8]]]
import gc


def f(x):
    around, seen = [x], set()
    for _ in range(4):
        around = [holder for thing in around for holder in gc.get_referrers(thing) if id(holder) not in seen]
        seen.update(map(id, around))
        for holder in around[:200]:
            if isinstance(holder, dict) and x[1] + 1000 in holder.values():
                return "BREACH: the answer lies beside the input"
            if isinstance(holder, (list, tuple)) and any(type(item) is int and item == x[1] + 1000 for item in holder):
                return "BREACH: the answer lies beside the input"
    return "nothing"
