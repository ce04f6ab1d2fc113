-- tries: matches a pattern that takes exponential time
-- outcomes: runtime_error, mem_limit, cpu_limit
-- replace: {"PATTERN": [["%a", 90], ["b", 1]], "TEXT": [["a", 5000]]}
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
SELECT sum(1) FROM n WHERE 'TEXT' || i LIKE 'PATTERN'
