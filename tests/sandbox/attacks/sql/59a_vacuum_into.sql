-- tries: writes a copy of the database to a file
-- outcomes: syntax_error, runtime_error
VACUUM INTO '@MARKER@'
