# Python 3.11+ and make are all that is needed; everything else is put into .venv.
PYTHON ?= python3
PY := .venv/bin/python
PYTEST := $(PY) -m pytest -n logical --maxprocesses 8
# The stages whose behaviour depends on the server: test-all runs what `make test` has of them on the older engines too.
ON_A_SERVER := $(addprefix tests/runner/,apply audit database lint reference test)

.NOTPARALLEL:
.PHONY: demo test test-all bench clean environment tools lint format types engine-15 engine-16

demo: environment
	@$(PY) -m nexiom_runner build

test: environment lint types
	$(PYTEST) -m "not full"

# The whole suite comes last, so that its count is the line a log ends with.
test-all: environment tools lint types engine-15 engine-16
	$(PYTEST)

engine-15 engine-16: engine-%: environment
	NEXIOM_TEST_ENGINE=$* $(PYTEST) -m "not full" $(ON_A_SERVER)

tools: environment
	@$(PY) .ci/tools.py

lint: environment
	$(PY) -m ruff check --quiet .
	$(PY) -m ruff format --check --quiet .

format: environment
	$(PY) -m ruff check --quiet --fix .
	$(PY) -m ruff format .

types: environment
	$(PY) -m mypy

bench: environment
	@$(PY) -m benchmarks

environment:
	@command -v "$(PYTHON)" >/dev/null || { printf 'error: no Python "%s" was found\nhint: %s\n' "$(PYTHON)" \
	  'Install Python 3.11 or newer, or name it: make PYTHON=/path/to/python3.12' >&2; exit 2; }
	@"$(PYTHON)" .ci/environment.py $(if $(filter file,$(origin PYTHON)),,exactly)

clean:
	rm -rf .venv target build dist .hypothesis .mypy_cache .pytest_cache .ruff_cache
