# Everything below .venv and .tools is made from uv.lock; `make clean` takes it away again.
.DEFAULT_GOAL := help
SHELL := /bin/bash
UV_VERSION := 0.13.9
UV_REQUIREMENTS := uv-requirements.txt
STAGE ?= dev
ARCHITECTURE ?= arm64
CONFIRM := $(if $(CI),,$(if $(filter prod,$(STAGE)),--confirm-changeset))

# The functions run on 3.13, and so does everything here: the first that answers, else uv brings one.
PYENV_ROOT ?= $(HOME)/.pyenv
export UV_PYTHON := $(shell for python in python3.13 $(wildcard $(PYENV_ROOT)/versions/3.13*/bin/python3.13); do \
	"$$python" -c 'import sys; print(sys.executable); sys.exit(sys.version_info[:2] != (3, 13))' 2>/dev/null && exit; done; echo 3.13)
UV := .tools/uv/bin/uv
export PATH := $(CURDIR)/.venv/bin:$(CURDIR)/.tools/sam/bin:$(CURDIR)/.tools/uv/bin:$(PATH)
export SAM_CLI_TELEMETRY := 0
# Where it is set, as in images of containers, each process would compile all that it imports.
unexport PYTHONDONTWRITEBYTECODE

help: ## Show this list
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

run: .tools/local ## Deploy on this machine and send real webhooks through; ONCE=1 ends by itself
	@.venv/bin/inlet up $(if $(ONCE),--once) || [ $$? -eq 130 ] # 130: ended by Ctrl-C.

test: .tools/ready ## Run all tests; COVERAGE=1: those without other processes, with their branches
	@# Four on two cores: end-to-end tests mostly wait. In the order of the folders: xdist would run
	@# modules with one slow test last, alone.
	@.venv/bin/pytest --numprocesses 4 --dist loadscope --no-loadscope-reorder $(if $(COVERAGE),--cov tests/unit tests/functions tests/integration)

browser: ## Install Debian's Chromium, for the tests in a browser
	@command -v chromium >/dev/null || log=$$($(if $(shell id -u | grep -x 0),,sudo) sh -c 'export DEBIAN_FRONTEND=noninteractive; \
		apt-get update && apt-get install --yes --no-install-recommends chromium fonts-dejavu-core' </dev/null 2>&1) || { echo "$$log"; exit 1; }

check: .tools/ready ## Lint, types, import rules, template, workflows, lock file, advisories
	@.venv/bin/ruff check && .venv/bin/ruff format --check
	@.venv/bin/mypy
	@.venv/bin/lint-imports
	@$(UV) lock --check --quiet && $(UV) export --quiet --frozen --only-group functions --no-emit-project --no-annotate | diff - layers/dependencies/requirements.txt
	@sam validate --lint && sam validate --lint --template-file sources.yaml
	@.venv/bin/zizmor --offline --pedantic --quiet .github
	@.venv/bin/python -m devtools.supply.audit

chaos: .tools/ready ## Simulate a day: 20,000 webhooks with every injected fault
	@.venv/bin/python -m tests.chaos

lock: $(UV) ## Renew uv.lock, the layer's requirements and the hashes of uv itself
	@$(UV) lock --upgrade && $(UV) export --quiet --frozen --only-group functions --no-emit-project --no-annotate > layers/dependencies/requirements.txt
	@echo uv==$(UV_VERSION) | $(UV) pip compile --quiet --generate-hashes --only-binary :all: --no-annotate --no-header - > $(UV_REQUIREMENTS)

build: .tools/ready ## Build into .aws-sam, with bytecode and a bill of materials
	@sam build --cached --parallel --parameter-overrides Architecture=$(ARCHITECTURE)
	@.venv/bin/python -m devtools.shipping .aws-sam/build && .venv/bin/python -m devtools.supply .aws-sam/build

bench: .tools/ready ## Measure what costs time, as ratios of one run; QUICK=1 for a rough look
	@.venv/bin/python -m benchmarks $(if $(QUICK),--quick)

pictures: .tools/local browser ## Take the README's pictures of the inspector
	@.venv/bin/python -m devtools.pictures

deploy: $(if $(GUIDED),,.deployable) $(if $(BUILT),.tools/ready,build) ## Deploy bridge and sources to AWS; STAGE=dev, staging or prod; GUIDED=1 asks
	@$(if $(GUIDED),.venv/bin/inlet init --stage $(STAGE))
	@sam deploy --config-env $(STAGE) $(CONFIRM)
	@sam deploy --config-env $(STAGE)-sources $(CONFIRM)

# Before the build, which takes a minute; with GUIDED=1 `inlet init` writes what may be missing.
.deployable: .tools/local
	@.venv/bin/python -m devtools.deployable $(STAGE)

clean: ## Remove everything that was made
	@rm -rf .venv .tools .aws-sam .local

.tools/ready: .tools/local
	@echo "Installing sam and checkov ..."
	@UV_PROJECT_ENVIRONMENT=.tools/sam $(UV) sync --frozen --quiet --only-group sam
	@UV_PROJECT_ENVIRONMENT=.tools/checkov $(UV) sync --frozen --quiet --only-group checkov
	@touch $@

# What the local cloud needs.
.tools/local: uv.lock pyproject.toml $(UV)
	@echo "Installing the tools (once; about a minute) ..."
	@$(UV) sync --frozen --quiet
	@UV_PROJECT_ENVIRONMENT=.tools/ministack $(UV) sync --frozen --quiet --only-group ministack
	@touch $@

# Nothing else is fetched without uv, which checks the hashes of uv.lock.
$(UV): $(UV_REQUIREMENTS)
	@python3 -m venv .tools/uv && .tools/uv/bin/python -m pip install --quiet --disable-pip-version-check \
		--require-hashes --only-binary :all: --requirement $< && touch $@

.PHONY: .deployable help run test browser check chaos lock build bench pictures deploy clean
