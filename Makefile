# Vertex AR. `make run` does the main job on a fresh machine, `make test` passes the tests.

.DEFAULT_GOAL := help
SHELL := /bin/bash
PORT ?= 8000
SECONDS ?= 600
VENV := .venv
PYTHON := $(VENV)/bin/python
FLASK := $(VENV)/bin/flask
READY := $(VENV)/.ready
DEV_READY := $(VENV)/.dev-ready

.PHONY: help setup run test wasm aframe types fuzz screenshot demo-art bench-recogniser bench-files bench-pages bench-timeline bench-weights

help: ## Say what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

setup: $(READY) ## Make .venv with everything the program needs

run: $(READY) ## Serve on http://localhost:8000 (PORT=…); HTTPS=1: on the LAN, for a real phone
	@bash deploy/run.sh $(PORT) "$(HTTPS)"

test: $(DEV_READY) ## Run every test this machine can run, and say what was skipped
	@bash .ci/test

wasm: $(DEV_READY) ## Rebuild the recogniser from vertex/recogniser/core
	$(PYTHON) -m vertex.recogniser.build

aframe: $(DEV_READY) ## Make the parts of A-Frame that the customer's page uses anew, from its packages
	$(PYTHON) -m tools.aframe

types: $(DEV_READY) ## Check the types of our JavaScript
	@bash .ci/types

fuzz: $(DEV_READY) ## Throw bytes at the recogniser's core, with sanitizers, for SECONDS=600 (clang)
	$(PYTHON) -m tools.fuzz $(SECONDS)

screenshot: $(DEV_READY) ## Photograph every page, for docs/screenshots
	$(PYTHON) -m tools.screenshots

demo-art: $(DEV_READY) ## Draw the demo portrait and its film again (minutes)
	$(PYTHON) -m tools.demo

bench-recogniser: $(DEV_READY) ## Measure the recogniser beside MindAR and AR.js (25 min; QUICK=1: a part, 6 min)
	$(PYTHON) -m benchmarks.recogniser $(if $(QUICK),--quick) $(ARGS)

bench-timeline: $(DEV_READY) ## Measure what a customer waits for on a thin line, beside MindAR and AR.js (8 min)
	$(PYTHON) -m benchmarks.timeline $(ARGS)

bench-weights: $(DEV_READY) ## Weigh what a first scan fetches, file by file (1 min)
	$(PYTHON) -m benchmarks.weights

bench-files: $(DEV_READY) ## Measure delivery, conversion and memory (Ceph and nginx; 6 min)
	$(PYTHON) -m benchmarks.files $(ARGS)

bench-pages: $(DEV_READY) ## Measure the pages of the staff at 1,000 to 100,000 clients (10 min; the first run 1 h)
	$(PYTHON) -m benchmarks.pages $(ARGS)

$(READY): pyproject.toml constraints.txt
	@bash deploy/venv.sh $(VENV)
	$(PYTHON) -m pip install --quiet --disable-pip-version-check --constraint constraints.txt $$($(VENV)/bin/python deploy/requirements.py)
	@touch $@

$(DEV_READY): $(READY)
	$(PYTHON) -m pip install --quiet --disable-pip-version-check --constraint constraints.txt $$($(VENV)/bin/python deploy/requirements.py dev)
	@touch $@
