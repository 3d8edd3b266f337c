PYTHON ?= python3
VENV ?= .venv
BIN = $(VENV)/bin
JOBS ?= 2
# Tests wait for processes that they started: with one worker more than processors, none of these waits.
TEST_JOBS ?= 3
# Processes that tests start are many: each one would compile the packages anew.
unexport PYTHONDONTWRITEBYTECODE
# A path entry instead of an import hook: found before a folder named onehalf that stands where a command is run.
PIP_OPTIONS = --quiet --disable-pip-version-check -c constraints.txt --config-settings editable_mode=compat

.PHONY: reproduce quick test faults campaign mutants check docs gallery wheel bench prove native coqchk clean

reproduce: $(VENV)/.installed
	$(BIN)/onehalf reproduce --out results/reproduce

quick: $(VENV)/.installed
	$(BIN)/onehalf reproduce --quick --out results/quick

test: $(VENV)/.tested
	$(BIN)/python -m pytest -q -n $(TEST_JOBS) --dist loadfile

# The whole campaign of faults; a few of each kind are part of `make test`.
faults: $(VENV)/.tested
	ONEHALF_FAULTS=all $(BIN)/python -m pytest -q tests/faults
	$(BIN)/python -m tests.faults.kills --kills 100 --seed 18 --backends loky threading dask

# All that the tests of `make test` take a sample of: every unseen algorithm, every family, 10,000 mutations and networks.
campaign: $(VENV)/.tested
	ONEHALF_TESTS=all $(BIN)/python -m pytest -q -n $(TEST_JOBS) --dist loadfile

# What the tests notice: N mutants of the spine, drawn with SEED; an interrupted campaign goes on (docs/testing.md).
N ?= 200
SEED ?= 1
mutants: $(VENV)/.mutated
	$(BIN)/python -m pytest -q tests/mutation
	$(BIN)/python -m tests.mutation --number $(N) --seed $(SEED) --jobs $(JOBS)

bench: $(VENV)/.benched
	$(BIN)/python -m benchmarks

check: $(VENV)/.tested
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

# The documentation as a site that needs no network, in build/site; a warning is an error.
docs: $(VENV)/.documented
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

# The pictures of docs/gallery.md, from examples/gallery.
gallery: $(VENV)/.installed
	$(BIN)/python docs/gallery/draw.py

# A wheel in an environment of its own, outside of the checkout.
wheel: $(VENV)/.tested
	$(BIN)/python tests/wheel.py

# The proofs (proofs/README.md). Where Coq is not at hand and may not be installed, they are skipped with a word.
prove:
	if proofs/tools/coq.sh; then $(MAKE) -C proofs; fi

native:
	if proofs/tools/coq.sh; then $(MAKE) -C proofs native; fi

coqchk:
	if proofs/tools/coq.sh; then $(MAKE) -C proofs coqchk; fi

$(VENV)/.installed: setup.cfg pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install $(PIP_OPTIONS) -e .
	touch $@

$(VENV)/.tested: $(VENV)/.installed
	$(BIN)/pip install $(PIP_OPTIONS) -e '.[test,check]'
	touch $@

$(VENV)/.benched: $(VENV)/.installed
	$(BIN)/pip install $(PIP_OPTIONS) -e '.[bench,torch]'
	touch $@

$(VENV)/.mutated: $(VENV)/.tested
	$(BIN)/pip install $(PIP_OPTIONS) -e '.[mutants]'
	touch $@

$(VENV)/.documented: $(VENV)/.installed
	$(BIN)/pip install $(PIP_OPTIONS) -e '.[docs]'
	touch $@

clean:
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
