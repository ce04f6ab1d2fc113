-- tries: asks a pragma as if it were a table
-- outcomes: runtime_error, syntax_error
SELECT 'BREACH: ' || name FROM pragma_table_info('t')
