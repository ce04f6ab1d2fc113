-- tries: answers with the present moment
-- outcomes: runtime_error, syntax_error
SELECT datetime('now')
