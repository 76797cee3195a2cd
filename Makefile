# Everything is set up in .venv, inside this folder; nothing else on the machine changes.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# What the other tools need must not decide what the product gets, so they have an environment of their own.
PEERS := build/peers
PIP := PIP_CONSTRAINT=constraints.txt PIP_DISABLE_PIP_VERSION_CHECK=1 $(BIN)/python -m pip --quiet

.PHONY: help demo peers browser test quick lint types check docs clean

help:
	@echo "make demo    build and validate a small demonstration bag in demo/"
	@echo "make test    run the whole test suite"
	@echo "make peers   install other tools, for BagIt and RO-Crate, that some tests ask for their opinion"
	@echo "make quick   run the tests that need no patience"
	@echo "make check   tests, lint and types: what the continuous integration runs"
	@echo "make docs    write the generated pages of docs/"
	@echo "make browser install what tests the report page for accessibility (npm)"
	@echo "make clean   remove .venv, build/ and demo/"

$(VENV)/product: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit("confocal-bag needs Python 3.11 or later" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --editable .
	@touch $@

$(VENV)/development: $(VENV)/product
	$(PIP) install --editable '.[dev]'
	@touch $@

demo: $(VENV)/product
	@rm -rf demo
	@$(BIN)/confocal-bag demo demo

$(PEERS)/installed: constraints-peers.txt
	$(PYTHON) -m venv $(PEERS)
	PIP_CONSTRAINT=constraints-peers.txt PIP_DISABLE_PIP_VERSION_CHECK=1 $(PEERS)/bin/python -m pip --quiet install bdbag roc-validator rocrate
	@touch $@

peers: $(PEERS)/installed

build/browser/installed:
	mkdir -p build/browser
	npm install --silent --no-audit --no-fund --prefix build/browser axe-core@4
	@touch $@

browser: build/browser/installed

test: $(VENV)/development
	$(BIN)/python -m pytest --numprocesses auto --dist loadgroup

quick: $(VENV)/development
	$(BIN)/python -m pytest -m "not slow" --numprocesses auto --dist loadgroup

lint: $(VENV)/development
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/development
	$(BIN)/mypy

check: peers test lint types

docs: $(VENV)/development
	$(BIN)/python -m docs.generate

clean:
	rm -rf $(VENV) build demo
