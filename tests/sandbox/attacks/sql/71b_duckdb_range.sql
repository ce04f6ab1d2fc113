-- tries: sums rows without end
-- outcomes: mem_limit, runtime_error, cpu_limit
-- dialect: duckdb
SELECT sum(p.range * q.range) FROM range(10000000) AS p, range(10000000) AS q
