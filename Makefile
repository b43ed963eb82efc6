# `make demo` grades the sample class, `make test` runs the tests; each sets up what it needs, once.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
LINT_READY := $(VENV)/.lint-ready
BENCH_VENVS := .bench-venv
BENCH_READY := $(BENCH_VENVS)/.ready
BENCH ?=

PIP := python -m pip install --quiet --disable-pip-version-check

.PHONY: demo test check audit audit-engine bench format handout setup clean

setup: $(READY)

# A stamp: the second run installs nothing, a changed lock or pyproject.toml does.
$(READY): pyproject.toml requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or later is needed: make PYTHON=/path/to/python3.11"; exit 1; }
	@echo "Setting up $(VENV) (once)..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint requirements.lock --editable '.[test]'
	@touch $@

$(LINT_READY): $(READY)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint requirements.lock --editable '.[lint]'
	@touch $@

demo: $(READY)
	@$(BIN)/autograder grade tests/sample_class/submissions --out demo-results

test: $(READY)
	@$(BIN)/python -m pytest -q -n auto

check: $(LINT_READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/autograder handout --out assignments --check

audit: $(READY)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint requirements.lock --editable '.[audit]'
	$(BIN)/autograder audit

# Mutants of the engine, which its tests must notice: all of them, or SAMPLE many; of MODULES such as gradebook alone.
audit-engine: $(READY)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint requirements.lock --editable '.[audit]'
	$(BIN)/python -m tests.engine_audit $(if $(SAMPLE),--sample $(SAMPLE)) $(MODULES)

# The peers live in environments of their own, and never in this project's.
$(BENCH_READY): $(READY)
	@echo "Setting up the peers in $(BENCH_VENVS) (once)..."
	@$(PYTHON) -m venv $(BENCH_VENVS)/gradescope
	@$(BENCH_VENVS)/gradescope/bin/$(PIP) gradescope-utils==0.5.0 pytest==9.2.0 numpy==2.4.6
	@$(PYTHON) -m venv $(BENCH_VENVS)/notebooks
	@$(BENCH_VENVS)/notebooks/bin/$(PIP) nbgrader==0.9.6 otter-grader==7.0.0 numpy==2.4.6
	@$(BIN)/$(PIP) --constraint requirements.lock --editable '.[dask]'
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
