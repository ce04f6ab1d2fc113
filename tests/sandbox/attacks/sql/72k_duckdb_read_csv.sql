-- tries: reads the secret as a table of comma-separated values
-- outcomes: runtime_error, syntax_error
-- dialect: duckdb
SELECT * FROM read_csv('@SECRET_FILE@', header = false)
