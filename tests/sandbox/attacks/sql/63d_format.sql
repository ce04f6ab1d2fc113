-- tries: the same by the other name of the function
-- outcomes: runtime_error, mem_limit, cpu_limit
SELECT length(format('%900000000d', 1))
