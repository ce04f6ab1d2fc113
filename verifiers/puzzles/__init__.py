"""Puzzles: verifiers."""
