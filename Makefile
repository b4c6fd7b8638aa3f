# Two commands for a newcomer: `make audit` and `make test`. Each sets up .venv first, once.
# Needs GNU make, Python 3.11 or newer, and a way to the Python package index; nothing else is installed by hand.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SET_UP := $(VENV)/set-up
JAVA := openjdk-17-jre-headless
SAMPLE := params/qinghe-2020-autumn.yaml
REPORT := runs/990122-2020-autumn/report.html
CITY_REPORT := runs/9901-2020-autumn/report.html
# Two processes, each a file at a time: what a file's tests share is made once. More would want more memory.
SIDE_BY_SIDE := --numprocesses 2 --dist loadfile

.PHONY: setup spark audit test lint unit lock docs site samples lab app bundle clean
.DEFAULT_GOAL := audit

setup: $(SET_UP)

# uv itself is one of the lock's entries, so pip checks its hash too; uv then installs the rest, several times faster
# than pip, and all is compiled once (else every kernel start would compile pandas anew).
$(SET_UP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "$(PYTHON) is missing or older than 3.11: install Python 3.11 or newer, or name one: make PYTHON=python3.12 setup" >&2; \
	  echo "$(PYTHON) 不存在或低于 3.11：请安装 Python 3.11 以上版本，或指定：make PYTHON=python3.12 setup" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { \
	  echo "venv failed; on Debian and Ubuntu: apt-get install python3-venv" >&2; rm -rf $(VENV); exit 1; }
	@awk '/^[^ #]/ { uv = /^uv==/ } uv' requirements.lock > $(VENV)/uv.lock
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(VENV)/uv.lock
	@UV_COMPILE_BYTECODE=1 $(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps -e .
	@$(BIN)/python -m compileall -q auditlib samples
	@touch $@

# An extra: PySpark by its lock, which is what a run needs and PySpark, and a Java to run it.
spark: setup
	@command -v java >/dev/null || test -n "$$JAVA_HOME" || { \
	  if [ "$$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; \
	  then apt-get update -qq && apt-get install -qq -y --no-install-recommends $(JAVA) >/dev/null; \
	  else echo "no Java here: install one, 17 or newer (Debian, Ubuntu: sudo apt-get install $(JAVA))" >&2; \
	    echo "没有 Java：请安装 17 以上版本（Debian、Ubuntu：sudo apt-get install $(JAVA)）" >&2; exit 1; fi; }
	@UV_COMPILE_BYTECODE=1 $(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements-spark.lock

audit: setup
	@$(BIN)/auditlib demo
	@echo "报告 · report: $(CURDIR)/$(REPORT)"
	@echo "市级复查报告 · the city's report: $(CURDIR)/$(CITY_REPORT)"

# Style first, then everything that pytest runs: tests/, and the notebooks through nbval.
# The browser tests need Chromium; .ci/run installs it, elsewhere they run where it is there.
test: lint
	@if command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null; \
	then skip=; else skip=--ignore=tests/browser; \
	  echo "no chromium here: tests/browser left out (apt-get install chromium)" >&2; fi; \
	$(BIN)/python -m pytest $(SIDE_BY_SIDE) --nbval-lax --nbval-current-env $$skip

# The quick half: no notebooks, no browser.
unit: setup
	@$(BIN)/python -m pytest $(SIDE_BY_SIDE) -p no:nbval --ignore=tests/browser tests

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# requirements.lock for development, requirements-run.lock what a run needs of it: for a bureau's computer;
# requirements-spark.lock the same and PySpark: for the computers of a cluster.
# Keeps every pin that still fits pyproject.toml; `make lock UPGRADE=--upgrade` renews them all.
lock: setup
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --group dev $(UPGRADE) \
	  --custom-compile-command "make lock" pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-annotate -c requirements.lock \
	  --custom-compile-command "make lock" pyproject.toml -o requirements-run.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-annotate -c requirements.lock \
	  --extra spark --custom-compile-command "make lock" pyproject.toml -o requirements-spark.lock
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --no-annotate --group site \
	  -c requirements.lock --custom-compile-command "make lock" -o requirements-site.lock

docs: setup
	$(BIN)/python -m auditlib.documents

# build/site/zh and build/site/en, from the pages in docs. The generator is fetched once; it and the pages fetch nothing.
site: docs
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements-site.lock
	@$(BIN)/python docs/site/assemble.py build/site
	@cd build/site && for language in zh en; do $(CURDIR)/$(BIN)/zensical build --strict -f $$language.yml || exit 1; done
	@echo "$(CURDIR)/build/site/zh/docs/site/index.zh-CN.html"
	@echo "$(CURDIR)/build/site/en/docs/site/index.html"

# The field sheets come last: what is drawn depends on what the counties deliver and the rules find.
samples: setup
	$(BIN)/python -m samples
	$(BIN)/python -m samples.demonstration

lab: setup
	$(BIN)/auditlib lab

app: setup
	$(BIN)/auditlib app

# One zip in dist/ for a Windows computer without internet. EMBED: the embeddable Python of python.org, fetched by hand.
bundle: setup
	@$(BIN)/python -m bundle $(if $(EMBED),--python "$(EMBED)")

clean:
	rm -rf $(VENV) runs .mypy_cache .pytest_cache .ruff_cache .hypothesis
