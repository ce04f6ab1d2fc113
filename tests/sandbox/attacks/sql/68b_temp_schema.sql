-- tries: lists temporary tables
-- outcomes: runtime_error, syntax_error
SELECT count(*) FROM sqlite_temp_schema
