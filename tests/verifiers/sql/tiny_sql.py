"""The SQL that the generators write, parsed and evaluated by hand over rows, without sqlite or the query tree.

``rows_of("SELECT a FROM t WHERE a > 1", {"t": (["a"], [[1], [2]])})`` is ``[[2]]``. Raises ValueError on other SQL.
"""

import re
from operator import eq, ge, gt, le, lt, ne

TOKEN = re.compile(r"\s*('[^']*'|\d+\.\d+|\d+|[A-Za-z_]+(?:\.[A-Za-z_]+)?|<>|<=|>=|[=<>(),*])")
OPS = {"=": eq, "<>": ne, "<": lt, "<=": le, ">": gt, ">=": ge}


def tables_of(schema, rows):
    """Return name -> (column names, rows) from CREATE TABLE statements and rows."""
    found = {}
    for ddl in schema:
        name, body = re.fullmatch(r"CREATE TABLE (\w+) \((.*)\)", ddl).groups()
        found[name] = ([part.split()[0] for part in body.split(", ")], rows[name])
    return found


def rows_of(sql, tables):
    """Return the rows of a query."""
    parser = Parser(sql)
    tree = parser.query()
    if parser.tokens[parser.at] != "":
        raise ValueError(f"left over: {parser.tokens[parser.at :]}")
    return evaluate(tree, tables, {})


class Parser:
    def __init__(self, sql):
        self.tokens, at = [], 0
        while at < len(sql.rstrip()):
            found = TOKEN.match(sql, at)
            if not found:
                raise ValueError(f"no token at {sql[at : at + 10]!r}")
            self.tokens.append(found[1])
            at = found.end()
        self.tokens.append("")
        self.at = 0

    def take(self, *words):
        if [t.upper() for t in self.tokens[self.at : self.at + len(words)]] == list(words):
            self.at += len(words)
            return True
        return False

    def need(self, *words):
        if not self.take(*words):
            raise ValueError(f"expected {words} at {self.tokens[self.at :]}")

    def word(self):
        self.at += 1
        return self.tokens[self.at - 1]

    def many(self, item):
        items = [item()]
        while self.take(","):
            items.append(item())
        return items

    def query(self):
        tree = self.select()
        for words in (("UNION", "ALL"), ("UNION",), ("EXCEPT",), ("INTERSECT",)):
            if self.take(*words):
                tree = {"op": " ".join(words), "left": tree, "right": self.select()}
                break
        tree["order"] = self.many(self.key) if self.take("ORDER", "BY") else []
        tree["limit"] = int(self.word()) if self.take("LIMIT") else None
        return tree

    def key(self):
        return self.term(), self.take("DESC")

    def select(self):
        self.need("SELECT")
        tree = {"distinct": self.take("DISTINCT"), "columns": self.many(self.term)}
        self.need("FROM")
        tree["from"], tree["joins"] = self.word(), []
        while True:
            outer = self.take("LEFT", "JOIN")
            if not outer and not self.take("JOIN"):
                break
            name = self.word()
            self.need("ON")
            tree["joins"].append((name, outer, self.disjunction()))
        tree["where"] = self.disjunction() if self.take("WHERE") else None
        tree["group"] = self.many(self.term) if self.take("GROUP", "BY") else None
        tree["having"] = self.disjunction() if self.take("HAVING") else None
        return tree

    def term(self):
        word = self.word()
        if word[0] == "'":
            return ("value", word[1:-1])
        if word[0].isdigit():
            return ("value", float(word) if "." in word else int(word))
        if not word[0].isalpha():
            raise ValueError(f"no term: {word!r}")
        if self.take("("):
            distinct = self.take("DISTINCT")
            inner = None if self.take("*") else self.term()
            self.need(")")
            return ("aggregate", word.lower(), distinct, inner)
        return ("column", word)

    def disjunction(self):
        items = [self.conjunction()]
        while self.take("OR"):
            items.append(self.conjunction())
        return ("or", items)

    def conjunction(self):
        items = [self.condition()]
        while self.take("AND"):
            items.append(self.condition())
        return ("and", items)

    def condition(self):
        for negated, words in ((True, ("NOT", "EXISTS", "(")), (False, ("EXISTS", "("))):
            if self.take(*words):
                tree = self.query()
                self.need(")")
                return ("exists", negated, tree)
        if self.take("("):
            inner = self.disjunction()
            self.need(")")
            return inner
        left = self.term()
        if self.take("IS"):
            negated = self.take("NOT")
            self.need("NULL")
            return ("null", negated, left)
        negated = self.take("NOT")
        if self.take("IN", "("):
            tree = self.query()
            self.need(")")
            return ("in", negated, left, tree)
        op = self.word()
        if op not in OPS or negated:
            raise ValueError(f"no operator: {op!r}")
        if self.take("("):
            right = ("scalar", self.query())
            self.need(")")
        else:
            right = self.term()
        return ("compare", op, left, right)


