# Everything a person does here, one target each. Needs Python 3.11 or newer, make, and a package index that pip reaches.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
READY  := $(VENV)/.ready
DEMO   := demo/demo.duckdb

.DEFAULT_GOAL := help
.PHONY: help venv demo serve test lint format bench lock clean

help: ## Show what there is to make
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

venv: $(READY) ## Create .venv with every package at its locked version

$(READY): requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed; '$(PYTHON)' is not. Try: make PYTHON=python3.12 venv" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null \
	  || { echo "This Python cannot create a virtual environment with pip. On Debian or Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements-dev.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

demo: $(READY) ## Load the case that ships with the package, ask it questions, draw a chart
	$(BIN)/graph-service demo

serve: $(READY) ## Serve the demo on this machine only; made first when it is not there
	@test -f $(DEMO) || $(MAKE) --no-print-directory demo
	GRAPH_STORE=embedded GRAPH_PATH=$(DEMO) $(BIN)/graph-service serve

test: $(READY) ## Run every test, then hold branch coverage to its floor
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

lint: $(READY) ## Check style, format and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(READY) ## Format the code and mend what can be mended by itself
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(READY) ## Measure, against the peers, and write benchmarks/RESULTS.md
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint requirements-dev.lock --no-build-isolation --editable '.[bench]'
	$(BIN)/python -m benchmarks

# The locks are made on the oldest Python that is supported; markers in the packages themselves do the rest on newer ones.
# The first holds what the service needs, the second adds what developers need, at the same versions.
lock: ## Pin the whole dependency tree anew
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' \
	  || { echo "Locks are made with Python 3.11: make PYTHON=python3.11 lock" >&2; exit 1; }
	rm -rf build/lock && $(PYTHON) -m venv build/lock
	build/lock/bin/python -m pip install --quiet --upgrade .
	{ echo "# Made by 'make lock': what graph-service needs."; build/lock/bin/python -m pip freeze --exclude graph-service; } > requirements.lock
	build/lock/bin/python -m pip install --quiet --upgrade --constraint requirements.lock '.[dev]'
	{ echo "# Made by 'make lock': requirements.lock and the tools of a developer."; \
	  build/lock/bin/python -m pip freeze --all --exclude pip --exclude graph-service; } > requirements-dev.lock
	rm -rf build/lock

clean: ## Remove what was made, except graphs of your own
	rm -rf $(VENV) build demo htmlcov *.egg-info .coverage .coverage.* .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
