-- tries: copies the list of tables into a table it may read
-- kind: modify
-- outcomes: runtime_error, syntax_error
INSERT INTO t (b) SELECT 'BREACH: ' || name FROM sqlite_schema
