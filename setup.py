"""Packages: the home package plus everything under the five top-level folders (paths: pyproject.toml)."""

from setuptools import find_packages, setup

FOLDERS = ("envs", "generators", "sandbox", "trainers", "verifiers")
found = find_packages(include=[*FOLDERS, *(f"{folder}.*" for folder in FOLDERS)])

setup(packages=["gradarium", *(f"gradarium.{package}" for package in found)])
