-- tries: answers with what the connection did before
-- outcomes: runtime_error, syntax_error
SELECT total_changes() + last_insert_rowid()
