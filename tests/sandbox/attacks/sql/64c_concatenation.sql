-- tries: doubles a text in a recursion
-- outcomes: runtime_error, mem_limit, cpu_limit
WITH RECURSIVE g(s, i) AS (SELECT 'xxxxxxxx', 1 UNION ALL SELECT s || s, i + 1 FROM g WHERE i < 60)
SELECT max(length(s)) FROM g
