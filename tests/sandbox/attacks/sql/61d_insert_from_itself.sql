-- tries: inserts what it reads from the same table, over and over
-- kind: modify
-- outcomes: cpu_limit, mem_limit, runtime_error, output_limit
INSERT INTO t (a) SELECT p.a FROM t AS p, t AS q, t AS r, t AS s, t AS u, t AS v, t AS w, t AS x, t AS y, t AS z,
t AS aa, t AS bb, t AS cc, t AS dd, t AS ee, t AS ff, t AS gg, t AS hh
