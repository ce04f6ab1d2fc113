"""Leakage: rows of one file that are in another, by canonical key and by overlap of n-grams."""

from gradarium.trainers.leakage.compare import compare
from gradarium.trainers.leakage.report import Pair, Report

__all__ = ["Pair", "Report", "compare"]
