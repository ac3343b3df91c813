# Two commands matter: "make book" and "make test". "make help" lists the rest.
# Paths are relative on purpose: the folder's own path may hold blanks.
SHELL := /bin/sh
PYTHON ?=
PYTHONS := 3.11 3.12 3.13 3.14 3.15
VENV := .venv
PY := $(VENV)/bin/python
READY := $(VENV)/ready
TOOLS := $(VENV)/tools
BUILD := _build/html
PACKAGE := --no-deps --no-build-isolation --editable .
export PIP_DISABLE_PIP_VERSION_CHECK := 1
unexport PYTHONWARNINGS
# With uv the set-up takes seconds; where pip cannot install it, pip does all of it.
install = $(PY) -m uv pip install --quiet --compile-bytecode --requirement $(1) 2>/dev/null \
  || $(PY) -m pip install --quiet --requirement $(1)
compile = $(PY) -m uv pip compile --quiet --upgrade --universal --python-version $(firstword $(PYTHONS)) \
  --only-binary :all: --no-annotate --custom-compile-command "make update"

.DEFAULT_GOAL := help
.PHONY: help book site serve notebooks check translate drawings audit test test-quick test-all lint update bench clean

help: ## list the commands
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/:.*## /\t/' | expand -t 12

$(READY): requirements.txt pyproject.toml
	@python=""; for name in "$(PYTHON)" python3 $(PYTHONS:%=python%); do \
	  if [ -n "$$name" ] && "$$name" -c 'import sys; sys.exit("%d.%d" % sys.version_info[:2] not in "$(PYTHONS)".split())' 2>/dev/null; \
	  then python="$$name"; break; fi; done; \
	if [ -z "$$python" ]; then \
	  echo "This book needs one of these Pythons: $(PYTHONS); none was found. Install one, or name it: make book PYTHON=/path/to/python3.12"; exit 1; fi; \
	echo "Setting up $(VENV) with $$("$$python" --version) ..."; \
	rm -rf $(VENV) && "$$python" -m venv $(VENV)
	@$(PY) -m pip install --quiet uv 2>/dev/null || true
	@$(call install,requirements.txt)
	@$(PY) -m pip install --quiet $(PACKAGE)
	@touch $(READY)

$(TOOLS): $(READY) tests/requirements.txt
	@$(call install,tests/requirements.txt)
	@$(PY) -c "from treatybook.site.browser import find_browser; find_browser()"
	@touch $(TOOLS)

check: $(READY) ## check the data tables and count what is not translated (seconds)
	@$(PY) -m treatybook check
	@$(PY) -c "from treatybook.site import catalogues; catalogues.report()"

translate: $(READY) ## renew the catalogues of the other languages after a change of a page
	@$(PY) -m treatybook translate

drawings: $(TOOLS) ## draw map, sheet and chapters anew from the data
	@$(PY) book/art/drawings.py

audit: $(READY) ## print how far the evidence goes and what is open
	@$(PY) -m treatybook audit

notebooks: $(READY) ## write the notebooks for JupyterLab
	@$(PY) -m treatybook notebooks

book: $(READY) ## check the data and build the book into _build/html
	@$(PY) -m treatybook build

site: export BOOK_SITE_FILES := 1
site: book $(TOOLS) ## the same, then PDFs and a copy to take along (needs a browser)
	@$(PY) -m treatybook print

serve: book ## build, then serve on http://localhost:8000
	@$(PY) -m http.server --bind 127.0.0.1 --directory $(BUILD) 8000

test: $(TOOLS) ## run what a change can break, browser tests included (minutes)
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m pytest

test-quick: $(TOOLS) ## only what needs neither a built book nor a browser
	@$(PY) -m pytest -m "not built and not rare"

test-all: $(TOOLS) ## the whole suite, with every screen, a second build and each Python (long)
	@$(PY) -m pytest -m ""

lint: $(TOOLS) ## check and format the Python code
	@$(PY) -m ruff check --fix .
	@$(PY) -m ruff format .

update: $(TOOLS) ## pin the newest versions of what is used, then run the whole suite with them
	@$(compile) pyproject.toml --output-file requirements.txt
	@$(compile) --group test --constraint requirements.txt --output-file tests/requirements.txt
	@$(MAKE) test-all

bench: book $(TOOLS) ## measure times, sizes and growth beside their budgets (minutes)
	@$(PY) tests/bench.py

clean: ## remove everything that was generated
	@rm -rf _build $(VENV) book/treatybook.egg-info .pytest_cache .ruff_cache
	@rm -f notebooks/[0-9][0-9]-*.ipynb notebooks/??/[0-9][0-9]-*.ipynb book/*.ipynb
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
