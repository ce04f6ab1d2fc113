-- tries: asks for the machine's program instead of an answer
-- outcomes: syntax_error, runtime_error
EXPLAIN SELECT sum(a) FROM t
