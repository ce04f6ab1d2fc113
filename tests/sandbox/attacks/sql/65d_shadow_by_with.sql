-- tries: puts rows of its own in the place of the table
-- outcomes: ran
-- may_return: [{"columns": ["s"], "rows": [[6]]}]
WITH t(a) AS (SELECT 6) SELECT sum(a) AS s FROM t
