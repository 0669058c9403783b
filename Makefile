# One verb per habit. Each is `python3 -m local <verb>`, which works the same on every system.
.DEFAULT_GOAL := help
PYTHON ?= python3
VERBS := setup run up down status logs keys open clean demo test check format lint openapi vendor
.PHONY: help $(VERBS) bench

help: ## this list
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: ## virtual environment and packages; the other verbs do it when needed
	@$(PYTHON) -m local setup

demo: ## a whole delivery, from login to a verified PDF, each step checked
	@$(PYTHON) -m local demo $(ARGS)

test: ## all tests
	@$(PYTHON) -m local test $(ARGS)

run: ## the local Azure in the foreground, until Ctrl-C; ARGS as for up
	@$(PYTHON) -m local run $(ARGS)

up: ## the local Azure in the background; ARGS="--reload --faults FILE --free-ports"
	@$(PYTHON) -m local up $(ARGS)

down: ## end it
	@$(PYTHON) -m local down

status: ## what runs, and where
	@$(PYTHON) -m local status $(ARGS)

logs: ## what its parts say; ARGS="host -f", ARGS="--correlation-id ID"
	@$(PYTHON) -m local logs $(ARGS)

keys: ## the keys that open the app; ARGS=--connections
	@$(PYTHON) -m local keys $(ARGS)

open: ## the board in a browser
	@$(PYTHON) -m local open

clean: ## end it and delete its data, once you agreed; ARGS=--yes
	@$(PYTHON) -m local clean $(ARGS)

check: ## everything that CI checks
	@$(PYTHON) -m local check

format: ## format the code
	@$(PYTHON) -m local format

lint: ## style, types and walls; changes nothing
	@$(PYTHON) -m local lint

openapi: ## write docs/openapi.json and docs/events.md from the code
	@$(PYTHON) -m local openapi

vendor: ## copy the pages' libraries from npm, as pinned
	@$(PYTHON) -m local vendor

bench: ## side-by-side measurements; each ends by itself
	@for file in benchmarks/*.py; do .venv/bin/python -m benchmarks.$$(basename $$file .py); done
