# The two main targets: `make site` builds the site, `make test` runs the tests. Both set up what they need.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
PYTHON ?= python3
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_REQUIRE_VIRTUALENV := 1
export NO_MKDOCS_2_WARNING := 1
# Arguments reach the shell through the environment ("$$BASE"), so they cannot become commands.
export BASE ?= origin/main
export HEAD ADDRESS AGREED DATE SUMMARY FILE FOLDER TAG OTHER
# $(call need,CONDITION,MESSAGE) stops with the message (no comma or apostrophe in it) unless the Bash condition is true.
need = @[[ $(1) ]] || { echo '$(2)' >&2; exit 2; }
need_file = $(call need,! -d "$$SUMMARY",SUMMARY is a folder; give the name of a file: make $@ SUMMARY=summary.md)
need_python = @command -v "$(1)" > /dev/null || { echo "There is no $(1) here; name a Python that is: make $(2)" >&2; exit 2; }; \
	"$(1)" -c 'import sys; sys.exit("Python 3.11 or later is needed; this is %d.%d. Try: make $(2)" % sys.version_info[:2] if sys.version_info < (3, 11) else 0)'
# Makes $@ while no other make sets up anything; if another has made it in the meantime, there is nothing left to do. macOS has no flock.
alone = @$(PYTHON) -c 'import fcntl, os, sys; lock = os.open(".setup.lock", os.O_CREAT | os.O_RDWR); os.set_inheritable(lock, True); \
	fcntl.flock(lock, fcntl.LOCK_EX); os.execvp(sys.argv[1], sys.argv[1:])' $(MAKE) -s SETTING_UP=yes $@

# Checks contexts, expressions and scripts in the workflows. Go's checksum database guarantees that a version never changes.
ACTIONLINT := go run github.com/rhysd/actionlint/cmd/actionlint@v1.7.12

.PHONY: site test test-all coverage lint workflows zip serve check data words links accessibility guides changes protected audit external overdue \
	missing release preview release-notes sbom suggestion bench zensical other-python lock accept clean help
.DEFAULT_GOAL := help

help: ## List the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' Makefile

# Without npm, a laptop builds the site without the form. A publishing machine, which sets CI, must not.
site: .venv/ready ## Build the site into site/
	@$(MAKE) -s node_modules/form || { echo "npm could not set up the form at /edit/" >&2; \
		if [ "$${CI:-false}" = false ]; then echo "The site is built without it" >&2; \
		else echo "The site is not built without it, because CI is set" >&2; exit 1; fi; }
	@$(BIN)/svf build

test: lint node_modules/ready ## Run lint and the tests: about four minutes on two cores
	@echo "Running the tests" >&2
	@$(BIN)/python -m pytest -q -n auto --dist loadscope --no-loadscope-reorder

test-all: lint node_modules/ready ## Run lint and all tests, over every page and record: about 20 minutes
	@echo "Running all tests" >&2
	@RANDOM_EDITS="$${RANDOM_EDITS:-200}" $(BIN)/python -m pytest -q -n auto --dist loadscope --no-loadscope-reorder --all

coverage: node_modules/ready ## Run all tests; fail if they reach less than 95 % of the lines and branches of macros/
	@$(BIN)/coverage erase
	@$(BIN)/coverage run -m pytest -q --all
	@$(BIN)/coverage combine -q
	@$(BIN)/coverage report

lint: .venv/ready ## Check style, types, imports and spelling, and the workflows if Go is installed
	@echo "Checking style, types and spelling" >&2
	@$(BIN)/ruff check -q .
	@$(BIN)/ruff format -q --check .
	@$(BIN)/mypy --no-error-summary
	@found=$$($(BIN)/lint-imports --no-cache 2>&1) || { echo "$$found"; exit 1; }
	@$(BIN)/codespell
	@if $(ACTIONLINT) -version > /dev/null 2>&1; then $(ACTIONLINT); \
		else echo "actionlint left out: it needs Go 1.21 or later, and the network the first time" >&2; fi

workflows: ## Check the workflows with actionlint and shellcheck (both needed)
	@shellcheck --version > /dev/null
	@$(ACTIONLINT)

zip: site ## Pack the site as framework.zip, which opens from a folder without a server
	@$(BIN)/svf zip

