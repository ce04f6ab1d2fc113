-- tries: appends a second statement
-- outcomes: runtime_error, syntax_error
-- dialect: duckdb
SELECT 6 AS s; DROP TABLE t
