"""What is right in the peers' own problems, worked out from their data: ``judge(dataset, answer, item)``.

A judge returns True, False, or None where it cannot say: where only the form of an answer is in doubt, the peer is
given the benefit of it. ``OTHERS[dataset](item)`` yields right answers besides the stored one, and
``TRICKS[dataset](item)`` wrong ones that are known to have worked.
"""

import ast
import itertools
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

Item = dict[str, Any]
"""question, answer, metadata"""


def judge(dataset: str, answer: str, item: Item) -> bool | None:
    """Return whether an answer is right; None where there is no telling. Digits of any script count as digits."""
    if dataset not in JUDGES or not item["answer"]:
        return None if answer.strip() else False
    plain = "".join(str(unicodedata.decimal(ch)) if ch.isdecimal() else ch for ch in answer)
    return JUDGES[dataset](plain, item)


def tokens(text: str) -> list[str]:
    """Return numbers, by their value, and words, in lower case."""
    found = re.findall(r"[-+]?[0-9]+(?:\.[0-9]+)?|[^\W\d_]+", text.replace("\u2212", "-"))
    return [str(Fraction(t)) if t[-1].isdigit() and t.isascii() else t.lower() for t in found]


def unique(answer: str, item: Item) -> bool:
    """Compare with the one right answer, whatever stands between its words and numbers."""
    return tokens(answer) == tokens(item["answer"])


def integers(answer: str) -> list[int]:
    """Return the whole numbers of a text; a longer run of digits than 15 is no cell of a board."""
    return [int(t) for t in re.findall(r"-?[0-9]{1,15}", answer, re.ASCII)]


def square(numbers: list[int], width: int) -> list[list[int]]:
    """Cut a list into rows."""
    return [numbers[i : i + width] for i in range(0, len(numbers), width)]


def sudoku(answer: str, item: Item) -> bool:
    """Check givens, rows, columns and boxes."""
    givens = item["metadata"]["puzzle"]
    n = len(givens)
    box = 3 if n == 9 else 2
    cells = [int(ch) for ch in answer if ch in "0123456789"]
    if len(cells) != n * n:
        return False
    rows = square(cells, n)
    units = [*rows, *zip(*rows, strict=True)]
    for r, c in itertools.product(range(0, n, box), repeat=2):
        units.append([rows[r + i][c + j] for i in range(box) for j in range(box)])
    kept = all(g in (0, x) for line, row in zip(givens, rows, strict=True) for g, x in zip(line, row, strict=True))
    return kept and all(set(unit) == set(range(1, n + 1)) for unit in units)


def futoshiki(answer: str, item: Item) -> bool:
    """Check givens, rows, columns and signs."""
    data = item["metadata"]
    n = data["board_size"]
    cells = [int(ch) for ch in answer if ch in "0123456789"]
    return len(cells) == n * n and _futoshiki(square(cells, n), data)


def _futoshiki(rows: list[list[int]], data: Item) -> bool:
    n = data["board_size"]
    kept = all(
        g in (0, x) for line, row in zip(data["puzzle"], rows, strict=True) for g, x in zip(line, row, strict=True)
    )
    signs = all(
        (rows[a][b] < rows[c][d]) if sign == "<" else (rows[a][b] > rows[c][d])
        for a, b, c, d, sign in data["constraints"]
    )
    return kept and signs and all(set(u) == set(range(1, n + 1)) for u in [*rows, *zip(*rows, strict=True)])


def survo(answer: str, item: Item) -> bool:
    """Check givens, sums and that every number offered is used once."""
    data = item["metadata"]
    n, numbers = data["board_size"], integers(answer)
    if len(numbers) != n * n:
        return False
    rows = square(numbers, n)
    free = [(r, c) for r in range(n) for c in range(n) if data["puzzle"][r][c] == 0]
    kept = all(rows[r][c] == data["puzzle"][r][c] for r in range(n) for c in range(n) if (r, c) not in free)
    sums = all(line[-1] == sum(line[:-1]) for line in [*rows, *zip(*rows, strict=True)])
    return kept and sums and Counter(rows[r][c] for r, c in free) == Counter(data["candidate_numbers"])


