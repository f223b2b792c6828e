# Two commands: `make run` opens the app on a seeded ledger, `make test` runs all that CI runs. Both set themselves up.
# `make check` is the quick half of the tests: format, lint, types, layering, fast tests.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PORT ?= 8501

export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Compiled once for all processes: the tests start many, and pytest itself compiles every test again without.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: run test check soak bench browser deploy journal clean

$(READY): requirements.txt requirements-dev.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet -r requirements-dev.txt
	touch $(READY)

run: $(READY)
	$(BIN)/python manage.py init
	$(BIN)/python manage.py seed --size demo --if-empty
	$(BIN)/streamlit run dashboard.py --server.port $(PORT)

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/ty check --python $(VENV)
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -q -n 2 --dist loadfile --no-loadscope-reorder -m "not slow and not browser"

# Without the files that have none of them, which would only be collected again.
SLOW = $(shell grep -rlE "mark\.(slow|browser)" tests --include="test_*.py")
test: check browser deploy journal
	$(BIN)/python -m pytest -q -n 2 --dist worksteal -m "slow or browser" $(SLOW)

# The long tests with all their cases, and the proofs on generated ledgers.
soak: $(READY)
	SOAK=1 $(BIN)/python -m pytest -q -n 2 --dist worksteal -m soak

# What the product costs on a large ledger beside what it could cost at least; writes docs/benchmarks.md. SCALE=1 is all of it.
SCALE ?= 0.1
bench: $(READY) browser
	$(BIN)/python -m tests.speed.bench --scale $(SCALE)

browser: $(READY)
	sh tests/browser/install.sh $(BIN)/python

deploy:
	sh tests/deploy/install.sh

journal:
	sh tests/journal/install.sh

clean:
	rm -rf $(VENV) build
