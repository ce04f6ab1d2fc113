-- tries: starts an editor
-- outcomes: runtime_error, syntax_error
SELECT edit('x', 'touch @MARKER@')
