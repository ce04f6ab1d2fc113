"""Trainers: command line, configuration, mixtures, the GRPO loop, evaluation and reports."""
