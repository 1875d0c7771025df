# Python 3.11+ and make are all that is needed; everything else is installed into .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: demo test test-all lint types bench clean

demo: $(STAMP)
	$(BIN)/nexiom build

test: $(STAMP) lint types
	$(BIN)/pytest -n auto -m "not full"

test-all: $(STAMP) lint types
	NEXIOM_TEST_ALL=1 $(BIN)/pytest -n auto

lint: $(STAMP)
	$(BIN)/ruff check .

types: $(STAMP)
	$(BIN)/mypy

bench: $(STAMP)
	$(BIN)/python -m benchmarks

$(STAMP): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "error: nexiom needs Python 3.11 or newer, found %s\nhint: make PYTHON=/path/to/python3.11" % sys.version.split()[0])'
	@if command -v uv >/dev/null 2>&1; then \
	  uv venv --quiet --allow-existing --python $(PYTHON) $(VENV) && uv pip install --quiet --python $(BIN)/python -e '.[dev]'; \
	else \
	  $(PYTHON) -m venv $(VENV) && $(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'; \
	fi
	@touch $@

clean:
	rm -rf $(VENV) target build dist
