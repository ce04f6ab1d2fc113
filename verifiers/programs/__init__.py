"""Programs: verifiers."""
