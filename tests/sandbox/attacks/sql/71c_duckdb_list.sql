-- tries: makes a list that fills the memory
-- outcomes: mem_limit, runtime_error, cpu_limit
-- dialect: duckdb
SELECT length(list(range)) FROM range(10000000000)
