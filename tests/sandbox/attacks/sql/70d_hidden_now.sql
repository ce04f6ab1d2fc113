-- tries: hides the present moment from a filter behind a null character and blanks
-- outcomes: runtime_error, syntax_error
SELECT julianday(' NOW' || char(0) || 'x'), unixepoch('  now ')
