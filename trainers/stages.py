"""The stages of a run, in their order."""

STAGES = ("warm_start", "rejection", "grpo", "done")
