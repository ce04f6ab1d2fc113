-- tries: writes a table to a file
-- outcomes: runtime_error, syntax_error
-- dialect: duckdb
COPY t TO '@MARKER@'
