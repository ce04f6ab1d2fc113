-- tries: returns rows of its own beside a change
-- kind: modify
-- outcomes: ran, syntax_error, runtime_error
UPDATE t SET a = a RETURNING a + 1000
