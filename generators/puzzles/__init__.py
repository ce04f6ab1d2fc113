"""Puzzles: generators."""
