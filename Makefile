# make run: install, migrate, load content/, build the index, serve.  make test: install and run every test.
PORT ?= 8000
DATA_DIR ?= $(CURDIR)/var
PYTHON ?= python3
export PORT DATA_DIR

BIN := .venv/bin
STAMP := .venv/installed

.PHONY: run test lint check lock browser

$(STAMP): requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; set PYTHON=/path/to/python3.11"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	@touch $@

run: $(STAMP)
	@$(BIN)/python -m guide.serving

test: $(STAMP) browser
	$(BIN)/pytest -W error::DeprecationWarning

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy guide

check: $(STAMP)
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py check_content

browser:
	@PYTHON=$(BIN)/python sh tests/browser/prepare.sh

# Pin every dependency again, with hashes and without naming where they come from.
lock: $(STAMP)
	$(BIN)/pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --upgrade \
		--no-header --no-annotate --no-emit-index-url --no-emit-find-links --quiet --output-file requirements.lock
