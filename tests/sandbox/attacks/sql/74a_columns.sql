-- tries: returns one column more than allowed
-- outcomes: runtime_error, syntax_error, output_limit
-- replace: {"MANY": [["1, ", 100], ["1", 1]]}
SELECT MANY