def kakurasu(answer: str, item: Item) -> bool:
    """Check the weighted sums."""
    data, numbers = item["metadata"], integers(answer)
    if len(numbers) != data["n_rows"] * data["n_cols"] or set(numbers) - {0, 1}:
        return False
    rows = square(numbers, data["n_cols"])
    return [sum(c * x for c, x in enumerate(row, 1)) for row in rows] == data["row_sums"] and [
        sum(r * x for r, x in enumerate(column, 1)) for column in zip(*rows, strict=True)
    ] == data["col_sums"]


def n_queens(answer: str, item: Item) -> bool:
    """Check that the queens given stand and that none of n attacks another."""
    board = item["metadata"]["puzzle"]
    n = len(board)
    cells = [ch for ch in answer if ch in "Q_"]
    if len(cells) != n * n:
        return False
    queens = [divmod(i, n) for i, ch in enumerate(cells) if ch == "Q"]
    kept = all(cells[r * n + c] == "Q" for r in range(n) for c in range(n) if board[r][c] == "Q")
    apart = all(r != s and c != d and abs(r - s) != abs(c - d) for (r, c), (s, d) in itertools.combinations(queens, 2))
    return kept and apart and len(queens) == n


def value_of(expression: str) -> tuple[Fraction, list[int]] | None:
    """Return value and numbers of an expression of whole numbers and + - * /; None for anything else."""
    if len(expression) > 2_000:
        return None
    try:
        tree = ast.parse(expression.strip(), mode="eval").body
        return _value(tree)
    except (SyntaxError, ValueError, ZeroDivisionError, RecursionError, MemoryError):
        return None


def _value(node: ast.expr) -> tuple[Fraction, list[int]]:
    if isinstance(node, ast.Constant) and type(node.value) is int:
        return Fraction(node.value), [node.value]
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.UAdd | ast.USub):
        value, used = _value(node.operand)
        return (value if isinstance(node.op, ast.UAdd) else -value), used
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add | ast.Sub | ast.Mult | ast.Div):
        (a, left), (b, right) = _value(node.left), _value(node.right)
        how = {ast.Add: a.__add__, ast.Sub: a.__sub__, ast.Mult: a.__mul__, ast.Div: a.__truediv__}
        return how[type(node.op)](b), left + right
    raise ValueError("not arithmetic")


def expression(answer: str, item: Item) -> bool:
    """Check that exactly the numbers given make the target."""
    data, found = item["metadata"], value_of(answer)
    return found is not None and found[0] == data.get("target", 24) and sorted(found[1]) == sorted(data["numbers"])


def tower_of_hanoi(answer: str, item: Item) -> bool | None:
    """Play the moves."""
    data = item["metadata"]
    pegs: dict[int, list[int]] = {peg: [] for peg in range(1, data["num_pegs"] + 1)}
    pegs[data["start_peg"]] = list(range(data["num_disks"], 0, -1))
    clean = True
    for line in filter(None, map(str.strip, answer.splitlines())):
        moves = list(re.finditer(r"Move disk ([0-9]+) from Peg ([0-9]+) to Peg ([0-9]+)", line, re.ASCII))
        if len(moves) != 1:
            return False
        clean = clean and moves[0][0] == line
        disk, start, end = (int(text[:4]) for text in moves[0].groups())
        if start not in pegs or end not in pegs or pegs[start][-1:] != [disk]:
            return False
        if pegs[end] and pegs[end][-1] < disk:
            return False
        pegs[end].append(pegs[start].pop())
    if len(pegs[data["target_peg"]]) < data["num_disks"]:
        return False
    return True if clean else None


def jugs(answer: str, item: Item) -> bool | None:
    """Play the moves; a jug must hold the target at the end."""
    puzzle = item["metadata"]["puzzle"]
    size = puzzle["jug_capacities"]
    held = [0] * len(size)
    try:
        moves = json.loads(answer)
    except (ValueError, RecursionError):
        return False
    for move in moves if isinstance(moves, list) else [None]:
        found = re.fullmatch(r"\s*(fill|empty)\s+([A-Z])(?:\W.*)?|\s*pour\s+([A-Z])->([A-Z])(?:\W.*)?", str(move))
        if not found:
            return False
        places = [ord(name) - 65 for name in found.groups()[1:] if name]
        if max(places) >= len(size):
            return False
        if found[3]:
            source, goal = places
            poured = min(held[source], size[goal] - held[goal]) if source != goal else 0
            held[source] -= poured
            held[goal] += poured
        else:
            held[places[0]] = size[places[0]] if found[1] == "fill" else 0
    return puzzle["target"] in held


