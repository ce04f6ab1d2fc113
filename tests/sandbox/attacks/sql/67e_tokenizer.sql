-- tries: learns an address in memory
-- outcomes: runtime_error, syntax_error
SELECT hex(fts3_tokenizer('simple'))
