-- tries: overflows the parser by brackets and by terms
-- outcomes: runtime_error, syntax_error
-- replace: {"OPEN": [["(", 2000]], "CLOSE": [[")", 2000]]}
SELECT OPEN1CLOSE
