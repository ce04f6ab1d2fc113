import re
from itertools import product

import pytest

from gradarium.generators import get_task
from gradarium.verifiers.puzzles.stack_permutation import verify

ONE = {"arriving": [3, 1, 2], "leaving": [1, 3, 2], "stacks": 1, "height": 3}
TWO = {"arriving": [1, 2, 3], "leaving": [2, 3, 1], "stacks": 2, "height": 1}
HIGH = {**TWO, "height": 2}

ACCEPTED = {
    "one stack": ("push push pop pop push pop", ONE),
    "commas, brackets, capitals": ("[Push, Push, Pop, Pop, Push, Pop]", ONE),
    "a list with quotes": ("['push', 'push', 'pop', 'pop', 'push', 'pop']", ONE),
    "two stacks": ("push A, push B, pop B, push B, pop B, pop A", TWO),
    "no commas": ("push A push B pop B push B pop B pop A", TWO),
    "called like functions": ("push(A), push(B), pop(B), push(B), pop(B), pop(A)", TWO),
    "the stacks the other way round": ("push B, push A, pop A, push A, pop A, pop B", TWO),
    "all on one stack": ("push A, push A, pop A, push A, pop A, pop A", HIGH),
}
REJECTED = {
    "the order of arrival": ("push pop push pop push pop", ONE),
    "pops an empty stack": ("push pop pop push push pop", ONE),
    "a full stack": ("push A, push A, pop A, push A, pop A, pop A", TWO),
    "pops the other stack": ("push A, push B, pop A, push B, pop B, pop B", HIGH),
    "an item stays": ("push push pop pop push", ONE),
    "pushes too often": ("push push pop pop push pop push", ONE),
    "pops too often": ("push push pop pop push pop pop", ONE),
    "a stack that does not exist": ("push A, push C, pop C, push C, pop C, pop A", TWO),
    "no names of stacks": ("push, push, pop, push, pop, pop", HIGH),
    "the name of the only stack": ("push A push A pop A pop A push A pop A", ONE),
    "a name missing": ("push A, push B, pop, push B, pop B, pop A", TWO),
    "another verb": ("push push pop pop push take", ONE),
    "the items instead of moves": ("1 3 2", ONE),
    "the items pushed and popped": ("push 3 push 1 pop 1 pop 3 push 2 pop 2", ONE),
    "two answers": ("push push pop pop push pop push push pop pop push pop", ONE),
    "two answers joined by a word": ("push push pop pop push pop or push pop", ONE),
    "a look-alike letter": ("p\u03c5sh push pop pop push pop", ONE),
    "code": ("['push'] * 2 + ['pop'] * 2 + ['push', 'pop']", ONE),
    "nothing": ("", ONE),
    "no moves": ("[]", ONE),
}


@pytest.mark.parametrize(("answer", "payload"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(answer, payload):
    assert verify(answer, payload).score == 1.0


@pytest.mark.parametrize(("answer", "payload"), REJECTED.values(), ids=REJECTED)
def test_rejected(answer, payload):
    assert verify(answer, payload).score == 0.0


def oracle(answer, payload):
    """Pair each pop with its push by counting; the items of the pairs must be as wanted."""
    plain = re.sub(r"[\s,;()\[\]\"']+", " ", answer[:9000], flags=re.ASCII).strip().lower()
    name = r"" if payload["stacks"] == 1 else rf" [{'abcdef'[: payload['stacks']]}]"
    if not answer.isascii() or not re.fullmatch(rf"(?:(?:push|pop){name}(?: |$))+", plain, re.ASCII):
        return False
    moves = re.findall(rf"(push|pop)({name})", plain)
    n = len(payload["arriving"])
    pushes = [i for i, (verb, _) in enumerate(moves) if verb == "push"]
    if len(pushes) != n or len(moves) != 2 * n:
        return False
    left = {}
    for item, i in zip(payload["arriving"], pushes, strict=True):
        depth, place = 1, i
        if (
            sum(1 if verb == "push" else -1 for verb, where in moves[: i + 1] if where == moves[i][1])
            > payload["height"]
        ):
            return False
        while depth:
            place += 1
            if place == len(moves):
                return False
            if moves[place][1] == moves[i][1]:
                depth += 1 if moves[place][0] == "push" else -1
        left[place] = item
    return [left[i] for i in sorted(left)] == payload["leaving"]


def solutions(payload):
    """Yield every right sequence for one stack by trying all; for more, every one of at most four items."""
    names = "ABCDEF"[: payload["stacks"]]
    n = len(payload["arriving"])
    for verbs in product(("push", "pop"), repeat=2 * n):
        if all(verbs[:i].count("push") * 2 >= i for i in range(2 * n)) and verbs.count("push") == n:
            if len(names) == 1:
                ways = [" ".join(verbs)]
            else:
                ways = (
                    ", ".join(f"{verb} {name}" for verb, name in zip(verbs, where, strict=True))
                    for where in product(names, repeat=2 * n)
                )
            yield from (way for way in ways if oracle(way, payload))


@pytest.mark.parametrize("index", range(20))
def test_every_answer_of_small_instances(index):
    payload = get_task("stack_permutation").pose(index).payload
    ways = [" ".join(way) for n in (7, 8, 9) for way in product(("push", "pop"), repeat=n)]
    verdicts = [verify(way, payload).score == 1.0 for way in ways]
    assert verdicts == [oracle(way, payload) for way in ways]
    assert sum(verdicts) == len(list(solutions(payload))) == 1  # one stack leaves no choice


@pytest.mark.parametrize("height", [1, 2, 3])
def test_every_answer_with_two_stacks(height):
    moves = [f"{verb} {name}" for verb in ("push", "pop") for name in "AB"]
    for leaving in ([1, 2, 3], [2, 3, 1]):
        payload = {"arriving": [1, 2, 3], "leaving": leaving, "stacks": 2, "height": height}
        ways = [", ".join(way) for way in product(moves, repeat=6)]
        verdicts = [verify(way, payload).score == 1.0 for way in ways]
        assert verdicts == [oracle(way, payload) for way in ways]


@pytest.mark.parametrize("index", range(5))
def test_solutions_of_the_next_level(index):
    payload = get_task("stack_permutation").pose(index, 1).payload
    assert [verify(way, payload).score for way in solutions(payload)] == [1.0]
