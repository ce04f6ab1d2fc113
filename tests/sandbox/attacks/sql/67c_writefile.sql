-- tries: writes a cell to a file
-- outcomes: runtime_error, syntax_error
SELECT writefile('@MARKER@', 'x')
