-- tries: joins eighteen tables without a condition
-- outcomes: cpu_limit
WITH n(i) AS (SELECT a FROM t UNION ALL SELECT a + 1 FROM t UNION ALL SELECT a + 2 FROM t)
SELECT sum(a.i + b.i + c.i + d.i + e.i + f.i + g.i + h.i + i.i + j.i + k.i + l.i + m.i + o.i + p.i + q.i + r.i + s.i) FROM n AS a, n AS b, n AS c, n AS d, n AS e, n AS f, n AS g, n AS h, n AS i, n AS j, n AS k, n AS l,
n AS m, n AS o, n AS p, n AS q, n AS r, n AS s
