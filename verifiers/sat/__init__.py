"""Satisfiability: verifiers."""
