-- tries: appends a second statement
-- outcomes: syntax_error, runtime_error
SELECT 6 AS s; DROP TABLE t
