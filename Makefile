# `make` lists the commands. Each does its own set-up, in a virtual environment inside this folder.

PYTHON ?= python3
VENV ?= .venv
ARGS ?=

BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
PIP := $(BIN)/python -m pip -qq --disable-pip-version-check

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup demo test lint format bench bench-gateway soak soak-mixed fuzz fuzz-edge attack-edge mutants serve docs clean clean-venv

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

setup: $(STAMP) ## install everything into the virtual environment

# The build backend is pinned like everything else, so the build is not isolated from it.
$(STAMP): pyproject.toml constraints.txt
	@command -v "$(PYTHON)" >/dev/null || { \
	  echo "make: there is no '$(PYTHON)': install Python 3.11 or newer, or name one: make PYTHON=/path/to/python" >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "make: Python 3.11 or newer is needed, and '$(PYTHON)' is $$("$(PYTHON)" -V 2>&1);" \
	    "name another one: make PYTHON=python3.12" >&2; exit 1; }
	@echo "setting up $(VENV) (once; this downloads packages)"
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || "$(PYTHON)" -m venv --clear "$(VENV)"
	@$(PIP) install --constraint constraints.txt setuptools
	@$(PIP) install --constraint constraints.txt --no-build-isolation --editable '.[dev]'
	@# An editable install compiles nothing, and some environments forbid compiling on import.
	@$(BIN)/python -m compileall -q src
	@touch $@

demo: $(STAMP) ## try every provider without keys, against built-in stand-ins
	@$(BIN)/python -m dragoman demo

# One process for each processor; ARGS='-n 0' runs them in one.
test: $(STAMP) ## run the tests; ARGS='-k stream' selects some
	@$(BIN)/python -m pytest -n auto --dist worksteal $(ARGS)

lint: $(STAMP) ## check style, types and the direction of imports
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: $(STAMP) ## format the code
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

bench: $(STAMP) ## measure the translation core: a table, and JSON in benchmarks/results
	@$(BIN)/python -m benchmarks.core $(ARGS)

bench-gateway: $(STAMP) ## measure a running gateway beside its HTTP edge alone; ARGS=--markdown
	@$(BIN)/python -m benchmarks.gateway $(ARGS)

soak: $(STAMP) ## hold 1,000 slow streams for five minutes; ARGS='--streams 100 --seconds 10' for less
	@$(BIN)/python -m benchmarks.soak $(ARGS)

soak-mixed: $(STAMP) ## 200 mixed clients against failing providers for ten minutes; ARGS='--clients 30 --seconds 15 --seed 7'
	@$(BIN)/python -m benchmarks.mixed_soak $(ARGS)

fuzz: $(STAMP) ## fuzz the translation core for ten minutes; ARGS='--seconds 60 --reader stream.gemini --jobs 2'
	@$(BIN)/python -m tests.fuzz --seconds 600 $(ARGS)

fuzz-edge: $(STAMP) ## fuzz the HTTP readers; ARGS='--seconds 60'
	@$(BIN)/python -m tests.edge.fuzz $(ARGS)

attack-edge: $(STAMP) ## attack a running gateway while good clients stream; ARGS='--clients 100 --seconds 60'
	@$(BIN)/python -m tests.edge.attacks $(ARGS)

mutants: $(STAMP) ## change the core in small ways and count what its tests notice; ARGS='--sample 100 --seed 7'
	@$(BIN)/python -m tests.mutants $(ARGS)

serve: $(STAMP) ## run the gateway; ARGS='--port 9000' passes options on
	@$(BIN)/python -m dragoman serve $(ARGS)

docs: $(STAMP) ## write the generated pages of docs/ anew
	@$(BIN)/python docs/build.py

clean: ## remove what the tools leave behind
	@rm -rf build dist .coverage* .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache benchmarks/results
	@find src tests benchmarks docs -name __pycache__ -type d -prune -exec rm -rf {} +

clean-venv: ## remove the virtual environment
	@rm -rf "$(VENV)"
