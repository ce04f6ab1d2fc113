"""Graphs: generators."""
