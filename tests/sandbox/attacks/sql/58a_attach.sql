-- tries: attaches a new file
-- outcomes: syntax_error, runtime_error
ATTACH DATABASE '@MARKER@' AS d
