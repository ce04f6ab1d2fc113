-- tries: returns bytes that are no text as text
-- outcomes: runtime_error, syntax_error, malformed
SELECT CAST(x'ff00fe' AS TEXT)
