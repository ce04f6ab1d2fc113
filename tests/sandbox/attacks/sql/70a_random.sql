-- tries: answers by chance
-- outcomes: runtime_error, syntax_error
SELECT abs(random()) % 100
