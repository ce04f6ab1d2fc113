-- tries: makes the schema writable
-- kind: modify
-- outcomes: syntax_error, runtime_error
PRAGMA writable_schema = 1
