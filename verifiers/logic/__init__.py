"""Logic: verifiers."""
