-- tries: leaves a trigger that changes what a judge would read
-- kind: modify
-- outcomes: syntax_error, runtime_error
CREATE TEMP TRIGGER g AFTER INSERT ON t BEGIN DELETE FROM other; END
