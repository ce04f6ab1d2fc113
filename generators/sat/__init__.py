"""Satisfiability: generators."""
