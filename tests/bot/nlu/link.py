"""Runs in the rasa environment: trains the linker alone on the real sentences and links what stdin holds.

Reads {"texts": [..], "later": lexicon, "retired": lexicon}; writes for each text its links, with the names as they are,
and again with each of the other lexicons.
"""

from __future__ import annotations

import json
import sys
import time
import warnings
from pathlib import Path

warnings.simplefilter("ignore")

from rasa.engine.storage.local_model_storage import LocalModelStorage  # noqa: E402
from rasa.engine.storage.resource import Resource  # noqa: E402
from rasa.shared.nlu.constants import TEXT  # noqa: E402
from rasa.shared.nlu.training_data.loading import load_data  # noqa: E402
from rasa.shared.nlu.training_data.message import Message  # noqa: E402

from base.settings import ROOT  # noqa: E402
from bot.nlu.cleaner import Cleaner  # noqa: E402
from bot.nlu.indexes import Indexes  # noqa: E402
from bot.nlu.service_linker import ServiceLinker  # noqa: E402
from knowledge.linking.lexicon import parse_lexicon  # noqa: E402


def main(folder: Path) -> None:
    asked = json.load(sys.stdin)
    cleaner, data = Cleaner(), load_data(str(ROOT / "data" / "nlu"))
    cleaner.process_training_data(data)
    folder.mkdir()
    storage, resource = LocalModelStorage.create(folder), Resource("linker")
    ServiceLinker.create({}, storage, resource, None).train(data)
    linker = ServiceLinker.load({}, storage, resource, None)
    now = link(asked["texts"], cleaner, linker)
    found = {"now": now}
    for when in ("later", "retired"):
        linker._follower.indexes = Indexes.of(parse_lexicon(asked[when]))
        found[when] = link(asked["texts"], cleaner, linker)
    print(json.dumps(found))


def link(texts: list[str], cleaner: Cleaner, linker: ServiceLinker) -> list[dict[str, object]]:
    found = []
    for text in texts:
        message = Message({TEXT: text})
        cleaner.process([message])
        start = time.thread_time()
        linker.process([message])
        found.append({**message.get("linking"), "seconds": time.thread_time() - start})
    return found


if __name__ == "__main__":
    main(Path(sys.argv[1]))
