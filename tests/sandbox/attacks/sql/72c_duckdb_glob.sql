-- tries: lists the files of the root folder
-- outcomes: runtime_error, syntax_error
-- dialect: duckdb
SELECT file FROM glob('/*')
