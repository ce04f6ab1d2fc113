"""SQL: generators."""
