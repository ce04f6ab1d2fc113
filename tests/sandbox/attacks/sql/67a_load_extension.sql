-- tries: loads a shared library
-- outcomes: runtime_error, syntax_error
SELECT load_extension('@SECRET_FILE@')
