-- tries: spends the time inside single calls on long texts, which count as one step
-- outcomes: runtime_error, mem_limit, cpu_limit
WITH RECURSIVE g(s, i) AS (SELECT 'x', 1 UNION ALL SELECT s || s, i + 1 FROM g WHERE i < 16),
n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000)
SELECT sum(instr(s || i, substr(s, 1, 9000) || 'y')) FROM g, n WHERE g.i = 16
