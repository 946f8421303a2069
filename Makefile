# The commands of the project. Settings come from the environment; README lists them.

.DEFAULT_GOAL := help
.PHONY: help run dev test test-postgres15 check bench bench-links drill drill-restore drill-two-hosts picture installed installed-for-tests browser
.NOTPARALLEL:

python := .venv/bin/python
# Tests and checks have a database of their own and know nothing of the one who runs them.
apart := env -u ALLOWED_HOSTS -u BACKUP_BEFORE_UPGRADE -u BACKUP_KEEP_DAYS -u DATABASE_POOL_URL -u DATABASE_URL -u DEBUG \
	-u EMAIL_HOST -u HOST -u HSTS_PRELOAD -u HTTPS -u PORT -u REQUIRE_SECOND_FACTOR -u SECRET_KEY -u SITE_ADDRESS \
	-u SITE_NAME -u STARTING_CONTENT -u TIME_ZONE -u TRUSTED_PROXIES -u WEB_CONCURRENCY DURABLE=false LINK_CHECKS=false
tested := $(apart) DATA_DIR=var/test
as_in_production := HTTPS=true ALLOWED_HOSTS=example.org \
	SECRET_KEY=$$($(python) -c 'import secrets; print(secrets.token_urlsafe(64))')

help: ## List these commands
	@awk -F ': .*## ' '/^[a-z0-9-]+:.*## / { printf "make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: installed ## Serve the site as in production, at http://127.0.0.1:8000 or HOST and PORT
	@PYTHONUNBUFFERED=1 exec $(python) manage.py serve

dev: installed ## Serve the same data with DEBUG on; restart when the code changes
	@DEBUG=true PYTHONUNBUFFERED=1 exec $(python) manage.py serve --reload

test: installed-for-tests browser ## Run all tests, and everything in check alongside them
	@checked=$$(mktemp); $(MAKE) --no-print-directory check >"$$checked" 2>&1 & check=$$!; \
	trap 'kill $$check 2>/dev/null; rm -f "$$checked"' EXIT; \
	echo 'pytest, and make check, whose words come at the end'; \
	$(tested) $(python) -m pytest -n auto --durations=10; tests=$$?; \
	wait $$check; check_failed=$$?; cat "$$checked"; \
	exit $$((tests || check_failed))

test-postgres15: installed-for-tests ## Run the tests, except those in a browser, on the system's PostgreSQL 15
	@$(tested) $(python) -m tests.postgres15 -n auto --ignore=tests/browser --ignore=tests/commands/test_serve.py \
		--ignore=tests/config/test_embedded_postgres.py --ignore=tests/test_make_run.py

check: installed-for-tests ## Check lint, format, types, templates, migrations, and deployment settings
	$(python) -m ruff check .
	$(python) -m ruff format --check .
	@echo mypy config library
	@$(tested) $(python) -m mypy config library
	find templates -name '*.html' -exec .venv/bin/djade --check --target-version 5.2 {} +
	@echo manage.py makemigrations --check
	@$(tested) $(python) manage.py makemigrations --check --dry-run
	@echo manage.py check --deploy
	@$(tested) $(as_in_production) $(python) manage.py check --deploy --fail-level WARNING

bench: installed-for-tests ## Measure pages, import, and size of a library of N=100000 resources
	@$(apart) DATA_DIR=var/bench/$(or $(N),100000) $(python) -m tests.bench $(or $(N),100000)

bench-links: installed-for-tests ## Let the link checker loose on a made-up Internet of 60 days (SEEDS=20)
	@$(tested) $(python) -m tests.bench.links $(or $(SEEDS),20)

drill: installed-for-tests ## Kill a site 20 times during edits, then look for every edit (SEED=7)
	@$(apart) $(python) -m tests.drill $(SEED)

drill-restore: installed-for-tests ## Kill backups and restores every second, then measure N=100000 resources
	@$(apart) $(python) -m tests.maintenance.drill $(or $(N),100000)

drill-two-hosts: installed-for-tests ## Test the promises of two hosts with one database, with real servers
	@$(apart) $(python) -m tests.drill.two_hosts

picture: installed-for-tests browser ## Take the pictures in the README and docs/
	$(tested) $(python) -m tests.browser.take_picture

installed installed-for-tests: lock = $(if $(filter installed,$@),requirements.txt,requirements-dev.txt)
installed installed-for-tests:
	@if [ -n "$(PYTHON)" ] && ! $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
		echo 'PYTHON is $(PYTHON), and that is no Python 3.11 or newer: name another, or none.' >&2; exit 1; \
	fi; \
	for python in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11; do \
		$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && exec $$python install.py $(lock); \
	done; \
	echo 'Python 3.11 or newer is needed and was not found; PYTHON=/its/path make ... names one.' >&2; exit 1

# One without windows is the quickest; with another one at hand, no list of packages is asked for to get it.
browser:
	@found() { command -v chromium-headless-shell || command -v chromium || command -v chromium-browser || \
		command -v google-chrome; } >/dev/null; \
	install() { DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-remove "$$1"; } >/dev/null 2>&1; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		found || { echo 'Installing Chromium for the tests ...'; apt-get update -qq >/dev/null 2>&1; }; \
		command -v chromium-headless-shell >/dev/null || install chromium-headless-shell || found || install chromium; \
	fi; \
	found && exit 0; \
	[ "$$CI" != true ] || { echo 'There is no Chromium, and CI does not do without: install one.' >&2; exit 1; }; \
	echo 'No Chromium was found and none could be installed: the browser tests are skipped.'
