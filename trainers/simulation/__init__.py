"""A learner without a model, on which curricula are compared in seconds; see ``benchmarks/curricula.py``."""
