# `make report` and `make test` set up all that they need; nothing but Python >= 3.11, make and a package index is asked for.
# A study of your own: make study NAME=path/to/folder, then make report CONFIG=path/to/folder/config.yaml
PYTHON ?= python3
CONFIG ?=
BIN := .venv/bin
# Another Python is never fetched: it would come from outside the package index.
export UV_PYTHON_DOWNLOADS := never
# Each job starts a Python of its own: byte code that is kept saves compiling the library a hundred times in the tests.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: report study test pytest studies fuzz prove bench evaluate screenshots lint format docs lock clean help
.DEFAULT_GOAL := help

help: ## say what there is
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

report: .venv/.ready ## build the report of the default study, or of CONFIG
	@$(BIN)/python -m steelyard.cli report $(if $(CONFIG),--configfile "$(CONFIG)")

# Set here, so that a NAME of the environment's counts for nothing; the shell reads the one of the command line as it is.
NAME =

study: .venv/.ready ## begin a study of your own in the folder NAME
	@$(if $(NAME),,$(error Name a folder: make study NAME=path/to/folder))$(BIN)/python -m steelyard.cli new --make "$$NAME"

# The checks of style and types run beside the tests: they keep one core busy only.
test: .venv/.ready ## run all tests
	@$(MAKE) --no-print-directory --jobs=2 lint pytest

pytest: .venv/.ready
	@$(BIN)/pytest

studies: .venv/.ready ## run the slow tests: those that build whole studies (the examples, the template, the tutorial, hostile text), and long trials
	@$(BIN)/pytest -m slow

SECONDS = 60

fuzz: .venv/.ready ## spoil input of every kind for SECONDS
	@$(BIN)/python benchmarks/fuzz.py $(SECONDS)

prove: report ## run the long proofs and write docs/proofs.md
	@$(BIN)/python benchmarks/prove.py

bench: .venv/.ready ## measure ratios to limits and to other libraries, and write benchmarks/RESULTS.md
	@$(BIN)/python benchmarks/bench.py

# Labelled data of others, to measure the coders on: argkp2021/, cdcp/, rinott2015/.
BENCH ?= ../shared/bench

evaluate: report ## measure the coders on BENCH and the default study, and write docs/coding-quality.md
	@$(BIN)/python benchmarks/evaluate.py "$(BENCH)"

screenshots: report ## take the README's pictures of the default report, with an installed Chromium
	@$(BIN)/python benchmarks/screenshots.py

lint: .venv/.ready ## check style, formatting, types and the workflow
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/snakefmt --check Snakefile workflow/rules
	@$(BIN)/snakemake --lint

format: .venv/.ready ## mend formatting
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format . ; $(BIN)/snakefmt Snakefile workflow/rules

docs: .venv/.ready ## write the pages of docs/ that are made from the code, and build the site: build/site/index.html
	@$(BIN)/python -m steelyard.configuration_page docs
	@$(BIN)/python -m steelyard.tables_page docs/tables.md
	@$(BIN)/python docs/site/licences.py docs/licences.md
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

lock: .venv/.uv ## pin every dependency anew, with hashes and without any index's address
	@uv=$$(cat .venv/.uv) && $$uv pip compile --quiet --upgrade --universal --python-version 3.11 --extra dev \
	    --generate-hashes --no-emit-index-url --no-emit-find-links --no-annotate --no-header -o requirements.lock pyproject.toml

clean: ## remove the environment and all results
	rm -rf .venv .snakemake results logs build *.egg-info

# The environment, pinned by hash. Byte code is compiled once, here: it halves the time that every later command needs to start.
.venv/.ready: requirements.lock pyproject.toml .venv/.uv
	@echo "Setting up .venv ..."
	@uv=$$(cat .venv/.uv) && \
	    $$uv pip sync --quiet --python $(BIN)/python --require-hashes --compile-bytecode requirements.lock && \
	    $$uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

# uv where it is there; otherwise pip gets it, into a folder of its own, as syncing the environment would remove it again.
.venv/.uv: requirements-uv.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "steelyard needs Python 3.11 or later; name one: make PYTHON=python3.12 ..." >&2; exit 1; }
	@if command -v uv >/dev/null; then \
	    uv venv --quiet --allow-existing --python $(PYTHON) .venv && command -v uv > $@; \
	else \
	    $(PYTHON) -m venv .venv && \
	    $(BIN)/python -m pip install --quiet --require-hashes --target .venv/uv --requirement requirements-uv.lock && \
	    echo .venv/uv/bin/uv > $@; \
	fi
