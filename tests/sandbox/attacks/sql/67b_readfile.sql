-- tries: reads a file into a cell
-- outcomes: runtime_error, syntax_error
SELECT readfile('@SECRET_FILE@')
