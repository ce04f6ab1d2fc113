-- tries: asks where the database lies
-- outcomes: runtime_error, syntax_error
SELECT 'BREACH: ' || file FROM pragma_database_list
