-- tries: fills the memory with distinct rows
-- outcomes: runtime_error, mem_limit, cpu_limit
WITH RECURSIVE n(i, s) AS (SELECT 1, '' UNION ALL SELECT i + 1, substr(s || 'xxxxxxxxxxxx', 1, 2000) FROM n)
SELECT count(*) FROM (SELECT DISTINCT i, s FROM n)
