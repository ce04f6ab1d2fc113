-- tries: switches writing on
-- outcomes: syntax_error, runtime_error
PRAGMA query_only = 0
