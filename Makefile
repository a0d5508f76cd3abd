UV := .venv/tools/bin/uv
COMPILE = $(UV) pip compile --quiet --universal --python-version 3.10 --fork-strategy fewest \
	--generate-hashes --no-annotate --custom-compile-command "make lock"

lock:
	$(COMPILE) --group app -o requirements/app.txt
	$(COMPILE) --group app --group dev -c requirements/app.txt -o requirements/dev.txt
	$(COMPILE) --group rasa -o requirements/rasa.txt
	$(COMPILE) --group stock -o requirements/stock.txt
	$(COMPILE) --group tools -o requirements/tools.txt
