-- tries: reads a variable of the Python program around it as a table
-- outcomes: runtime_error, syntax_error
-- dialect: duckdb
SELECT * FROM databases
