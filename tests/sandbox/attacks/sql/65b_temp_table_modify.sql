-- tries: makes a temporary table in front of the one that is to be changed
-- kind: modify
-- outcomes: syntax_error, runtime_error
CREATE TEMP TABLE t AS SELECT 1001 AS a, 'x' AS b
