# PeerPlan's commands. `make` alone lists them; each installs what it needs into .venv first.

PYTHON ?= python3
PORT ?= 8000
SCALE ?= small

BIN := .venv/bin
HOME_DIR := $(CURDIR)/var
PIP_INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes
LOCK := $(BIN)/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe \
	--no-emit-index-url --no-emit-trusted-host --no-emit-find-links --no-header
CHECKS := lint format types layers templates dependencies migrations deployment audit
DEMO := PEERPLAN_MODE=demo PEERPLAN_DATA_DIR=$(HOME_DIR)/demo LOG_LEVEL=WARNING
MIGRATE := $(BIN)/python manage.py migrate --verbosity 0 && $(BIN)/python manage.py createcachetable --verbosity 0

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test check $(CHECKS) bench lock clean

help: ## list the commands
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo: $(BIN)/.runs ## install, migrate, load demonstration data and serve the site on this machine
	@$(BIN)/python -c 'import socket; socket.create_server(("127.0.0.1", $(PORT)))' 2>/dev/null || { \
		echo 'Port $(PORT) is in use. Choose another: make demo PORT=8080' >&2; exit 1; }
	@echo 'Preparing the demonstration'
	@$(DEMO) sh -c '$(MIGRATE)'
	@$(DEMO) $(BIN)/python manage.py collectstatic --noinput --verbosity 0
	@$(DEMO) $(BIN)/python manage.py load_demo
	@echo
	@echo 'Look at    http://127.0.0.1:$(PORT)/'
	@echo 'Sign in    with one click, no password: the page offers plan manager, action owner,'
	@echo '           democratic services officer, scrutiny member, chief executive, peer reviewer'
	@echo '           and council administrator; one more shows four real councils'
	@echo 'Stop       Ctrl+C. Another port: make demo PORT=8080'
	@echo 'Data       var/demo; remove that folder to begin again'
	@echo
	@$(DEMO) $(BIN)/gunicorn peerplan.wsgi --bind 127.0.0.1:$(PORT) --workers 2 --threads 4 \
		--log-level warning --no-control-socket

test: $(BIN)/.tests ## install what tests need and run them on SQLite, PostgreSQL and in a browser
	@$(BIN)/python -m tests.run $(ARGS)

check: $(CHECKS) ## all checks; each is a target of its own, and `make -k check` goes on after one fails
$(CHECKS): $(BIN)/.tests
lint:
	$(BIN)/ruff check .
format:
	$(BIN)/ruff format --check .
types:
	$(BIN)/mypy
layers:
	$(BIN)/lint-imports --no-cache
templates:
	$(BIN)/djlint templates --lint --quiet
dependencies:
	$(BIN)/deptry .
migrations:
	$(BIN)/python manage.py makemigrations --check --dry-run
deployment:
	@$(BIN)/python -m tests.deploy_check
audit:
	@$(BIN)/python -m tests.audit

bench: $(BIN)/.tests ## measure queries, CPU and wall time; SCALE=national for two million updates
	@rm -rf $(HOME_DIR)/bench
	@export PEERPLAN_DATA_DIR=$(HOME_DIR)/bench LOG_LEVEL=WARNING && \
		$(MIGRATE) && $(BIN)/python manage.py bench --scale $(SCALE)
	@export PEERPLAN_DATA_DIR=$(HOME_DIR)/bench LOG_LEVEL=WARNING && \
		$(BIN)/python -m tests.postgres_server -- \
		sh -c '$(MIGRATE) && $(BIN)/python manage.py bench --scale $(SCALE)' || test $$? = 77

lock: $(BIN)/.tests ## renew the locked requirements from pyproject.toml; UPGRADE=--upgrade for newer ones
	$(LOCK) $(UPGRADE) --output-file requirements.txt pyproject.toml
	$(LOCK) $(UPGRADE) --extra dev --constraint requirements.txt \
		--output-file requirements-dev.txt pyproject.toml

clean: ## remove the virtual environment and all local data, the demonstration's too
	rm -rf .venv var .coverage .mypy_cache .pytest_cache .ruff_cache .import_linter_cache

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo 'PeerPlan needs Python 3.11 or later: make PYTHON=python3.12 ...' >&2; exit 1; }
	@$(PYTHON) -m venv .venv || { \
		echo 'No virtual environment could be made. On Debian: apt-get install python3-venv' >&2; \
		rm -rf .venv; exit 1; }

$(BIN)/.runs: requirements.txt | $(BIN)/python
	@echo 'Installing what PeerPlan runs on'
	@$(PIP_INSTALL) -r requirements.txt
	@touch $@

$(BIN)/.tests: requirements-dev.txt | $(BIN)/python
	@echo 'Installing what PeerPlan and its tests run on'
	@$(PIP_INSTALL) -r requirements-dev.txt
	@touch $@ $(BIN)/.runs
