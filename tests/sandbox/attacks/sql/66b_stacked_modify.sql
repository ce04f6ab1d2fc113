-- tries: appends a statement that makes a file
-- kind: modify
-- outcomes: syntax_error, runtime_error
UPDATE t SET a = 0; ATTACH DATABASE '@MARKER@' AS d
