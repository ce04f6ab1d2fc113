"""SQL: verifiers."""
