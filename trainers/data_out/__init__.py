"""Instances written to files: JSON lines, Parquet and folders for ``datasets``, in shards, by several processes."""

from gradarium.trainers.data_out.columns import COLUMNS
from gradarium.trainers.data_out.request import Request
from gradarium.trainers.data_out.write import print_lines, write

__all__ = ["COLUMNS", "Request", "print_lines", "write"]
