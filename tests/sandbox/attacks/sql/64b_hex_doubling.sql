-- tries: doubles a text thirty times
-- outcomes: runtime_error, mem_limit, cpu_limit
-- replace: {"OPEN": [["hex(", 30]], "CLOSE": [[")", 30]]}
SELECT length(OPEN'x'CLOSE)
