-- tries: walks a deep document by a table-valued function
-- outcomes: runtime_error, syntax_error, mem_limit, cpu_limit
-- replace: {"DEEP": [["[", 900], ["]", 900]]}
SELECT count(*) FROM json_tree('DEEP')
