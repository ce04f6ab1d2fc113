-- tries: drops the table instead of changing it
-- kind: modify
-- outcomes: syntax_error, runtime_error
DROP TABLE other
