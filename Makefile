# The words of this project. `make help` lists them.
PYTHON ?= python3
START = @command -v $(PYTHON) >/dev/null 2>&1 \
	|| { echo "找不到 Python：请安装 Python 3.11 或更新的版本。 There is no Python: install Python 3.11 or newer." >&2; exit 1; }; \
	exec $(PYTHON) -m webapp.cli.bootstrap

.DEFAULT_GOAL := help
.PHONY: help run demo-wait test check soak conformance bench screenshots docs bundle migrate setup tidy lock where

help: ## list these words
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

run: ## install, build, migrate, load the demo, serve on 127.0.0.1 (PORT, DATABASE_URL, ZAISHANG_HOME)
	$(START) run

demo-wait: ## wait until the demo cases are loaded
	$(START) demo-wait

test: ## everything: linters, types, import contracts, all tests, both databases, a browser (ARGS="-k word")
	$(START) test

check: ## the quick round before a commit: no browser, SQLite only, nothing slow (ARGS="-k word")
	$(START) check

soak: ## the property and fault tests with large numbers
	$(START) soak

conformance: ## public diagrams and decision tables against our engine (CONFORMANCE_DATA=folder)
	$(START) conformance

bench: ## measure and print ratios (ARGS="...")
	$(START) bench

screenshots: ## take the pictures of the documentation anew
	$(START) screenshots

docs: ## build the documentation as a site into build/docs
	$(START) docs

bundle: ## everything for a machine without a network, into build/zaishang-offline.tar.gz
	$(START) bundle

migrate: ## bring the database named by DATABASE_URL to the newest schema
	$(START) migrate

setup: ## install everything for development and stop there
	$(START) setup

tidy: ## format the sources and mend what the linter can mend
	$(START) tidy

lock: ## write constraints.txt and the front end's lock file anew
	$(START) lock

where: ## every file about a noun, floor by floor (NOUN=visits)
	@test -n "$(NOUN)" || { echo "请给出名词，例如 make where NOUN=visits。 Name a noun, for example make where NOUN=visits." >&2; exit 1; }
	@for floor in webapp/web webapp/cli webapp/services webapp/queries webapp/engine webapp/persistence \
		webapp/exchange webapp/crypto webapp/domain workflows migrations tests frontend docs; do \
		find $$floor \( -name node_modules -o -name __pycache__ -o -path webapp/web/static \) -prune \
			-o -ipath "*$(NOUN)*" -type f -print 2>/dev/null | sort; \
	done
