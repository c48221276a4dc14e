# Needs python3 (3.11 or newer) with pip and venv, and make; everything else goes into .venv.
#   make run       explore and check the built-in models
#   make test      lint, types, layers and tests, as CI does
#   make docs      the manual, as web pages in docs/_build
#   make audit     does every wrong version of a rule break the property named for it?
#   make contracts what CrossHair confirms of the functions that decide, against what was recorded
#   make browser-tools   what some tests of drawings need beside node and Chromium, which you install
#   make nightly   the audit, the contracts, and the tests with far more random examples than
#                  `make test`
#   make mutants   does a test fail, whatever small thing is changed in spec? Taken up again where it
#                  was interrupted; at most MINUTES (90), CHILDREN (2) at a time; PART=properties
#                  changes the properties instead
# Another Python: make PYTHON=python3.13 run
PYTHON ?= python3
PROFILE ?= ci
PART ?= spec
MINUTES ?= 90
CHILDREN ?= 2
BIN := .venv/bin

# What a caller's environment says about modules is not meant for .venv.
unexport PYTHONPATH PYTHONHOME

.NOTPARALLEL:
.PHONY: browser-tools run test lint types layers tests docs audit contracts nightly mutants format clean

run: .venv/.run
	$(BIN)/treadle check

test: lint types layers tests

lint: .venv/.dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: .venv/.dev
	$(BIN)/mypy
	$(BIN)/pyright

layers: .venv/.dev
	$(BIN)/lint-imports

tests: .venv/.dev
	$(BIN)/pytest -n 2 --dist worksteal --hypothesis-profile=$(PROFILE) \
		--cov --cov-report=term --cov-fail-under=98

# Every warning is an error. All pages are written anew: the contents beside each name the others.
docs: .venv/.dev
	$(BIN)/python -m sphinx -E -a -n -W --keep-going -q docs docs/_build/html
	@echo "docs/_build/html/index.html"

audit: .venv/.run
	$(BIN)/treadle audit

# One at a time, each in a process that is ended when it takes too long: that fails, too.
contracts: .venv/.dev
	nice -n 15 $(BIN)/python -m tests.contracts --seconds 180 --total 3600

# Twenty times the examples may take a test twenty times as long.
nightly: audit contracts .venv/.dev
	$(BIN)/pytest -n 2 --dist worksteal --hypothesis-profile=nightly --timeout 7200

# Tests that need it are skipped where it is missing, with a word on it.
browser-tools:
	npm install --prefix tests/tools --no-audit --no-fund --silent

mutants: .venv/.dev
	nice -n 15 $(BIN)/python -m tests.mutation.run --part $(PART) --minutes $(MINUTES) \
		--children $(CHILDREN)

format: .venv/.dev
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .coverage .coverage.* \
		docs/_build mutants mutants-of-properties

# A stamp is written only when its step has succeeded, so an interrupted set-up is taken up again.
.venv/.run: pyproject.toml
	@$(PYTHON) -c 'import sys; v = sys.version.split()[0]; \
		sys.exit(None if sys.version_info >= (3, 11) else f"Treadle needs Python 3.11 or newer, and $(PYTHON) is {v}: try make PYTHON=python3.13")'
	@echo "Setting up .venv (once) ..."
	@$(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

# Dependency groups need pip 25.1, and a new environment may start with an older one.
.venv/.dev: .venv/.run
	@echo "Setting up the tools for development (once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check 'pip>=25.1'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --group dev
	@touch $@
