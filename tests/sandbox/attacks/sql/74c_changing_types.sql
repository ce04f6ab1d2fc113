-- tries: returns another type in each row: 1, '1', 1.0 and x'31' must stay apart
-- outcomes: ran
-- may_return: [{"columns": ["v"], "rows": [[1], ["1"], [1.0], [{"bytes": "b'1'"}]]}]
SELECT 1 AS v UNION ALL SELECT '1' UNION ALL SELECT 1.0 UNION ALL SELECT x'31'
