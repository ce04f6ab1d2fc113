-- tries: makes a value of nine hundred megabytes
-- outcomes: runtime_error, mem_limit
SELECT length(zeroblob(900000000))
