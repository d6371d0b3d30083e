# Two commands are enough: make book, make test. README says what each target is for.
# The first interpreter that is new enough, can make a .venv, and does not lie in a home that others cannot
# enter (a .venv that root makes must run for every user).
PYTHON := $(shell for candidate in /usr/bin/python3 python3; do \
  $$candidate book/authoring/interpreter.py >/dev/null 2>&1 && { echo $$candidate; break; }; done)
BIN := .venv/bin
SITE := _build/html/index.html

.PHONY: book test lab serve refresh scripts record engines bench prove lint chapter

.venv/ready: requirements.txt pyproject.toml
	@test -n "$(PYTHON)" || { /usr/bin/env python3 book/authoring/interpreter.py; exit 1; }
	@echo "Setting up .venv with $(PYTHON): some 180 packages, a minute or two the first time"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --disable-pip-version-check --quiet --progress-bar on -r requirements.txt
	@touch $@

book: .venv/ready
	@$(BIN)/python -m book.authoring.build

# Two files at a time, in the order in which they stand: long ones come early, so that neither waits for the other.
# At the end it says how long the slowest files took; CI=true makes one that is past its budget an error. What takes
# too long for every change, .ci/run does: the claims' mutations (python -m book.authoring.claim_mutations [CLAIM ...]),
# each notebook as a reader runs it (python -m book.authoring.readers_pass [NOTEBOOK ...]), and a live JupyterLab
# (python -m pytest -m jupyterlab tests/jupyterlab).
test: book
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

lab: .venv/ready
	@$(BIN)/jupyter lab --notebook-dir=. chapters

serve: book
	@$(BIN)/python -m http.server --bind 127.0.0.1 --directory _build/html 8000

# two notebooks at a time; an interrupt ends their kernels too
refresh: .venv/ready
	@$(BIN)/python -m book.authoring.refresh
	@$(BIN)/python -m book.authoring.claims
	@$(BIN)/python -m book.authoring.picture

scripts: .venv/ready
	@$(BIN)/python -m book.authoring.scripts

record: .venv/ready
	@$(BIN)/python -m book.authoring.record

engines: .venv/ready
	@$(BIN)/python -m mysite.engines fetch

bench: .venv/ready
	@$(BIN)/python -m book.authoring.bench

prove: book
	@$(BIN)/python -m book.authoring.prove

chapter: .venv/ready
	@$(BIN)/python -m book.authoring.new_chapter $(NAME)

lint: book
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/codespell
	@$(BIN)/python -m book.authoring.links _build/html
