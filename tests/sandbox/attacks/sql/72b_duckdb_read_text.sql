-- tries: reads the secret
-- outcomes: runtime_error, syntax_error
-- dialect: duckdb
SELECT content FROM read_text('@SECRET_FILE@')
