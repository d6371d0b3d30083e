# Two commands are enough: make book, make test. README says what each target is for.
BIN := .venv/bin
# The first interpreter that is new enough, can make a .venv, and, for root, does not lie in a home that others cannot
# enter (a .venv that root makes runs for every user). Last that of a .venv which is there.
PYTHON := $(shell for candidate in /usr/bin/python3 python3 python3.14 python3.13 python3.12 python3.11 $(BIN)/python; do \
  $$candidate -I book/authoring/interpreter.py >/dev/null 2>&1 && { echo $$candidate; break; }; done)

# Programs are started as modules of .venv's Python: a script in bin/ names its folder in its first line, into which
# not every name fits.
.PHONY: set-up book test lab serve refresh scripts record engines bench prove lint chapter

set-up:
	@test -n "$(PYTHON)" || command -v python3 >/dev/null || { \
	  echo "No Python is here: install 3.11 to 3.14 (on Debian: apt install python3 python3-venv)." >&2; exit 1; }
	@test -n "$(PYTHON)" || { python3 -I book/authoring/interpreter.py; exit 1; }
	@"$(PYTHON)" -I book/authoring/set_up.py

book: set-up
	@$(BIN)/python -m book.authoring.build

# Two files at a time, in the order in which they stand: long ones come early, so that neither waits for the other.
# At the end it says how long the slowest files took; CI=true makes one that is past its budget an error. What takes
# too long for every change, .ci/run does: the claims' mutations (python -m book.authoring.claim_mutations [CLAIM ...]),
# each notebook as a reader runs it (python -m book.authoring.readers_pass [NOTEBOOK ...]), commands, builds and the site
# from end to end (python -m pytest -n 2 -m whole tests), and a live JupyterLab (... -m jupyterlab tests/jupyterlab).
test: book
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

lab: set-up
	@$(BIN)/python -m book.authoring.jupyter_lab

serve: book
	@$(BIN)/python -m http.server --bind 127.0.0.1 --directory _build/html 8000

# two notebooks at a time; an interrupt ends their kernels too
refresh: set-up
	@$(BIN)/python -m book.authoring.refresh
	@$(BIN)/python -m book.authoring.claims
	@$(BIN)/python -m book.authoring.picture

scripts: set-up
	@$(BIN)/python -m book.authoring.scripts

record: set-up
	@$(BIN)/python -m book.authoring.record

engines: set-up
	@$(BIN)/python -m mysite.engines fetch

bench: set-up
	@$(BIN)/python -m book.authoring.bench

prove: book
	@$(BIN)/python -m book.authoring.prove

chapter: set-up
	@$(BIN)/python -m book.authoring.new_chapter $(NAME) $(if $(TITLE),"$$TITLE")

lint: book
	@$(BIN)/python -m ruff check .
	@$(BIN)/python -m mypy
	@$(BIN)/python -m codespell_lib
	@$(BIN)/python -m book.authoring.links _build/html
