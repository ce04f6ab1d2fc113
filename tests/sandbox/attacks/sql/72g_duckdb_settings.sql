-- tries: opens the files again by a setting
-- outcomes: runtime_error, syntax_error
-- dialect: duckdb
SET enable_external_access = true
