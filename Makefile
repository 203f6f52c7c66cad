# make run       start everything               make demo      start with stand-in providers
# make setup     install all that developing needs, a browser included
# make test      all checks and tests           make test-fast the tests that start no process: seconds
# make check     format, lint, types            make fmt       format the code
# make collected compile the tests, as make test does beside the checks
# make coverage  how much the tests reach       make bench     measure
# make chaos     kill at random                 make schema    write migrations/schema.sql anew
# make lock      pin all packages anew          make licences  write docs/licences.md anew
# make fuzz      ask the interface for programs all that its document allows and forbids
# make deploy SITE=leads.example.com  install or upgrade this Debian host, as root
# make deploy-check URL=https://leads.example.com TOKEN=ppk_…  look at a running installation from outside
# make screenshots  write docs/screenshots anew
# make sbom      write artifacts/sbom.cdx.json, the list of all packages with their hashes (CycloneDX)
# make many-hosts  one installation on eight hosts, of which some are cut off (root)
# make clean     remove what can be made again; the data folder stays

# The embedded Redis comes as a package for 3.11 and 3.12 only, so these go first.
PYTHON ?= $(shell for name in python3.12 python3.11 python3 python3.13 python3.14; do \
	$$name -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2> /dev/null \
	&& echo $$name && break; done)
VENV := .venv/bin/python
RUN_STAMP := .venv/run-$(shell cat requirements.txt requirements.lock | cksum | tr ' ' -)
DEV_STAMP := .venv/dev-$(shell cat requirements*.txt requirements*.lock | cksum | tr ' ' -)
# A test run starts hundreds of processes: compiled code is kept, whatever this shell says, or each would compile all anew.
unexport PYTHONDONTWRITEBYTECODE
# Without compiling all modules, most of which are never used: Python compiles each when it is first imported.
PIP := $(VENV) -m pip --disable-pip-version-check install --no-compile --quiet --quiet
# Where CI tests them, exactly the locked files, known by their hashes and never built; elsewhere the newest ones in bounds.
LOCKED := [("CPython", "Linux", "x86_64", "3", minor) for minor in ("11", "12")]
HERE := (p.python_implementation(), p.system(), p.machine(), *p.python_version_tuple()[:2])
install = if $(VENV) -c 'import platform as p, sys; sys.exit($(HERE) not in $(LOCKED))'; \
	then $(PIP) --require-hashes --only-binary :all: -r $(1).lock; else $(PIP) -r $(1).txt; fi

.PHONY: run demo setup test test-fast coverage chaos check lint types fmt bench schema lock sbom licences clean chromium collected screenshots fuzz deploy deploy-check many-hosts

run: $(RUN_STAMP)
	@exec $(VENV) -I embedded/child.py --death-signal SIGTERM -- $(VENV) manage.py run

deploy:
	@sh deploy/install.sh

# TOKEN, OTHER_TOKEN, EMAIL and PASSWORD may stand in the environment as well, where other users do not see them.
deploy-check: $(RUN_STAMP)
	@PROSPECTPRO_KEY="$$TOKEN" PROSPECTPRO_OTHER_KEY="$$OTHER_TOKEN" PROSPECTPRO_EMAIL="$$EMAIL" \
	  PROSPECTPRO_PASSWORD="$$PASSWORD" $(VENV) manage.py deploy-check "$(URL)"

demo: $(DEV_STAMP)
	@exec $(VENV) -m tests.providers_server.demo

setup: $(DEV_STAMP) chromium
	@echo "All is installed: 'make run' starts ProspectPro, 'make test-fast' tests what needs no server."

test: $(DEV_STAMP) chromium
	@$(MAKE) --no-print-directory -j 2 check collected
	$(VENV) -m pytest -n 6 --dist loadfile --no-loadscope-reorder

# Reads and compiles the tests once, while the checks run: else each of the processes that run them does it anew.
collected: $(DEV_STAMP)
	-@$(VENV) -m pytest --collect-only -q > /dev/null

screenshots: $(DEV_STAMP) chromium
	@$(VENV) -m tests.support.screenshots

# Without servers, browser or any other process; the tests know by themselves (tests/support/processes.py).
test-fast: $(DEV_STAMP)
	@$(VENV) -m pytest -q -n auto --dist loadfile -m "not processes"

# Lines and branches that the fast tests reach; all tests, without the processes they start: make coverage SELECT=
SELECT ?= -m "not processes"
coverage: $(DEV_STAMP)
	@$(VENV) -m pytest -q -n auto --dist loadfile $(SELECT) --cov --cov-report=term:skip-covered

