# make demo: the main job on a sample project.  make test: every check.  Both need Python 3.11 or later, nothing else.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
RUN := $(BIN)/python
CONTRACT := @octokit/openapi@23.0.2
SERVERS := unleash-server@6.10.1 wiremock@3.13.2

.PHONY: demo test collected lint bench simulate simulations torture fuzz keys compose team kinds attacks sources pictures contract servers generators clean

# A stamp for what is installed: the program alone, or with what the tests need.
$(VENV)/.run: pyproject.toml setup.py constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "workbench needs Python 3.11 or later")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	$(RUN) -m compileall -q src
	touch $@

$(VENV)/.test: $(VENV)/.run
	$(BIN)/pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[test]'
	touch $@

# Opens the app; without a terminal it prints the release at a glance.
demo: $(VENV)/.run
	@if [ -t 0 ] && [ -t 1 ] && [ -t 2 ]; then $(BIN)/workbench demo; \
	else $(BIN)/workbench demo --headless || [ $$? -eq 1 ]; fi

# More workers than cores: tests of the app wait for its timers half of the time.
test: $(VENV)/.test
	@$(MAKE) --no-print-directory -j2 lint collected
	$(RUN) -m pytest -n $$($(RUN) -c 'import os; print(2 * (os.cpu_count() or 1))') --dist loadgroup -q

# Keeps the tests as pytest compiles them, while lint runs: else each worker compiles them all.
collected: $(VENV)/.test
	@PYTHONDONTWRITEBYTECODE= $(RUN) -m pytest --collect-only -qq >/dev/null || true  # the run itself tells what is wrong

lint: $(VENV)/.test
	$(BIN)/ruff check src tests bench
	$(BIN)/ruff format --check src tests bench
	$(BIN)/mypy
	$(BIN)/lint-imports

# Measures the workbench against limits and peers: ratios, medians of five or more.
bench: $(VENV)/.test
	$(RUN) -m compileall -q src
	$(RUN) -m bench

# A week of 100 desks that share a record on a real PostgreSQL: make simulate SEED=2; a small one is in the tests.
SEED ?= 1
simulate: $(VENV)/.test
	$(RUN) -m tests.simulation --seed $(SEED)

# The tables of docs/statistics.md: what chance does to each statistical rule.
simulations: $(VENV)/.test
	$(RUN) -m bench.simulations

# Kills and interrupts what writes to a record, flips its bytes, and presses keys at random; some of it is in the tests.
torture: $(VENV)/.test
	$(RUN) -m tests.torture

# Odd input at every door, for as long as there is time: make fuzz MINUTES=60; a little of it is in the tests.
MINUTES ?= 10
fuzz: $(VENV)/.test
	$(RUN) -m tests.fuzz --minutes $(MINUTES)

# The scripts in docs/compose/init, from the groups and tables of a shared record.
compose: $(VENV)/.test
	$(RUN) docs/make_compose.py

# The table of messages in docs/team.md, from the program.
team: $(VENV)/.test
	$(RUN) docs/make_team.py

# The tables of docs/benchmarks.md, from the built-in kinds of benchmark.
kinds: $(VENV)/.test
	$(RUN) docs/make_kinds.py

# The tables of attacks in docs/gates.md and docs/team.md, from the tests that try them.
attacks: $(VENV)/.test
	$(RUN) docs/make_attacks.py
	$(RUN) docs/make_rights.py

# The pages of docs/sources and the tables of docs/sources.md, from the kinds of source and their guides.
sources: $(VENV)/.test
	$(RUN) docs/make_sources.py

# The tables of docs/keys.md, from the app.
keys: $(VENV)/.test
	$(RUN) docs/make_keys.py

# The pictures of the user guide, made from the running app.
pictures: $(VENV)/.test
	$(RUN) docs/make_pictures.py

# GitHub's published contract, which the tests check our answers against.
contract:
	npm install --silent --no-audit --no-fund --no-save --prefix .cache/contract $(CONTRACT)

# Servers that the tests of recipes ask: Unleash, which needs PostgreSQL, and WireMock, which needs Java.
servers:
	npm install --silent --no-audit --no-fund --no-save --prefix .cache/servers $(SERVERS)

# Real tools run again for the files that the tests of sources read: make generators ONLY=k6,locust
ONLY ?=
generators: $(VENV)/.test
	$(RUN) -m tests.generators --only "$(ONLY)"

clean:
	rm -rf $(VENV) .cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache build src/*.egg-info
