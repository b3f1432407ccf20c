# Set-up, the main job and the checks. Repeated calls are quick: stamps remember what is installed.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/pip --disable-pip-version-check --quiet

.PHONY: help install serve test lint guard bench results browser lock screenshots wheelhouse audit

help:
	@echo "make serve    安装并启动：建立附带报告的索引，打开网页和API"
	@echo "make test     安装测试所需并运行全部测试"
	@echo "make install  只安装；之后可用 .venv/bin/wenzheng"
	@echo "make lint     检查格式和类型"
	@echo "make guard    跑一小段评测，成绩低于下限就失败"
	@echo "make bench    测量用时、内存和答题成绩"
	@echo "make results  评测全部随附的数据集，重写 eval/RESULTS.md"
	@echo "make wheelhouse  下载全部依赖，供不联网的机器安装（docs/operations.md）"
	@echo "make audit    对照漏洞库检查依赖（要联网），并核对已安装的包"

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
	@$(BIN)/pytest -n 2 --dist loadfile

lint: .venv/installed-dev
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

bench: install
	@$(BIN)/wenzheng eval qa eval/data/beilun/dev.jsonl
	@$(BIN)/wenzheng eval latency eval/data/beilun/dev.jsonl

guard: install
	@$(BIN)/wenzheng eval guard

# Evaluate the shipped sets anew; summaries only, so that the held-out sets stay unread.
EVAL := $(BIN)/wenzheng eval
SETS := beilun-dev beilun-test govqa-validation govqa-test arithmetic-dev arithmetic-test
BEILUN := --documents corpus/reports
results: install
	@for set in $(SETS); do \
		file=eval/data/$$(echo $$set | sed 's/-/\//').jsonl; \
		case $$set in beilun-*) where="$(BEILUN)";; *) where="";; esac; \
		$(EVAL) qa $$file $$where --ablation --summary eval/runs/qa-$$set.json && \
		$(EVAL) retrieval $$file $$where --ablation --summary eval/runs/retrieval-$$set.json && \
		$(EVAL) refusal $$file $$where --summary eval/runs/refusal-$$set.json || exit 1; \
	done
	@for kind in noise integration counterfactual; do \
		$(EVAL) rgb eval/data/rgb/$$kind.jsonl --summary eval/runs/rgb-$$kind.json || exit 1; \
	done
	@$(EVAL) latency eval/data/beilun/dev.jsonl --data build/results \
		--summary eval/runs/latency-beilun-dev.json
	@$(EVAL) results eval/runs/*.json > build/RESULTS.md && mv build/RESULTS.md eval/RESULTS.md

# The browser tests drive Chromium; the page needs a font with Chinese characters.
SUDO := $(shell [ "$$(id -u)" = 0 ] || command -v sudo)
browser:
	@if ! command -v chromium >/dev/null || ! fc-list :lang=zh | grep -q .; then \
		command -v apt-get >/dev/null || { echo "请先安装chromium和一种中文字体，再运行 make test。"; exit 1; }; \
		echo "安装浏览器测试所需的chromium和中文字体……"; \
		$(SUDO) apt-get update -qq && \
		DEBIAN_FRONTEND=noninteractive $(SUDO) apt-get install -y -qq chromium fonts-noto-cjk >/dev/null; \
	fi

# Make the pictures of the pages in docs/images anew.
screenshots: .venv/installed-dev browser
	@$(BIN)/python tests/browser/screenshots.py

# Write the lock files anew from the ranges in pyproject.toml.
lock:
	rm -rf build/lock && $(PYTHON) -m venv build/lock
	build/lock/bin/pip install --quiet .
	build/lock/bin/pip freeze --exclude wenzheng | sed 's/+cpu$$//' > requirements.lock
	build/lock/bin/pip install --quiet '.[dev]'
	build/lock/bin/pip freeze --exclude wenzheng | sed 's/+cpu$$//' > requirements-dev.lock
	rm -rf build/lock

# Everything that an installation without internet needs, as wheels; see docs/operations.md.
wheelhouse: .venv/installed
	@$(PIP) wheel --no-deps --requirement requirements.lock 'setuptools>=77.0.3' --wheel-dir wheelhouse
	@$(PIP) wheel --no-deps --wheel-dir wheelhouse .
	@cd wheelhouse && sha256sum *.whl > SHA256SUMS
	@echo "wheelhouse 已就绪：$$(ls wheelhouse/*.whl | wc -l) 个包，$$(du -sh wheelhouse | cut -f1)。"

# Known vulnerabilities of what the lock files name, where the internet is reached; and, without it,
# whether what is installed is what they name and fits together.
AUDIT := build/audit
audit: .venv/installed-dev
	@$(PIP) check
	@$(BIN)/python -m tests.security.installed requirements.lock requirements-dev.lock
	@test -x $(AUDIT)/bin/pip-audit || \
		{ $(PYTHON) -m venv $(AUDIT) && $(AUDIT)/bin/pip install --quiet pip-audit; }
	@$(AUDIT)/bin/pip-audit --strict --no-deps --disable-pip --progress-spinner off \
		--requirement requirements.lock --requirement requirements-dev.lock
