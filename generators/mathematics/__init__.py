"""Mathematics: generators."""