check: lint types

types: $(DEV_STAMP)
	$(VENV) -m mypy .

lint: $(DEV_STAMP)
	$(VENV) -m ruff check .
	$(VENV) -m ruff format --check .

fmt: $(DEV_STAMP)
	$(VENV) -m ruff format .
	$(VENV) -m ruff check --fix .

bench: $(DEV_STAMP)
	@missed=; for program in bench/[a-z]*.py; do \
	  name=bench.$$(basename $$program .py); $(VENV) -m $$name || missed="$$missed $$name"; \
	done; [ -z "$$missed" ] || { echo "Bars were missed:$$missed" >&2; exit 1; }

schema: $(DEV_STAMP)
	$(VENV) -m tests.support.schema_dump

# Pins stay what they are unless requirements*.txt ask for another; the newest ones of all: make lock UPGRADE=--upgrade
UV_LOCK = $(VENV) -m uv pip compile --quiet --no-config --universal --python-version 3.11 --generate-hashes --no-annotate \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock" $(UPGRADE)
lock: $(DEV_STAMP)
	@$(UV_LOCK) requirements.txt --output-file requirements.lock
	@$(UV_LOCK) requirements-dev.txt --constraints requirements.lock --output-file requirements-dev.lock

sbom: $(DEV_STAMP)
	@mkdir -p artifacts
	@$(VENV) -W ignore -m cyclonedx_py requirements --pyproject pyproject.toml \
	  --output-file artifacts/sbom.cdx.json requirements.lock

licences: $(DEV_STAMP)
	@$(VENV) -m tests.support.licences

# 500 random kills, then a soak of SOAK_MIN minutes; of ten billed answers one is lost: make chaos SOAK_MIN=5
SOAK_MIN ?= 30
chaos: $(DEV_STAMP)
	@$(VENV) -m tests.chaos.random_kills --kills 500 --lost-every 10
	@$(VENV) -m tests.chaos.random_kills --kills 1000000 --minutes $(SOAK_MIN) --lost-every 10

many-hosts: $(DEV_STAMP)
	@$(VENV) -m tests.chaos.many_hosts

# As often as one likes: make fuzz CASES=500
CASES ?= 50
fuzz: $(DEV_STAMP)
	@$(VENV) -m tests.api.v1.fuzz --cases $(CASES)

clean:
	rm -rf .venv .coverage .mypy_cache .pytest_cache .ruff_cache artifacts

# A browser for the tests that click: the machine's own, or Debian's package when this user may install it.
chromium: $(DEV_STAMP)
	@$(VENV) -m tests.support.browser > /dev/null || { \
	  echo "The browser tests need Chromium; installing it."; \
	  sudo=; [ "$$(id -u)" = 0 ] || sudo="sudo -n"; \
	  { $$sudo apt-get update -qq && $$sudo apt-get install -y -qq --no-install-recommends chromium; } > /dev/null; \
	  $(VENV) -m tests.support.browser > /dev/null; \
	} || { echo "Chromium was not found and could not be installed: install the package 'chromium'." >&2; exit 1; }

$(RUN_STAMP):
	$(make-venv)
	@[ -e $(DEV_STAMP) ] || { echo "Installing the Python packages; the first time takes about a minute."; \
	  $(call install,requirements); }
	@touch $@

$(DEV_STAMP):
	$(make-venv)
	@echo "Installing the Python packages of the developers; the first time takes about a minute."
	@$(call install,requirements-dev)
	@touch $@

# Python makes no environment in a folder with a colon in its path. Asking for pip also notices a .venv whose making was interrupted.
define make-venv
	@$(VENV) -m pip --version > /dev/null 2>&1 || { \
	  [ -n "$(PYTHON)" ] || { echo "ProspectPro needs Python 3.11 or newer that can make virtual environments" \
	    "(on Debian and Ubuntu: the packages 'python3' and 'python3-venv')." >&2; exit 1; }; \
	  rm -rf .venv; \
	  case "$$PWD" in \
	    *:*) home="$${XDG_CACHE_HOME:-$$HOME/.cache}/prospectpro/$$(printf %s "$$PWD" | cksum | tr ' ' -)"; \
	      $(PYTHON) -m venv "$$home" && ln -s "$$home" .venv ;; \
	    *) $(PYTHON) -m venv .venv ;; \
	  esac; }
endef
