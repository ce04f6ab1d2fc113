-- tries: writes a copy of the database to a file where changes are allowed
-- kind: modify
-- outcomes: syntax_error, runtime_error
VACUUM main INTO '@MARKER@'