def cryptarithm(answer: str, item: Item) -> bool | None:
    """Check the sum, and that each letter has one digit and no two the same."""
    data = item["metadata"]
    pairs = re.findall(r"([A-Z])\s*=\s*(-?[0-9]{1,3})", answer, re.ASCII)
    digits: dict[str, int] = {}
    for letter, text in pairs:
        if digits.setdefault(letter, int(text)) != int(text):
            return False
    words = [*data["words_letters"], data["result_letters"]]
    needed = set("".join(words))
    if not needed <= set(digits):
        return False
    digits = {letter: digits[letter] for letter in needed}
    if len(set(digits.values())) < len(digits) or not all(0 <= d <= 9 for d in digits.values()):
        return False
    if not data["allow_leading_zero"] and any(digits[word[0]] == 0 for word in words):
        return False
    *terms, total = [sum(digits[ch] * 10**i for i, ch in enumerate(reversed(word))) for word in words]
    if sum(terms) != total:
        return False
    return True if set(re.findall("[A-Z]", answer)) == needed else None


def word_ladder(answer: str, item: Item) -> bool | None:
    """Check the steps; whether each is a word is for a dictionary to say."""
    data = item["metadata"]
    words = [word.strip() for word in answer.upper().split(",")]
    if words[0] != data["start_word"] or words[-1] != data["end_word"] or {len(w) for w in words} != {len(words[0])}:
        return False
    one = all(sum(a != b for a, b in zip(v, w, strict=True)) == 1 for v, w in itertools.pairwise(words))
    return True if unique(answer, item) else None if one else False


def knights_knaves(answer: str, item: Item) -> bool | None:
    """Compare who is said to be what, in any order."""
    said = {(a.lower(), b.lower()) for a, b in re.findall(r"(\w+) is (?:an? )+(\w+)", answer, re.IGNORECASE)}
    told = dict((a.lower(), b.lower()) for a, b in re.findall(r"(\w+) is an? (\w+)", item["answer"]))
    known = {(name, role) for name, role in said if name in told}
    if not known or any(told[name] != role for name, role in known):
        return False
    return True if unique(answer, item) else None


def sokoban(answer: str, item: Item) -> bool | None:
    """Play the moves."""
    rows = [line.split() for line in item["metadata"]["gamestr"].strip().split("\n")]
    at = {(r, c): ch for r, row in enumerate(rows) for c, ch in enumerate(row)}
    man = next(place for place, ch in at.items() if ch in "*%")
    boxes = {place for place, ch in at.items() if ch in "@$"}
    goals = {place for place, ch in at.items() if ch in "X$%"}
    for key in answer:
        if key not in "LRUD":
            continue
        dr, dc = {"L": (0, -1), "R": (0, 1), "U": (-1, 0), "D": (1, 0)}[key]
        to, beyond = (man[0] + dr, man[1] + dc), (man[0] + 2 * dr, man[1] + 2 * dc)
        if at.get(to, "+") == "+" or (to in boxes and (beyond in boxes or at.get(beyond, "+") == "+")):
            continue
        if to in boxes:
            boxes = boxes - {to} | {beyond}
        man = to
    return False if not boxes <= goals else True if not set(answer) - set("LRUD") else None


def knight_swap(answer: str, item: Item) -> bool | None:
    """Play the moves; a puzzle said to be impossible is taken for it."""
    data = item["metadata"]
    if not data["is_possible"]:
        return tokens(answer) == ["no"]
    try:
        moves = [move.split(",") for move in json.loads(answer)]
    except (ValueError, TypeError, AttributeError, RecursionError):
        return False
    pieces, turn = dict(data["pieces"]), data["start_turn"]
    for move in moves:
        if len(move) != 3 or move[0] != turn or pieces.get(move[1]) != turn:
            return False
        if move[2] not in data["board"][move[1]] or pieces.get(move[2]) is not None:
            return False
        pieces[move[2]], pieces[move[1]] = turn, None
        turn = "B" if turn == "w" else "w"
    swapped = {place: {"w": "B", "B": "w"}.get(piece) for place, piece in data["pieces"].items()}
    return pieces == swapped


