-- tries: lists all tables
-- outcomes: runtime_error, syntax_error
SELECT 'BREACH: ' || name || coalesce(sql, '') FROM sqlite_master
