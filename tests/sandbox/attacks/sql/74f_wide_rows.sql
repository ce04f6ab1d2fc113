-- tries: returns rows of a hundred long cells without end
-- outcomes: output_limit, runtime_error
-- replace: {"CELLS": [["'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx', ", 99], ["1", 1]]}
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT CELLS FROM n
