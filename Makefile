# Everything runs in .venv, which is made at first use; nothing else of the machine is touched.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
# What two processes can share: it measures no time, and what it starts is its own.
SHARED := tests/test_every_task.py tests/verifiers tests/golden tests/envs tests/generators tests/test_readme.py \
	$(addprefix tests/trainers/,curricula data_out evaluation reporting) \
	$(patsubst %,tests/trainers/test_%.py,glossary kill learning mix_show mixture resume rewards trackers)

.DEFAULT_GOAL := help
.PHONY: help train test check format lint

help:  ## Show this list.
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

train: $(STAMP)  ## Train SmolLM2-135M on examples/smollm2.toml; goes on where it was stopped.
	$(BIN)/gradarium models fetch smollm2-135m
	$(BIN)/gradarium train examples/smollm2.toml --resume

test: $(STAMP)  ## Run all tests.
	OMP_NUM_THREADS=1 $(BIN)/pytest -n 2 --dist loadgroup $(SHARED)
	$(BIN)/pytest $(SHARED:%=--ignore=%)

check: $(STAMP)  ## Check every task against the property table (thorough: takes a while).
	$(BIN)/gradarium check --all

format: $(STAMP)  ## Format the code and mend what ruff can mend.
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lint: $(STAMP)  ## Formatting, lint, types and import contracts, without changing anything.
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

$(STAMP): pyproject.toml setup.py constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "gradarium needs Python 3.11 or newer: make PYTHON=/path/to/python3.11")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet -c constraints.txt -e ".[train,dev]"
	@touch $@
