# `make demo` grades the sample class, `make test` runs the tests; each sets up what it needs, once.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
LINT_READY := $(VENV)/.lint-ready

.PHONY: demo test check audit format handout setup clean

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

format: $(LINT_READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

handout: $(READY)
	$(BIN)/autograder handout --out assignments

clean:
	rm -rf $(VENV) demo-results
