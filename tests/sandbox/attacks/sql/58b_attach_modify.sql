-- tries: attaches a new file where changes are allowed
-- kind: modify
-- outcomes: syntax_error, runtime_error
ATTACH DATABASE '@MARKER@' AS d
