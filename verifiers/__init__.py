"""Rule-based verifiers: ``verify(answer, payload) -> Verdict``, importable on their own.

``from gradarium.verifiers.puzzles.sudoku import verify`` or ``grade(completion, "sudoku", payload)``; no generator,
numpy, sympy, gymnasium or torch is imported.
"""

from gradarium.core import Status, Verdict, Verify
from gradarium.verifiers.answers import FORMATS, get_format
from gradarium.verifiers.grading import Verifier, grade, grade_many, load_verifier

__all__ = ["FORMATS", "Status", "Verdict", "Verifier", "Verify", "get_format", "grade", "grade_many", "load_verifier"]
