-- tries: returns two columns of one name, so that one hides the other
-- outcomes: ran
-- may_return: [{"columns": ["s", "s"], "rows": [[6, 30]]}]
SELECT 6 AS s, 30 AS s
