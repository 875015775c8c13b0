# Three commands: `make night`, `make desk` and `make test`. Each makes .venv from requirements.lock first, where it is missing.
PYTHON ?= python3
MINGJIAN := .venv/bin/mingjian
SYNTHETIC := data/home/synthetic
NIGHT := 2026-06-30
PORT := 8000

.PHONY: setup night desk test benchmark orchestrate

setup: .venv/settled

.venv/settled: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or later is needed, found " + sys.version.split()[0])'
	$(PYTHON) -m venv .venv
	.venv/bin/python -m pip install --quiet --require-hashes --no-deps -r requirements.lock
	.venv/bin/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

# a synthetic bureau in a home of its own, never mixed with a real one; at its end accounts to try the desk with, one for
# each role, with passwords that are shown once. It does not stay: `make desk` opens the desk and does
night: setup
	$(MINGJIAN) sample --out $(SYNTHETIC)/delivery
	$(MINGJIAN) night --source $(SYNTHETIC)/delivery --as-of $(NIGHT) --delivered-on $(NIGHT) --home $(SYNTHETIC)
	@MINGJIAN_HOME=$(abspath $(SYNTHETIC)) .venv/bin/python -m desk demo --port $(PORT)

desk: setup
	$(MINGJIAN) desk --home $(SYNTHETIC) --port $(PORT)

test: setup
	.venv/bin/python -m ruff check .
	.venv/bin/python -m ruff format --check .
	.venv/bin/python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder

benchmark: setup
	.venv/bin/python -m tests.benchmark
	.venv/bin/python -m tests.benchmark.patrol
	.venv/bin/python -m tests.benchmark.rotation
	.venv/bin/python -m tests.benchmark.families
	.venv/bin/python -m tests.benchmark.desk

orchestrate: setup
	OMP_WAIT_POLICY=PASSIVE MINGJIAN_ORCHESTRATION=$(abspath data/home/dagster) DAGSTER_HOME=$(abspath .) .venv/bin/dagster dev
