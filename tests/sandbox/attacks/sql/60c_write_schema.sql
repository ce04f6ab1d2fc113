-- tries: changes the schema as if it were a table
-- kind: modify
-- outcomes: syntax_error, runtime_error
UPDATE sqlite_master SET sql = 'CREATE TABLE t (a)' WHERE name = 't'
