-- tries: reads a deep document by a table-valued function
-- outcomes: runtime_error, syntax_error, mem_limit, cpu_limit
-- replace: {"DEEP": [["[", 40000], ["]", 40000]]}
SELECT count(*) FROM json_each('DEEP')
