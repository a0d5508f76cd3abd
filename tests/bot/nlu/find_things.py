"""Run in Rasa's environment: what the texts on stdin name, for the day and with the papers that stand beside them."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import date
from time import thread_time

from bot.nlu.things import ThingIndex
from knowledge.linking.lexicon import DocumentNames

asked = json.load(sys.stdin)
start = thread_time()
index = ThingIndex([DocumentNames(id, tuple(names)) for id, names in asked["documents"].items()])
made = thread_time() - start
found = []
for text in asked["texts"]:
    found.append([asdict(thing) for thing in index.find(text, date.fromisoformat(asked["today"]))])
longest = []
for text in asked["long"]:
    start = thread_time()
    index.find(text, date.fromisoformat(asked["today"]))
    longest.append(thread_time() - start)
print(json.dumps({"made": made, "found": found, "long": longest, "loaded": sorted(sys.modules)}))
