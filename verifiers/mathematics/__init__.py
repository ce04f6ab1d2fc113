"""Mathematics: verifiers."""
