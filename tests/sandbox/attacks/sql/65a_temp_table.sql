-- tries: makes a temporary table in front of the one that is asked for
-- outcomes: syntax_error, runtime_error
CREATE TEMP TABLE t AS SELECT 6 AS a
