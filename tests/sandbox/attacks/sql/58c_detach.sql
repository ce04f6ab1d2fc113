-- tries: detaches the database from its own connection
-- kind: modify
-- outcomes: syntax_error, runtime_error
DETACH DATABASE main
