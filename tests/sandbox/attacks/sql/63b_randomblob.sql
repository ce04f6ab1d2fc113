-- tries: makes a random value of nine hundred megabytes
-- outcomes: runtime_error, mem_limit
SELECT length(randomblob(900000000))
