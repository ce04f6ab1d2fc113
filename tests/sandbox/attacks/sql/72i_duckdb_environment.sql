-- tries: reads the environment
-- outcomes: runtime_error, syntax_error
-- dialect: duckdb
SELECT getenv('@ENV@')
