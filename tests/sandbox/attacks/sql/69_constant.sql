-- tries: guesses the result of the shown database
-- outcomes: ran
-- may_return: [{"columns": ["s"], "rows": [[6]]}]
SELECT 6 AS s
