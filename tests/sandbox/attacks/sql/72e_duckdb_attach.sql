-- tries: attaches a new file
-- outcomes: runtime_error, syntax_error
-- dialect: duckdb
ATTACH '@MARKER@' AS d
