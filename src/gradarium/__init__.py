"""gradarium: graded, rule-verified tasks for reinforcement learning of language models."""

__version__ = "0.1.0"