serve: .venv/ready ## Serve the site at 127.0.0.1:8000, or at ADDRESS, and reload pages when a file is saved
	@$(MAKE) -s node_modules/form || echo "npm could not set up the form at /edit/; the site is shown without it" >&2
	@$(BIN)/svf serve $${ADDRESS:+--address "$$ADDRESS"}

check: .venv/ready ## Check records and pages
	@$(BIN)/svf check

# The checks of a pull request, one target each; .github/workflows/check.yml calls them.

data: .venv/ready ## Check records and pages, except their wording
	@$(BIN)/svf check --only data

words: .venv/ready ## Check the wording of records and pages
	@$(BIN)/svf check --only words

links: site ## Build the site and follow every link in it
	@$(BIN)/python -m tests.crawl

accessibility: node_modules/ready ## Test every page against WCAG 2.2 AA in a browser
	@$(BIN)/python -m pytest -q --all tests/browser/test_accessibility.py

guides: .venv/ready ## Test the printed guides: complete, tagged, dated
	@$(BIN)/python -m pytest -q --all tests/outputs/test_guides.py tests/outputs/test_typst_compile.py

changes: .venv/ready ## Describe what changes for readers since BASE (default origin/main); also appends Markdown to the file SUMMARY
	$(need_file)
	@$(BIN)/svf diff $${SUMMARY:+--summary "$$SUMMARY"} -- "$${BASE:-origin/main}" "$$HEAD"

protected: .venv/ready ## Tell the steering group what it must decide since BASE; AGREED=yes says that it agrees
	$(call need,"$$AGREED" =~ ^(yes|no|)$$,AGREED is yes or no: make protected AGREED=yes)
	@flag=; if [ "$$AGREED" = yes ]; then flag=--agreed; fi; $(BIN)/svf protected $$flag -- "$${BASE:-origin/main}" "$$HEAD"

# Weekly checks, previews and releases.

audit: .supply/ready node_modules/form ## List packages with known vulnerabilities (needs the network), as Markdown in the file SUMMARY if given
	$(need_file)
	@unsafe=0; { echo "Results from pip-audit and npm audit."; echo; \
		.supply/bin/pip-audit -f markdown --progress-spinner off --strict --disable-pip --require-hashes -r requirements.lock || unsafe=1; \
		echo; PATH="$$PATH:$(CURDIR)/$(BIN)" npm audit --omit=dev || unsafe=1; } > "$${SUMMARY:-/dev/stdout}" 2>&1; exit $$unsafe

sbom: .supply/ready node_modules/form ## List every package and licence in sbom/ (CycloneDX)
	@mkdir -p sbom
	@.supply/bin/cyclonedx-py environment --pyproject pyproject.toml --output-reproducible --of JSON -o sbom/python.cdx.json $(BIN)/python
	@PATH="$$PATH:$(CURDIR)/$(BIN)" npm sbom --omit=dev --package-lock-only --sbom-format=cyclonedx > sbom/npm.cdx.json
	@.supply/bin/pip-licenses --python=$(BIN)/python --format=markdown --with-urls --output-file=sbom/licences.md > /dev/null

external: site ## Follow the links to other sites (needs the network)
	$(need_file)
	@$(BIN)/python -m tests.crawl $${SUMMARY:+--summary "$$SUMMARY"} external

overdue: .venv/ready ## List the records whose review is overdue today, or on DATE (2026-12-31)
	$(need_file)
	@$(BIN)/svf check --only overdue $${SUMMARY:+--summary "$$SUMMARY"} --due "$${DATE:-$$(date +%F)}"

missing: .venv/ready ## Name everything that is missing before an edition can be released today, or on DATE; writes nothing
	@$(BIN)/svf release --dry-run $${DATE:+--day "$$DATE"}

release: .venv/ready ## Release the edition that data/site.yml names, today: changelog, commit and tag
	@$(BIN)/svf release $${DATE:+--day "$$DATE"}

preview: .venv/ready ## Unpack FILE, a zip of the site from an untrusted source, as FOLDER, after checking it
	$(call need,-n "$$FILE" && -n "$$FOLDER",Give the packed copy and a new folder for it: make preview FILE=framework.zip FOLDER=preview)
	@$(BIN)/svf unpack -- "$$FILE" "$$FOLDER"

