"""Runs in the rasa environment: what our importer and Rasa's own make of each path that is named, as fingerprints or errors."""

from __future__ import annotations

import json
import logging
import sys

from rasa.shared.exceptions import YamlException
from rasa.shared.importers.importer import TrainingDataImporter
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.message import Message

from bot.nlu import importer
from bot.nlu.importer import Importer


class Left(logging.Handler):
    """Keeps the files that our importer says it left to Rasa's own reader."""

    def __init__(self) -> None:
        super().__init__()
        self.files: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.files += map(str, record.args or ())


def read(kind: type[TrainingDataImporter], path: str) -> str:
    try:
        sentences = kind(training_data_paths=[path]).get_nlu_data()
        # Ours take their fingerprints in their own way: both are taken in Rasa's.
        sentences.training_examples = [Message(one.data) for one in sentences.training_examples]
        return sentences.fingerprint()
    except YamlException as error:
        return type(error).__name__


def main() -> None:
    left = Left()
    importer.logger.addHandler(left)
    importer.logger.setLevel(logging.INFO)
    paths = sys.argv[1:]
    ours = {path: read(Importer, path) for path in paths}
    rasas = {path: read(RasaFileImporter, path) for path in paths}
    print(json.dumps({"ours": ours, "rasas": rasas, "left_to_rasa": left.files}))


if __name__ == "__main__":
    main()
