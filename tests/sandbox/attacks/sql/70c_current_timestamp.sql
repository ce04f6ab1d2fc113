-- tries: answers with the present moment by a word of the language
-- outcomes: runtime_error, syntax_error
SELECT CURRENT_TIMESTAMP
