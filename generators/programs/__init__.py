"""Programs: generators."""
