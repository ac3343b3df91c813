# Two commands matter: "make book" and "make test". "make help" lists the rest.
# Paths are relative on purpose: the folder's own path may hold blanks.
SHELL := /bin/sh
PYTHON ?=
VENV := .venv
PY := $(VENV)/bin/python
READY := $(VENV)/ready
BUILD := _build/html
export PYTHONPATH := book
export PIP_DISABLE_PIP_VERSION_CHECK := 1
unexport PYTHONWARNINGS

.DEFAULT_GOAL := help
.PHONY: help book site serve notebooks check audit test lint update bench clean

help: ## list the commands
	@grep -E '^[a-z]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

$(READY): requirements.txt
	@python=""; for name in "$(PYTHON)" python3 python3.13 python3.12 python3.11; do \
	  if [ -n "$$name" ] && "$$name" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null; \
	  then python="$$name"; break; fi; done; \
	if [ -z "$$python" ]; then \
	  echo "This book needs Python 3.11, 3.12 or 3.13; none was found. Install one, or name it: make book PYTHON=/path/to/python3.12"; exit 1; fi; \
	echo "Setting up $(VENV) with $$("$$python" --version) ..."; \
	rm -rf $(VENV) && "$$python" -m venv $(VENV)
	@$(PY) -m pip install --quiet --requirement requirements.txt
	@touch $(READY)

check: $(READY) ## check the data tables (seconds)
	@$(PY) -m treatybook.check

audit: $(READY) ## print how far the evidence goes and what is open
	@$(PY) -m treatybook.audit

notebooks: $(READY) ## write the .ipynb siblings for JupyterLab
	@$(PY) -m treatybook.notebooks

book: check notebooks ## build the book into _build/html
	@rm -rf _build/html/reports
	@$(VENV)/bin/jupyter-book build . -W -n --keep-going --quiet
	@echo "The book is built. Open $(BUILD)/index.html, or run: make serve"

site: export BOOK_SITE_FILES := 1
site: book ## the same, then PDFs and a copy to take along (needs a browser)
	@$(PY) -m treatybook.printing

serve: book ## build, then serve on http://localhost:8000
	@$(PY) -m http.server --bind 127.0.0.1 --directory $(BUILD) 8000

test: $(READY) ## run the whole test suite, browser tests included
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m pytest

lint: $(READY) ## check and format the Python code
	@$(PY) -m ruff check --fix .
	@$(PY) -m ruff format .

update: $(READY) ## try the newest versions of what is used; WRITE=1 pins them
	@$(PY) tests/update.py $(if $(WRITE),--write)

bench: book ## measure times, sizes and loading beside a plain Jupyter Book (10 minutes)
	@$(PY) tests/bench.py

clean: ## remove everything that was generated
	@rm -rf _build $(VENV) .pytest_cache .ruff_cache
	@rm -f book/*.ipynb
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