release-notes: .venv/ready ## Print the section of CHANGELOG.md for TAG (edition-2026-11)
	$(call need,-n "$$TAG",Give the tag of an edition: make release-notes TAG=edition-2026-11)
	@$(BIN)/svf notes -- "$$TAG"

suggestion: .venv/ready ## Apply a suggestion (ISSUE_BODY: its text; ISSUE: its number, if any); prints the answer, or puts it into the folder ANSWER
	$(call need,-n "$${ISSUE_BODY+set}",Give the text of the suggestion: ISSUE_BODY="$$(cat suggestion-2f.txt)" make suggestion)
	@if [ -n "$${ANSWER-}" ]; then mkdir -p "$$ANSWER"; set -- --answer "$$ANSWER/answer.md" --title "$$ANSWER/title.md"; fi; \
		$(BIN)/svf suggest $${ISSUE:+--issue "$$ISSUE"} "$$@"

zensical: node_modules/ready ## Build the site with Zensical too, and compare
	@$(BIN)/python -m pytest -q --all tests/end_to_end/test_zensical.py

other-python: node_modules/ready ## Build the site with another Python too (OTHER=python3.12; default python3.13), and compare every byte
	$(call need_python,$${OTHER:-python3.13},other-python OTHER=python3.12)
	@"$${OTHER:-python3.13}" -m venv --clear .other
	@.other/bin/python -m pip install -q --require-hashes -r requirements.lock
	@OTHER_PYTHON=.other/bin/python $(BIN)/python -m pytest -q --all tests/site_build/test_reproducible.py


bench: .venv/ready ## Run the benchmarks and print their tables
	@$(BIN)/python -m tests.benchmarks

accept: .venv/ready ## Accept the current output of the tests as expected
	@$(BIN)/python -m pytest -q --accept --all tests

lock: .venv/ready ## Update requirements*.lock from pyproject.toml, and package-lock.json from package.json
	@$(BIN)/python -m pip install -q "$$(sed -nE 's/^ *"(uv==[0-9.]+)".*/\1/p' pyproject.toml)"
	@UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --group test pyproject.toml -o requirements.lock
	@UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --group node -o requirements-node.lock
	@UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --group supply -o requirements-supply.lock
	@PATH="$$PATH:$(CURDIR)/$(BIN)" npm install --package-lock-only --omit-lockfile-registry-resolved --ignore-scripts --no-audit --no-fund

clean: ## Delete everything that was built and set up
	rm -rf .venv .venv.old .other .supply node_modules site sbom framework.zip .site-* .build.lock .setup.lock .cache .*_cache .coverage* .hypothesis

.supply/ready: requirements-supply.lock
	@$(PYTHON) -m venv --clear .supply
	@.supply/bin/python -m pip install -q --require-hashes -r requirements-supply.lock
	@touch $@

.venv/ready: requirements.lock pyproject.toml
ifndef SETTING_UP
	$(call need_python,$(PYTHON),PYTHON=python3.12)
	@echo "Setting up .venv/ (once; it takes a minute)" >&2
	$(alone)
else
	@if [ -e $@ ]; then rm -rf .venv.old; mv .venv .venv.old; fi
	@{ $(PYTHON) -m venv --clear .venv && $(BIN)/python -m pip install -q --require-hashes -r requirements.lock && \
		$(BIN)/python -m pip install -q --no-deps --no-build-isolation -e . && touch $@ && rm -rf .venv.old; } || { \
		if [ -e .venv.old ]; then rm -rf .venv; mv .venv.old .venv; fi; \
		echo "Set-up failed. It needs the network: run it again when you are connected." >&2; exit 1; }
endif

# The npm packages of the site (the form at /edit/), and those of the tests. npm ci deletes what was there before.
NPM = PATH="$$PATH:$(CURDIR)/$(BIN)" npm ci --silent --ignore-scripts --no-audit --no-fund
NPM_NEEDS = package-lock.json package.json requirements-node.lock .venv/ready

node_modules/form node_modules/ready: $(NPM_NEEDS)
ifndef SETTING_UP
	@echo "Setting up node_modules/ (once)" >&2
	$(alone)
else
	@command -v npm > /dev/null || $(BIN)/python -m pip install -q --require-hashes -r requirements-node.lock
	@$(NPM) $(if $(filter %/form,$@),--omit=dev)
	@touch node_modules/form $@
endif
