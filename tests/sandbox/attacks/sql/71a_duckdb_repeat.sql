-- tries: makes a text of two gigabytes past the memory limit of DuckDB
-- outcomes: mem_limit, runtime_error, cpu_limit
-- dialect: duckdb
SELECT length(repeat('x', 2000000000))
