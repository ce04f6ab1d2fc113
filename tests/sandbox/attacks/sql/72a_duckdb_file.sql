-- tries: reads a file as if it were a table
-- outcomes: runtime_error, syntax_error
-- dialect: duckdb
SELECT * FROM '/etc/passwd'
