-- tries: changes data in what looks like a query
-- outcomes: syntax_error, runtime_error
WITH s AS (SELECT 1) DELETE FROM t
