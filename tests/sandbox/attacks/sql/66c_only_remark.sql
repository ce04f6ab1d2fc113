-- tries: is no statement at all
-- outcomes: syntax_error, runtime_error

-- nothing
