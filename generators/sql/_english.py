"""Queries in English: one sentence for each clause, so that a request has one meaning.

Example: ``Take the rows of pets where age is greater than 3. Return: name. Keep duplicate rows.``
"""

from gradarium.generators.sql._query import (
    Agg,
    Compare,
    Condition,
    Exists,
    InQuery,
    IsNull,
    Join,
    Junction,
    Query,
    Ref,
    Select,
    condition_sql,
    is_wide,
    term_sql,
    value_text,
    walk,
)

_OPS = {
    "=": "is",
    "<>": "is not",
    ">": "is greater than",
    ">=": "is at least",
    "<": "is less than",
    "<=": "is at most",
}
_AGGREGATES = {
    "count": "the number of rows in which {} is not NULL",
    "distinct": "the number of different values of {}, not counting NULL",
    "sum": "the sum of {}",
    "avg": "the average of {}",
    "min": "the smallest {}",
    "max": "the largest {}",
}
_COMPOUNDS = {
    "UNION": "Return every row that is in at least one of the two results, each different row once.",
    "UNION ALL": "Return all rows of the first result and all rows of the second, keeping duplicates.",
    "EXCEPT": "Return every row of the first result that is not in the second, each different row once.",
    "INTERSECT": "Return every row that is in both results, each different row once.",
}


def to_english(query: Query) -> str:
    """Return the request for a query."""
    if isinstance(query, Select):
        return " ".join([*_body(query), _order(query)])
    sentences = [f"First result: {' '.join(_body(query.left))}", f"Second result: {' '.join(_body(query.right))}"]
    last = [_COMPOUNDS[query.op]]
    if query.order:
        keys = ", then by ".join(f"column {position} {_direction(down)}" for position, down in query.order)
        last.append(f"Order by {keys}.{_limit(query.limit)}")
    else:
        last.append("The order of the rows does not matter.")
    return "\n".join([*sentences, " ".join(last)])


def to_short(query: Query) -> str:
    """Return the request in the fewest characters: ``name:age>3`` for plain SELECTs, English for others."""
    if not isinstance(query, Select) or any((query.joins, query.group, query.having, query.limit)):
        return to_english(query)
    if any(isinstance(node, (InQuery, Exists)) for node in walk(query.where)):
        return to_english(query)
    parts = [("distinct " if query.distinct else "") + ",".join(term_sql(term, False) for term in query.columns)]
    if query.where:
        text = condition_sql(query.where, False)
        for op in (" = ", " <> ", " > ", " >= ", " < ", " <= "):
            text = text.replace(op, op.strip())
        parts.append(text)
    if query.order:
        parts.append("by " + ",".join(f"{'-' * k.descending}{term_sql(k.term, False)}" for k in query.order))
    return ":".join(parts)


def has_aggregate(query: Query) -> bool:
    """Return whether a query computes an aggregate anywhere."""
    return any(isinstance(node, Agg) for node in walk(query))


def _body(query: Select) -> list[str]:
    wide = is_wide(query)
    sentences = [_join(query, i, join) for i, join in enumerate(query.joins)]
    if query.where:
        rows = "the resulting rows" if query.joins else f"the rows of {query.table}"
        sentences.append(f"Take {rows} where {_condition(query.where, wide)}.")
    elif not query.joins:
        sentences.append(f"Take all rows of {query.table}.")
    columns = ", ".join(_term(term, wide) for term in query.columns)
    if query.group:
        keys = ", ".join(_term(ref, wide) for ref in query.group)
        sentences.append(f"Group them by {keys}, where NULL counts as a value like any other.")
        if query.having:
            sentences.append(f"Keep only groups where {_condition(query.having, wide)}.")
        sentences.append(f"Return for each group: {columns}.")
    elif any(isinstance(term, Agg) for term in query.columns):
        sentences.append(f"Return one row about all of them: {columns}.")
    else:
        sentences.append(f"Return: {columns}.")
        sentences.append("Give each different result row only once." if query.distinct else "Keep duplicate rows.")
    return sentences


def _join(query: Select, index: int, join: Join) -> str:
    rows = f"each row of {query.table}" if index == 0 else "each of these"
    rest = (
        f"where there is none, keep the row once, with NULL in the columns of {join.table}"
        if join.outer
        else "where there is none, leave the row out"
    )
    return (
        f"Combine {rows} with every row of {join.table} whose {join.right.column} equals "
        f"{join.left.table}.{join.left.column}; {rest}."
    )


def _order(query: Select) -> str:
    if not query.order:
        return "The order of the rows does not matter." if query.group or not has_total(query) else ""
    wide = is_wide(query)
    keys = ", then by ".join(f"{_term(key.term, wide)} {_direction(key.descending)}" for key in query.order)
    return f"Order by {keys}.{_limit(query.limit)}"


def has_total(query: Select) -> bool:
    """Return whether the query gives exactly one row, the aggregates of all rows."""
    return not query.group and any(isinstance(term, Agg) for term in query.columns)


def _limit(limit: int) -> str:
    if not limit:
        return ""
    return f" Return only the first {limit} rows in this order." if limit > 1 else " Return only the first row."


def _direction(descending: bool) -> str:
    return "(descending)" if descending else "(ascending)"


def _term(term: Ref | Agg, wide: bool) -> str:
    if isinstance(term, Ref):
        return term_sql(term, wide)
    if term.ref is None:
        return "the number of rows"
    return _AGGREGATES[term.function].format(term_sql(term.ref, wide))


def _condition(node: Condition, wide: bool) -> str:
    if isinstance(node, Compare):
        right = _scalar(node.right) if isinstance(node.right, Select) else value_text(node.right)
        return f"{_term(node.left, wide)} {_OPS[node.op]} {right}"
    if isinstance(node, IsNull):
        return f"{_term(node.ref, wide)} is {'not ' if node.negated else ''}NULL"
    if isinstance(node, InQuery):
        values = f"{_term(node.query.columns[0], False)} in {_rows(node.query)}"
        return f"({_term(node.ref, wide)} is {'not ' if node.negated else ''}equal to {values})"
    if isinstance(node, Exists):
        more = f" and {_condition(node.where, True)}" if node.where else ""
        link = f"with {term_sql(node.inner, True)} equal to {term_sql(node.outer, True)}{more}"
        return f"there is {'no row' if node.negated else 'at least one row'} of {node.inner.table} {link}"
    return f" {node.op} ".join(
        f"({_condition(item, wide)})" if isinstance(item, (Junction, Exists)) else _condition(item, wide)
        for item in node.items
    )


def _scalar(query: Select) -> str:
    rows = f"the rows of {query.table} where {_condition(query.where, False)}" if query.where else ""
    return f"({_term(query.columns[0], False)} over {rows or f'all rows of {query.table}'})"


def _rows(query: Select) -> str:
    return f"at least one row of {query.table}" + (f" where {_condition(query.where, False)}" if query.where else "")
