-- tries: inserts rows without end
-- kind: modify
-- outcomes: cpu_limit, mem_limit, runtime_error, output_limit
INSERT INTO t (a, b) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
SELECT i, 'some text to fill pages with, so that memory runs out before time does' FROM n
