"""Engines turn prompts into completions with token ids and log-probabilities."""

from gradarium.trainers.engines.hf import HFEngine

__all__ = ["HFEngine"]
