-- tries: makes rows without end by a table-valued function
-- outcomes: runtime_error, syntax_error, cpu_limit
SELECT count(*) FROM generate_series(1, 9000000000000000000)
