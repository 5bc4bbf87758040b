# Every target sets itself up: `make run` in a fresh clone is enough. What is missing is installed by apt where that is possible.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules

PYTHON ?= python3.11
BIN := .venv/bin
COMPILE = $(BIN)/uv pip compile --quiet --generate-hashes --python-version 3.11 \
	--python-platform x86_64-unknown-linux-gnu --custom-compile-command 'make lock' $(UPGRADE)
CODE := app tests main.py gunicorn.conf.py

.PHONY: help run test check fix train evaluate fetch accept retrain needs-database propose deploy demo-loop gate bench postgres lock chromium clean

NETWORK ?= digit
FROM ?= database

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: .venv/serve ## start the app on http://127.0.0.1:5000 (PORT=… for another port)
	@exec $(BIN)/python main.py

test: .venv/dev .venv-deployed/serve chromium ## run every test, those in a real browser too
	$(BIN)/python -m pytest

check: .venv/dev ## look for faults in style and types; changes nothing
	$(BIN)/ruff check $(CODE)
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/mypy

fix: .venv/dev ## mend what can be mended mechanically
	$(BIN)/ruff check --fix $(CODE)
	$(BIN)/ruff format $(CODE)

train: .venv/train ## train all networks from nothing (DATA_DIR=… where the data cannot be downloaded)
	$(BIN)/python -m app.training train digit
	$(BIN)/python -m app.training train character
	$(BIN)/python -m app.training train combined

evaluate: .venv/train ## measure the bundled releases on every evaluation set
	$(BIN)/python -m app.training evaluate digit
	$(BIN)/python -m app.training evaluate character
	$(BIN)/python -m app.training evaluate combined

fetch: .venv/serve ## bring the spreadsheet's rows into the database, and take changed labels as decided
	$(BIN)/flask --app main db upgrade
	$(BIN)/flask --app main sheets fetch --accept-labels

accept: .venv/serve ## accept the samples that nobody doubts (NETWORK=digit), where no person reviews them
	$(BIN)/flask --app main samples accept --alphabet $(NETWORK)

retrain: .venv/train ## learn from accepted samples (NETWORK=digit FROM=database|sheets, or SAMPLES=archive.npz)
	$(BIN)/flask --app main db upgrade
	$(BIN)/python -m app.training.retrain_model $(NETWORK) $(if $(SAMPLES),--samples $(SAMPLES),--from-$(FROM)) \
		$(if $(RELEASES),--releases-dir $(RELEASES)) || [ $$? -eq 3 ]  # 3: refused, which is no failure

needs-database: # of a workflow, whose machine has no database of its own worth learning from
	@[ -n "$${DATABASE_URL:-}" ] || { echo "DATABASE_URL is empty. Put the address of the app's database into the repository's secrets (doc/retraining.md)." >&2; exit 1; }

propose: ## push the release that `make retrain RELEASES=app/recognition/weights` made, and open a change with it
	@if [ -z "$$(git status --porcelain app/recognition/weights)" ]; then echo "There is no new release to propose."; exit 0; fi; \
	version=$$(head -n 1 app/recognition/weights/$(NETWORK)/current); \
	git switch --create release-$(NETWORK)-$$version; \
	git add app/recognition/weights; \
	git -c user.name=retrain -c user.email=retrain@localhost commit --quiet --message "Release $(NETWORK)/$$version"; \
	git push --set-upstream origin release-$(NETWORK)-$$version; \
	gh pr create --title "Release $(NETWORK)/$$version" \
		--body-file app/recognition/weights/$(NETWORK)/$$version/comparison/comparison.md

deploy: app.secrets.yaml ## bring this checkout to App Engine (doc/deployment.md)
	gcloud app deploy app.yaml --quiet

app.secrets.yaml: # written where it is missing, from what a workflow has in APP_SECRETS; nothing shows it
	@[ -n "$${APP_SECRETS:-}" ] || { echo "There is no app.secrets.yaml, and APP_SECRETS is empty: see doc/deployment.md." >&2; exit 1; }
	@umask 077; printf '%s\n' "$$APP_SECRETS" >$@

demo-loop: .venv/train .venv/dev ## show the whole learning loop: corrections, retraining, release, rollback (DATA_DIR=…)
	$(BIN)/python -m tests.bench.demo_loop

gate: .venv/train .venv/dev ## show at full size what the gate and the model store refuse (DATA_DIR=…)
	$(BIN)/python -m tests.bench.refusals

bench: .venv/dev ## measure requests a second, latency and memory
	$(BIN)/python -m tests.bench

postgres: .venv/dev ## run the tests of what is kept on a PostgreSQL of their own, too
	@compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || $(call apt_install,postgresql)
	$(BIN)/python -m tests.postgres

lock: .venv/dev ## write the requirements files anew from pyproject.toml (UPGRADE=--upgrade for newer versions)
	$(COMPILE) --group dev --output-file requirements-dev.txt
	$(COMPILE) --group train --constraints requirements-dev.txt --output-file requirements-train.txt
	$(COMPILE) --group serve --constraints requirements-dev.txt --output-file requirements.txt

clean: ## remove what make built; samples and releases in instance/ stay
	rm -rf .venv .venv-deployed build .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find app tests -type d -name __pycache__ -prune -exec rm -rf {} +

# Set-up. An empty file in an environment says that a lock is installed there; a newer lock makes it stale.
# .venv grows from serving to training to development; .venv-deployed holds what a deployment has, never more.
.venv/bin/python:
	@$(call new_environment,.venv)

.venv/serve: requirements.txt | .venv/bin/python
	@$(call install,.venv,$<)

.venv/train .venv/dev: .venv/%: requirements-%.txt | .venv/bin/python
	@$(call install,.venv,$<)

.venv-deployed/serve: requirements.txt
	@$(call new_environment,.venv-deployed)
	@$(call install,.venv-deployed,$<)

chromium:
	@[ -x /usr/bin/chromium ] || $(call apt_install,chromium)

# $(call new_environment,FOLDER)
define new_environment
{ command -v $(PYTHON) >/dev/null || $(call apt_install,$(PYTHON)); } && \
	{ $(PYTHON) -c 'import ensurepip' 2>/dev/null || $(call apt_install,$(PYTHON)-venv); } && \
	$(PYTHON) -m venv --clear $(1)
endef

# $(call install,FOLDER,LOCK): into an environment, and leaves the target of the rule as the stamp.
define install
echo "Installing $(2) into $(1) (once) …" >&2; \
	$(1)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps -r $(2) && touch $@
endef

# $(call apt_install,PACKAGE): installs it where we may (root, or sudo that asks nothing), else says what to do.
define apt_install
{ sudo=; [ "$$(id -u)" = 0 ] || sudo='sudo -n'; echo "Installing $(1) …" >&2; \
	$$sudo apt-get update -qq && $$sudo env DEBIAN_FRONTEND=noninteractive \
	apt-get install -qq --no-install-recommends $(1) >/dev/null; } \
	|| { echo "$(1) is missing. Install it (Debian, Ubuntu: sudo apt-get install $(1)), then run make again." >&2; exit 1; }
endef