def evaluate(tree, tables, outer):
    if "op" in tree:
        left, right = evaluate(tree["left"], tables, outer), evaluate(tree["right"], tables, outer)
        rows = compound(tree["op"], left, right)
        pairs = [(row, lambda term, row=row: row[term[1] - 1]) for row in rows]
    else:
        pairs = select(tree, tables, outer)
    for term, down in reversed(tree.get("order", [])):
        pairs.sort(key=lambda pair: rank(pair[1](term)), reverse=down)
    return [row for row, _ in pairs][: tree.get("limit")]


def compound(op, left, right):
    if op == "UNION ALL":
        return left + right
    rows = {"UNION": left + right, "EXCEPT": [r for r in left if r not in right]}.get(op)
    return once([r for r in left if r in right] if rows is None else rows)


def once(rows):
    kept = []
    for row in rows:
        if row not in kept:
            kept.append(row)
    return kept


def rank(cell):
    return (0, 0) if cell is None else (2, cell) if isinstance(cell, str) else (1, cell)


def select(tree, tables, outer):
    def load(name):
        names, rows = tables[name]
        return [{f"{name}.{c}": cell for c, cell in zip(names, row, strict=True)} for row in rows]

    rows = load(tree["from"])
    for name, keep, condition in tree["joins"]:
        joined = []
        for row in rows:
            partners = [{**row, **other} for other in load(name)]
            partners = [pair for pair in partners if holds(condition, [pair], tables, outer)]
            if keep and not partners:
                partners = [{**row, **{f"{name}.{c}": None for c in tables[name][0]}}]
            joined += partners
        rows = joined
    rows = [row for row in rows if tree["where"] is None or holds(tree["where"], [row], tables, outer)]
    aggregated = any(term[0] == "aggregate" for term in tree["columns"])
    if tree["group"] is not None:
        groups = {}
        for row in rows:
            groups.setdefault(tuple(term_value(t, [row], tables, outer) for t in tree["group"]), []).append(row)
        groups = list(groups.values())
    else:
        groups = [rows] if aggregated else [[row] for row in rows]
    pairs = []
    for group in groups:
        if tree["having"] is None or holds(tree["having"], group, tables, outer):
            cells = [term_value(term, group, tables, outer) for term in tree["columns"]]
            pairs.append((cells, lambda term, group=group: term_value(term, group, tables, outer)))
    if tree["distinct"]:
        firsts = once([cells for cells, _ in pairs])
        pairs = [next(pair for pair in pairs if pair[0] == cells) for cells in firsts]
    return pairs


def term_value(term, group, tables, outer):
    kind = term[0]
    if kind == "value":
        return term[1]
    if kind == "scalar":
        rows = evaluate(term[1], tables, {**outer, **(group[0] if group else {})})
        return rows[0][0] if rows else None
    if kind == "column":
        row = group[0]
        if term[1] in row:
            return row[term[1]]
        for scope in (row, outer):
            hits = [cell for name, cell in scope.items() if term[1] in (name, name.split(".")[1])]
            if len(hits) == 1:
                return hits[0]
        raise ValueError(f"no column {term[1]!r}")
    _, function, distinct, inner = term
    if inner is None:
        return len(group)
    cells = [term_value(inner, [row], tables, outer) for row in group]
    cells = [cell for cell in cells if cell is not None]
    if distinct:
        cells = list(dict.fromkeys(cells))
    if function == "count":
        return len(cells)
    if not cells:
        return None
    return {"sum": sum, "min": min, "max": max, "avg": lambda c: sum(c) / len(c)}[function](cells)


def holds(node, group, tables, outer):
    return truth(node, group, tables, outer) is True


def truth(node, group, tables, outer):
    """Return True, False or None, the unknown of SQL's three-valued logic."""
    kind = node[0]
    if kind in ("and", "or"):
        values = [truth(item, group, tables, outer) for item in node[1]]
        decisive = kind == "or"
        return decisive if decisive in values else None if None in values else not decisive
    if kind == "exists":
        return bool(evaluate(node[2], tables, {**outer, **group[0]})) != node[1]
    left = term_value(node[2], group, tables, outer)
    if kind == "null":
        return (left is None) != node[1]
    if kind == "in":
        values = [row[0] for row in evaluate(node[3], tables, {**outer, **group[0]})]
        if not values:
            return node[1]
        found = None if left is None else True if left in values else None if None in values else False
        return None if found is None else found != node[1]
    right = term_value(node[3], group, tables, outer)
    return None if left is None or right is None else OPS[node[1]](left, right)
