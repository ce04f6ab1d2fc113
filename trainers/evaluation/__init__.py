"""Evaluation: suites of held-out instances, local models and endpoints, folders that can be resumed, statistics."""
