"""Stored completions judged again with today's verifiers."""

from gradarium.trainers.reverify.judge import Change, Report, reverify

__all__ = ["Change", "Report", "reverify"]
