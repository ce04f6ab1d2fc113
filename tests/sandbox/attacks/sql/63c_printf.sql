-- tries: makes a text of nine hundred megabytes by the width of a format
-- outcomes: runtime_error, mem_limit, cpu_limit
SELECT length(printf('%.*c', 900000000, 'x'))