def shortest_path(answer: str, item: Item) -> bool:
    """Walk; any path as short as the stored one is right."""
    grid, stored, steps = item["metadata"]["matrix"], item["answer"].split(), tokens(answer)
    if stored == ["infeasible"] or steps == ["infeasible"]:
        return steps == stored
    r, c = next((r, c) for r, row in enumerate(grid) for c, ch in enumerate(row) if ch == "*")
    moves = {"left": (0, -1), "right": (0, 1), "up": (-1, 0), "down": (1, 0)}
    for step in steps:
        dr, dc = moves.get(step, (9**9, 0))
        r, c = r + dr, c + dc
        if not (0 <= r < len(grid) and 0 <= c < len(grid[0])) or grid[r][c] == "X":
            return False
    return grid[r][c] == "#" and len(steps) == len(stored)


def satsp(answer: str, item: Item) -> bool:
    """Evaluate every clause."""
    clauses = item["metadata"]["clauses"]
    n = max(abs(literal) for clause in clauses for literal in clause)
    if not re.fullmatch(r"[01]+", answer, re.ASCII) or len(answer) != n:
        return False
    return all(any((answer[abs(x) - 1] == "1") == (x > 0) for x in clause) for clause in clauses)


def mus(answer: str, item: Item) -> bool:
    """Look at the whole truth table, for the set and for the set without each of its clauses."""
    clauses = item["metadata"]["clauses"]
    if not re.fullmatch(r"[01]+", answer, re.ASCII) or len(answer) != len(clauses):
        return False
    chosen = [clause for clause, bit in zip(clauses, answer, strict=True) if bit == "1"]
    n = max(abs(literal) for clause in clauses for literal in clause)
    needed: set[int] = set()
    for row in itertools.product((False, True), repeat=n):
        false = [i for i, clause in enumerate(chosen) if not any(row[abs(x) - 1] == (x > 0) for x in clause)]
        if not false:
            return False
        if len(false) == 1:
            needed.add(false[0])
    return len(needed) == len(chosen)


JUDGES: dict[str, Callable[[str, Item], bool | None]] = {
    "sudoku": sudoku,
    "mini_sudoku": sudoku,
    "futoshiki": futoshiki,
    "survo": survo,
    "kakurasu": kakurasu,
    "n_queens": n_queens,
    "countdown": expression,
    "puzzle24": expression,
    "tower_of_hanoi": tower_of_hanoi,
    "jugs": jugs,
    "cryptarithm": cryptarithm,
    "word_ladder": word_ladder,
    "knights_knaves": knights_knaves,
    "sokoban": sokoban,
    "knight_swap": knight_swap,
    "shortest_path": shortest_path,
    "satsp": satsp,
    "mus": mus,
    **dict.fromkeys(
        ("arc_1d", "arc_agi", "chain_sum", "color_cube_rotation", "list_functions", "maze", "number_filtering",
         "number_sequence", "number_sorting", "self_reference", "simple_equations", "spell_backward", "word_sorting",
         "zebra_puzzles"),
        unique,
    ),
}  # fmt: skip


def other_expressions(item: Item) -> Iterator[str]:
    """Yield other expressions of four numbers that make the target, and the stored one written otherwise."""
    data = item["metadata"]
    yield f"({item['answer']})"
    yield item["answer"].replace(" ", "")
    if len(data["numbers"]) == 4:
        target = data.get("target", 24)
        for a, b, c, d in sorted(set(itertools.permutations(data["numbers"]))):
            for p, q, r in itertools.product("+-*/", repeat=3):
                for text in (f"(({a}{p}{b}){q}{c}){r}{d}", f"({a}{p}{b}){q}({c}{r}{d})", f"{a}{p}({b}{q}({c}{r}{d}))"):
                    found = value_of(text)
                    if found and found[0] == target:
                        yield text


def other_queens(item: Item) -> Iterator[str]:
    """Yield every completion."""
    board = item["metadata"]["puzzle"]
    n = len(board)
    for columns in itertools.permutations(range(n)):
        if all(board[r][columns[r]] == "Q" for r in range(n) if "Q" in board[r]):
            yield "\n".join(" ".join("Q" if c == columns[r] else "_" for c in range(n)) for r in range(n))


def other_survo(item: Item) -> Iterator[str]:
    """Yield every way to place the numbers."""
    data = item["metadata"]
    free = [(r, c) for r, row in enumerate(data["puzzle"]) for c, x in enumerate(row) if x == 0]
    for numbers in sorted(set(itertools.permutations(data["candidate_numbers"]))):
        rows = [list(row) for row in data["puzzle"]]
        for (r, c), x in zip(free, numbers, strict=True):
            rows[r][c] = x
        yield "\n".join(" ".join(map(str, row)) for row in rows)


