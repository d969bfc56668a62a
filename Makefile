# Everything starts here; each target first sets up what it needs. `make` alone lists them.
SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
TOOLS := $(VENV)/.tools
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input
# Which pythons are tried, in this order; the first of at least 3.11 is used. PYTHON=… names one.
PYTHONS := $(or $(PYTHON),python3 python3.11 python3.12 python3.13 python3.14 python)
# Extra arguments to pytest, such as ARGS="tests/core -k quorum".
ARGS ?=
# Four workers, even on two processors: most tests wait for a tool more than they compute. Each starts its own PostgreSQL.
WORKERS ?= -n 4 --dist worksteal

.DEFAULT_GOAL := help
.PHONY: help setup tools demo test check bench faults format lock

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /\1 - /p' Makefile

setup: $(READY) ## create .venv from requirements.lock; does nothing when nothing changed
	@:

tools: $(TOOLS) ## add what tests and checks need to .venv; does nothing when nothing changed
	@:

$(READY): pyproject.toml requirements.lock
	@if ! $(BIN)/python -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
		python=; \
		for each in $(PYTHONS); do \
			if $$each -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python=$$each; break; fi; \
		done; \
		test -n "$$python" || { echo "Folkmoot needs Python 3.11 or newer; none of these is: $(PYTHONS)." >&2; exit 1; }; \
		"$$python" -c 'import ensurepip, venv' 2>/dev/null || \
			{ echo "$$python cannot make virtual environments; on Debian: apt-get install python3-venv." >&2; exit 1; }; \
		"$$python" -m venv --clear $(VENV); \
	fi
	@echo "Setting up $(VENV) (the first time takes a minute or two) ..."
	@$(PIP) --require-hashes -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation --no-index --editable .
	@touch $(READY)

$(TOOLS): $(READY) requirements-dev.lock
	@echo "Adding what tests and checks need ..."
	@$(PIP) --require-hashes -r requirements-dev.lock
	@touch $(TOOLS)

demo: setup ## the whole product on this machine: http://127.0.0.1:8000/
	@$(BIN)/folkmoot demo

test: tools ## every test but the long ones of `make faults`; ARGS goes to pytest
	@$(BIN)/python -m pytest $(WORKERS) -m "not faults" $(ARGS)

check: tools ## style, types, who imports whom, shape, migration drift, containers
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m pytest -q tests/house
	@if [ -f bot/reference.py ]; then $(BIN)/python -m bot.reference --check; fi

format: tools ## put the code into shape
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

bench: tools ## measure ourselves against the reference servers
	@if [ -f tests/bench/__main__.py ]; then $(BIN)/python -m tests.bench; \
		else echo "There is no benchmark in this version yet." >&2; exit 1; fi

faults: tools ## only the tests that kill, hang or restart something
	@$(BIN)/python -m pytest -m faults $(ARGS)

# Written anew from pyproject.toml; what still fits stays as it is, unless UPGRADE=1. For all platforms at once.
lock: ## write the lock files anew (needs the network; UPGRADE=1 takes the newest of everything)
	@tmp=$$(mktemp -d) && trap 'rm -rf "$$tmp"' EXIT && \
	for each in $(PYTHONS); do "$$each" -m venv "$$tmp" 2>/dev/null && break; done && \
	"$$tmp/bin/python" -m pip install --quiet --disable-pip-version-check uv && \
	compile() { "$$tmp/bin/uv" --no-config --quiet pip compile --universal --python-version 3.11 \
		--generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" \
		$(if $(UPGRADE),--upgrade) "$$@"; } && \
	compile pyproject.toml --group build -o requirements.lock > /dev/null && \
	compile --group pyproject.toml:dev -c requirements.lock -o requirements-dev.lock > /dev/null && \
	echo "requirements.lock and requirements-dev.lock are written; now: make setup check test"
