# Set-up, the main job and the checks. Repeated calls are quick: stamps remember what is installed.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/pip --disable-pip-version-check --quiet

.PHONY: help install serve test lint bench browser lock

help:
	@echo "make serve    安装并启动：建立附带报告的索引，打开网页和API"
	@echo "make test     安装测试所需并运行全部测试"
	@echo "make install  只安装；之后可用 .venv/bin/wenzheng"
	@echo "make lint     检查格式和类型"
	@echo "make bench    测量用时、内存和答题成绩"

install: .venv/installed

.venv/installed: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "需要Python 3.11或更新的版本；可用 make PYTHON=/路径/python3.11 指定。"; exit 1; }
	@echo "安装依赖，第一次需要几分钟……"
	@test -x $(BIN)/pip || $(PYTHON) -m venv .venv
	@$(PIP) install --requirement requirements.lock
	@$(PIP) install --no-deps --editable .
	@touch $@

.venv/installed-dev: .venv/installed requirements-dev.lock
	@$(PIP) install --requirement requirements-dev.lock
	@touch $@

serve: install
	@$(BIN)/wenzheng serve

test: .venv/installed-dev browser
	@$(BIN)/pytest

lint: .venv/installed-dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

bench: install
	@$(BIN)/wenzheng eval qa eval/data/beilun/dev.jsonl
	@$(BIN)/wenzheng eval latency eval/data/beilun/dev.jsonl

# The browser tests drive Chromium; the page needs a font with Chinese characters.
SUDO := $(shell [ "$$(id -u)" = 0 ] || command -v sudo)
browser:
	@if ! command -v chromium >/dev/null || ! fc-list :lang=zh | grep -q .; then \
		command -v apt-get >/dev/null || { echo "请先安装chromium和一种中文字体，再运行 make test。"; exit 1; }; \
		echo "安装浏览器测试所需的chromium和中文字体……"; \
		$(SUDO) apt-get update -qq && \
		DEBIAN_FRONTEND=noninteractive $(SUDO) apt-get install -y -qq chromium fonts-noto-cjk >/dev/null; \
	fi

# Write the lock files anew from the ranges in pyproject.toml.
lock:
	rm -rf build/lock && $(PYTHON) -m venv build/lock
	build/lock/bin/pip install --quiet .
	build/lock/bin/pip freeze --exclude wenzheng | sed 's/+cpu$$//' > requirements.lock
	build/lock/bin/pip install --quiet '.[dev]'
	build/lock/bin/pip freeze --exclude wenzheng | sed 's/+cpu$$//' > requirements-dev.lock
	rm -rf build/lock
