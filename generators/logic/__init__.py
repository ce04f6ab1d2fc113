"""Logic: generators."""
