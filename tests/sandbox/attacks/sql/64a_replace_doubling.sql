-- tries: makes a text ten times longer with each call
-- outcomes: runtime_error, mem_limit, cpu_limit
SELECT length(replace(replace(replace(replace(replace(replace(replace(replace(replace('xxxxxxxxxx',
'x', 'xxxxxxxxxx'), 'x', 'xxxxxxxxxx'), 'x', 'xxxxxxxxxx'), 'x', 'xxxxxxxxxx'), 'x', 'xxxxxxxxxx'),
'x', 'xxxxxxxxxx'), 'x', 'xxxxxxxxxx'), 'x', 'xxxxxxxxxx'), 'x', 'xxxxxxxxxx'))
