# `make demo` grades the sample class, `make test` runs the quick tests, `make test-all` all; each sets up what it needs, once.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
MADE := $(VENV)/.made
READY := $(VENV)/.ready
LINT_READY := $(VENV)/.lint-ready
AUDIT_READY := $(VENV)/.audit-ready
ALL_READY := $(VENV)/.all-ready
# Whatever any test needs; the kernel is for stock otter, which the plugin's tests attack to know that there is something
# that they hold back.
ALL := '.[audit,browser,dask,lint,nbgrader,otter,pdf,similar,test,torch]' ipykernel
BENCH_VENVS := .bench-venv
BENCH_READY := $(BENCH_VENVS)/.ready
BENCH ?=

# Two processes more than cores, since many a test waits; each of pytest's processes collects all tests, so that more than a
# few gain nothing.
PROCESSES = $(shell $(PYTHON) -c 'import os; print(min(8, (os.cpu_count() or 1) + 2))')
# Where Python is told to write no bytecode, each of the hundreds of programs that tests start would compile the package.
TEST = PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -q -n $(PROCESSES) --dist worksteal
# For pytest: make test OPTIONS='-k marks --shuffle=7'
OPTIONS ?=

PIP := python -m pip install --quiet --disable-pip-version-check
INSTALL = $(BIN)/$(PIP) --constraint requirements.lock --editable

.PHONY: demo test test-slow test-all check audit audit-engine bench format handout setup setup-all clean

setup: $(READY)

setup-all: $(ALL_READY)

$(MADE):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed: make PYTHON=/path/to/python3.11"; exit 1; }
	@echo "Setting up $(VENV) (once)..."
	@$(PYTHON) -m venv $(VENV)
	@touch $@

# Stamps: the second run installs nothing, a changed lock or pyproject.toml does.
$(READY): $(MADE) pyproject.toml requirements.lock
	@$(INSTALL) '.[test]'
	@touch $@

$(LINT_READY): $(READY)
	@$(INSTALL) '.[lint]'
	@touch $@

$(AUDIT_READY): $(READY)
	@$(INSTALL) '.[audit]'
	@touch $@

# One call: pip looks for what fits together once, and not once for each extra.
$(ALL_READY): $(MADE) pyproject.toml requirements.lock
	@echo "Installing every extra (once)..."
	@$(INSTALL) $(ALL)
	@touch $(READY) $(LINT_READY) $(AUDIT_READY) $@

demo: $(READY)
	@$(BIN)/autograder grade tests/sample_class/submissions --out demo-results

test: $(READY)
	@$(TEST) -m "not slow" $(OPTIONS)

test-slow: $(ALL_READY)
	@$(TEST) -m slow $(OPTIONS)

test-all: $(ALL_READY)
	@$(TEST) $(OPTIONS)

check: $(LINT_READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/autograder handout --out assignments --check

audit: $(AUDIT_READY)
	$(BIN)/autograder audit

# Mutants of the engine, which its tests must notice: all of them, or SAMPLE many; of MODULES such as gradebook alone.
audit-engine: $(AUDIT_READY)
	$(BIN)/python -m tests.engine_audit $(if $(SAMPLE),--sample $(SAMPLE)) $(MODULES)

# The peers live in environments of their own, and never in this project's.
$(BENCH_READY): $(READY)
	@echo "Setting up the peers in $(BENCH_VENVS) (once)..."
	@$(PYTHON) -m venv $(BENCH_VENVS)/gradescope
	@$(BENCH_VENVS)/gradescope/bin/$(PIP) gradescope-utils==0.5.0 pytest==9.2.0 numpy==2.4.6
	@$(PYTHON) -m venv $(BENCH_VENVS)/notebooks
	@$(BENCH_VENVS)/notebooks/bin/$(PIP) nbgrader==0.9.6 otter-grader==7.0.0 numpy==2.4.6
	@$(INSTALL) '.[dask]'
	@touch $@

bench: $(BENCH_READY)
	@$(BIN)/python -m tests.benchmarks.bench --venvs $(BENCH_VENVS) $(BENCH)

format: $(LINT_READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

handout: $(READY)
	$(BIN)/autograder handout --out assignments

clean:
	rm -rf $(VENV) $(BENCH_VENVS) demo-results
