# One word for each job. Every target works from a bare clone with python3, python3-venv and make;
# the first call makes `.venv` and installs into it, later calls start at once.

PYTHON ?= python3
ARGS ?=
HOME_DIR ?=
HYPOTHESIS_PROFILE ?= $(if $(CI),ci,dev)
export HYPOTHESIS_PROFILE

VENV := .venv
BIN := $(VENV)/bin
# A virtual environment holds its own path and its Python's: made for another, it is made again.
MADE := $(VENV)/made-$(shell { pwd; $(PYTHON) -V; } 2>&1 | cksum | cut -d' ' -f1)
RUNTIME := $(VENV)/installed-runtime
DEV := $(VENV)/installed-dev
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input --quiet
PYTEST := $(BIN)/python -m pytest

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help install demo run test check long soak crash fuzz cover pins clean

help:
	@echo "make demo     four nodes on this machine exchange reports, to the final figures (ARGS=... adds options)"
	@echo "make install  only make .venv with the node in it"
	@echo "make run      start the node whose home is HOME_DIR=... in the foreground"
	@echo "make check    format, lint, types, floors, house rules, fast tests"
	@echo "make test     all tests that finish within ten minutes"
	@echo "make long     the tests that take minutes: crash loop, long fuzz"
	@echo "make crash    the crash loop only"
	@echo "make fuzz     hostile bytes only, 20,000 examples a test"
	@echo "make soak     the demo with seeds 1..20 and 200 reports each"
	@echo "make cover    which branches the tests miss"
	@echo "make pins     write requirements*.txt anew from pyproject.toml"
	@echo "make clean    remove .venv and all caches"

$(MADE):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python 3.11 or newer is needed; say which with PYTHON=..."; exit 1; }
	@$(PYTHON) -m venv --clear $(VENV) || \
	  { rm -rf $(VENV); echo "No virtual environment: install the package python3-venv."; exit 1; }
	@touch $@

# --no-deps: the list is complete (a house test proves it), so nothing unpinned can slip in.
$(RUNTIME): $(MADE) requirements.txt pyproject.toml
	@echo "Installing the node's libraries into $(VENV), about half a minute, only this once ..."
	@$(PIP) install --require-hashes --no-deps -r requirements.txt
	@$(PIP) install --no-build-isolation --no-deps -e .
	@touch $@

$(DEV): $(RUNTIME) requirements-dev.txt
	@echo "Installing the test tools into $(VENV), only this once ..."
	@$(PIP) install --require-hashes --no-deps -r requirements-dev.txt
	@touch $@

install: $(RUNTIME)
	@echo "Ready: $(BIN)/inhope-node --help"

demo: $(RUNTIME)
	@$(BIN)/inhope-node demo --until-done $(ARGS)

run: $(RUNTIME)
	@test -n "$(HOME_DIR)" || { echo "Say which node: make run HOME_DIR=path/to/its/home"; \
	  echo "(a new one: $(BIN)/inhope-node --home path/to/its/home init --help)"; exit 2; }
	@$(BIN)/inhope-node --home "$(HOME_DIR)" run $(ARGS)

check: $(DEV)
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(PYTEST) -m "not slow and not long" $(ARGS)

test: $(DEV)
	$(PYTEST) -m "not long" $(ARGS)

long: fuzz
	$(PYTEST) -m long $(ARGS)

crash: $(DEV)
	$(PYTEST) -m long -k crash $(ARGS)

fuzz: HYPOTHESIS_PROFILE := long
fuzz: $(DEV)
	$(PYTEST) tests/property -k "fuzz or encoding" $(ARGS)

soak: $(RUNTIME)
	@$(BIN)/python bench/soak.py $(ARGS)

cover: $(DEV)
	$(BIN)/coverage run -m pytest -m "not long" $(ARGS)
	$(BIN)/coverage report --include "keys/*,protocol/*" --fail-under 100
	$(BIN)/coverage report --include "inhope_node/*" --fail-under 90

# Own configuration of pip is left out: a private index would know only some files of a release.
pins: export PIP_CONFIG_FILE := /dev/null
pins: COMPILE := $(VENV)/pins/bin/pip-compile --quiet --generate-hashes --no-header --strip-extras \
  --no-allow-unsafe --no-emit-index-url --no-emit-find-links --no-emit-trusted-host
pins: $(MADE)
	@$(PYTHON) -m venv $(VENV)/pins && $(VENV)/pins/bin/pip install --quiet pip-tools==7.6.2
	$(COMPILE) --build-deps-for editable -o requirements.txt pyproject.toml
	sed -i -e '/^# WARNING/,$$d' requirements.txt && sed -i -e '$${/^$$/d}' requirements.txt
	$(PYTHON) -c "import tomllib; print(*tomllib.load(open('pyproject.toml', 'rb'))['dependency-groups']['dev'], sep='\n')" \
	  | $(COMPILE) -c requirements.txt -o requirements-dev.txt -
	sed -i 's/-r -$$/inhope-node (pyproject.toml, group dev)/' requirements-dev.txt

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage .coverage.* dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
