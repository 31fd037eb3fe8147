# Everything sets itself up: a virtual environment in .venv, made anew when pyproject.toml changes.
PYTHON ?= python3
BIN := .venv/bin
TESTS ?= tests
ROOMS := $(addprefix tests/,oauth flow insight redaction recording engine session headless/test_editing.py headless/test_bisect.py)
COUNTED := redaction flow engine/listener
SECONDS ?= 60
# A third of the suite's time is waiting for programs, browsers and clocks: three workers keep two cores busy.
WORKERS ?= 3
ROOM ?= redaction
SAMPLE ?= 50

# Tests start the program some hundred times: where no compiled files are kept, each start would compile all of it.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test test-ci test-all test-rooms lint bench coverage fuzz mutate audit docs screenshots clean

run: .venv/run ## open the TUI on the embedded sandbox; without a terminal, tell the same flow in words
	@if [ -t 0 ] && [ -t 1 ]; then $(BIN)/airisk-tui; else $(BIN)/airisk-tui run --env sandbox --mode direct; fi

test: .venv/dev lint ## the everyday suite: style, types, the law of layers, and tests of every kind
	$(BIN)/python -m pytest $(TESTS) -n $(WORKERS) --dist worksteal

test-ci: .venv/dev ## what CI runs beside it: more browsers, themes, terminals, reports and scenarios, of kinds that `make test` has some of
	AIRISK_CI=1 $(BIN)/python -m pytest $(TESTS) -n $(WORKERS) --dist worksteal -m ci

test-all: .venv/dev lint ## all of these, and the tests that take minutes
	AIRISK_LONG=1 $(BIN)/python -m pytest $(TESTS) -n $(WORKERS) --dist worksteal

test-rooms: ## the pure rooms and the engine on another Python, in an environment of its own; make test-rooms PYTHON=python3.13, with COVER=1 also what they reach
	$(PYTHON) -m venv --clear .venv-other
	.venv-other/bin/python -m pip install -q --disable-pip-version-check -e '.[test]'
	AIRISK_CI=1 .venv-other/bin/python -m pytest $(ROOMS) -n $(WORKERS) -m "not hypothesis" $(if $(COVER),$(COUNTED:%=--cov=airisk_tui/%) --cov-branch --cov-report=)
	$(if $(COVER),.venv-other/bin/python -m coverage report --include='airisk_tui/engine/listener/*' --fail-under=99)
	$(if $(COVER),.venv-other/bin/python -m coverage report --include='airisk_tui/redaction/*' --fail-under=99)
	$(if $(COVER),.venv-other/bin/python -m coverage report --include='airisk_tui/flow/*' --fail-under=97)

lint: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: .venv/dev ## ratios against yardsticks, measured in the same run; make bench PEERS=1 beside other programs
	$(BIN)/python -m pytest tests/benchmarks -n 0 -m bench -s -o addopts="-q -p no:cacheprovider --import-mode=importlib"

coverage: .venv/dev ## which lines and branches the tests reach
	AIRISK_CI=1 $(BIN)/python -m pytest $(TESTS) -n $(WORKERS) --dist worksteal --cov --cov-report=term

fuzz: .venv/dev ## all property tests with new examples, and the long ones; make fuzz SECONDS=600
	AIRISK_FUZZ_SECONDS=$(SECONDS) $(BIN)/python -m pytest $(TESTS) -n 0 -m "fuzz or hypothesis" -s

mutate: .venv/dev ## the share of small changes that the tests of a room see; make mutate ROOM=flow SAMPLE=100
	AIRISK_CI=1 $(BIN)/python -m tests.mutate $(ROOM) $(SAMPLE) $(SEED) $(ONLY)

audit: .venv/dev ## known vulnerabilities in what is installed, where a database can be reached
	@$(BIN)/python tests/audit.py

docs: .venv/dev ## draw anew what the README takes from the code
	$(BIN)/python -m tests.readme_parts

screenshots: .venv/dev ## draw every screen into screenshots/
	$(BIN)/python -m tests.pictures

.venv/bin/python:
	$(PYTHON) -m venv .venv

.venv/run: .venv/bin/python pyproject.toml
	$(BIN)/python -m pip install -q --disable-pip-version-check -e .
	@$(BIN)/python -m compileall -q airisk_tui
	@touch $@

.venv/dev: .venv/bin/python pyproject.toml
	$(BIN)/python -m pip install -q --disable-pip-version-check -e '.[dev]'
	@touch .venv/run $@

clean:
	rm -rf .venv .venv-other build dist *.egg-info
