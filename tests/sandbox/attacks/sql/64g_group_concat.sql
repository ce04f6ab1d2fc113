-- tries: joins rows without end into one text
-- outcomes: runtime_error, mem_limit, cpu_limit
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT length(group_concat(i, 'xxxxxxxxxx')) FROM n