def other_kakurasu(item: Item) -> Iterator[str]:
    """Yield every board whose rows have the right sums."""
    data = item["metadata"]
    every = list(itertools.product((0, 1), repeat=data["n_cols"]))
    fitting = [[row for row in every if sum(c * x for c, x in enumerate(row, 1)) == s] for s in data["row_sums"]]
    for rows in itertools.islice(itertools.product(*fitting), 20_000):
        yield "\n".join(" ".join(map(str, row)) for row in rows)


def other_grids(item: Item) -> Iterator[str]:
    """Yield every filling of a sudoku or a small futoshiki, two at most."""
    data = item["metadata"]
    n = len(data["puzzle"])
    signs = data.get("constraints")
    box = 1 if signs is not None else 3 if n == 9 else 2
    if signs is not None and n > 5:
        return
    rows = [list(row) for row in data["puzzle"]]
    found = 0

    def options(r: int, c: int) -> list[int]:
        seen = {*rows[r], *(row[c] for row in rows)}
        br, bc = r - r % box, c - c % box
        seen |= {rows[br + i][bc + j] for i in range(box) for j in range(box)}
        return [x for x in range(1, n + 1) if x not in seen]

    def fill() -> Iterator[str]:
        nonlocal found
        free = [(r, c) for r in range(n) for c in range(n) if not rows[r][c]]
        if not free:
            if signs is None or _futoshiki(rows, data):
                found += 1
                yield "\n".join(" ".join(map(str, row)) for row in rows)
            return
        r, c = min(free, key=lambda place: len(options(*place)))
        for x in options(r, c):
            rows[r][c] = x
            yield from fill()
            rows[r][c] = 0
            if found == 2:
                return

    yield from fill()


def longer_hanoi(item: Item) -> Iterator[str]:
    """Yield the stored moves after a step to the side; the prompt asks for a solution, not a shortest one."""
    data = item["metadata"]
    start = data["start_peg"]
    for peg in range(1, data["num_pegs"] + 1):
        if peg != start:
            there, back = f"Move disk 1 from Peg {start} to Peg {peg}", f"Move disk 1 from Peg {peg} to Peg {start}"
            yield f"{there}\n{back}\n{item['answer']}"


def other_bits(item: Item) -> Iterator[str]:
    """Yield all strings of 0 and 1 as long as the stored answer."""
    for bits in itertools.product("01", repeat=len(item["answer"])):
        yield "".join(bits)


OTHERS: dict[str, Callable[[Item], Iterator[str]]] = {
    "sudoku": other_grids,
    "mini_sudoku": other_grids,
    "futoshiki": other_grids,
    "survo": other_survo,
    "kakurasu": other_kakurasu,
    "n_queens": other_queens,
    "countdown": other_expressions,
    "puzzle24": other_expressions,
    "tower_of_hanoi": longer_hanoi,
    "satsp": other_bits,
    "mus": other_bits,
}


def countdown_tricks(item: Item) -> Iterator[str]:
    """Yield expressions that hide numbers from a count of digits."""
    data = item["metadata"]
    numbers, target = "+".join(map(str, data["numbers"])), data.get("target", 24)
    yield f"({numbers})*floor(E/pi)+len('{'a' * target}')"
    yield f"[{target}, {', '.join(map(str, data['numbers']))}][0]"
    yield "6*4*1*1" if sorted(data["numbers"]) != [1, 1, 4, 6] else "24"


def shifted(item: Item) -> Iterator[str]:
    """Yield the numbers of the answer, all moved by nine tenths."""
    numbers = re.findall(r"-?[0-9]+(?:\.[0-9]+)?", item["answer"])
    yield str([str(float(x) + 0.9) for x in numbers])


def contradicted(item: Item) -> Iterator[str]:
    """Yield the answer after an assignment that contradicts it."""
    letter = item["metadata"]["letters"][0]
    digit = item["metadata"]["letter_to_digit"][letter]
    yield f"{letter}={(digit + 1) % 10},{item['answer']}"


TRICKS: dict[str, Callable[[Item], Iterator[str]]] = {
    "countdown": countdown_tricks,
    "puzzle24": countdown_tricks,
    "number_sorting": shifted,
    "number_filtering": shifted,
    "cryptarithm": contradicted,
}
