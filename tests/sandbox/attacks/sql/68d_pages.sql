-- tries: reads the pages of the database
-- outcomes: runtime_error, syntax_error
SELECT 'BREACH: ' || name FROM dbstat
