"""Graphs: verifiers."""
