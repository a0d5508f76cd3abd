# The two commands of a newcomer: `make run` and `make test`. ./banshi makes the environments when they are missing.
PYTHON_DEV = .venv/app/bin/python
COMPILE = .venv/tools/bin/uv pip compile --quiet --universal --python-version 3.10 --fork-strategy fewest \
	--generate-hashes --no-annotate --custom-compile-command "make lock"

.PHONY: run test lint lock bench bench-stock eval clean
export STRICT FULL

run:
	@./banshi run

test: lint
	$(PYTHON_DEV) -m pytest

lint:
	@scripts/check

# Compiles the requirement files from pyproject.toml's groups; deletes nothing, so versions move only where they must.
lock: .venv/tools/requirements.txt
	$(COMPILE) --group app -o requirements/app.txt
	$(COMPILE) --group app --group dev -c requirements/app.txt -o requirements/dev.txt
	$(COMPILE) --group rasa -o requirements/rasa.txt
	$(COMPILE) --group stock -o requirements/stock.txt
	$(COMPILE) --group tools -o requirements/tools.txt

.venv/tools/requirements.txt:
	python3 requirements/install.py tools

bench:
	@./banshi install
	$(PYTHON_DEV) -m bench

bench-stock:
	@./banshi install
	./banshi stock --version >/dev/null
	$(PYTHON_DEV) -m bench stock

# On BANSHI_EVAL_SET, where that is set, and on bench/questions/.
eval:
	@./banshi eval --report docs/eval.md

# Models and caches; the state in var/ (database, secret) and the environments stay.
clean:
	rm -rf var/models var/log models .rasa .mypy_cache .pytest_cache .ruff_cache .hypothesis
	find . -path ./.venv -prune -o -name __pycache__ -type d -exec rm -rf {} +
