-- tries: loads an extension, which would open the network
-- outcomes: runtime_error, syntax_error
-- dialect: duckdb
INSTALL httpfs
