-- tries: returns the right sum as another type
-- outcomes: ran
SELECT CAST(sum(a) AS TEXT) AS s FROM t
