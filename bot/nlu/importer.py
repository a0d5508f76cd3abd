"""How Rasa gets its training data: as from its own importer, but the sentences are read once, and by libyaml.

Rasa asks for the sentences three times in one training. Its own reader reads them each time, twice over and in Python:
a quarter of all the time that training took. Then it copies all of them eleven times and takes as many fingerprints of
each, word by word: another quarter, once there were 18,000.
"""

from __future__ import annotations

import copy
import json
import logging
from collections.abc import Iterator
from functools import cached_property
from hashlib import md5
from pathlib import Path
from typing import Any

import yaml
from rasa.shared.constants import LATEST_TRAINING_DATA_FORMAT_VERSION
from rasa.shared.data import get_data_files, is_nlu_file
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.formats.rasa_yaml import STRIP_SYMBOLS
from rasa.shared.nlu.training_data.loading import load_data
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

logger = logging.getLogger(__name__)

_ENTITY = ("](", "]{")  # one of these stands in every sentence in which something is marked


class Importer(RasaFileImporter):
    """Named in config.yml. Stories, domain and configuration are Rasa's own importer's."""

    def __init__(
        self,
        config_file: str | None = None,
        domain_path: str | None = None,
        training_data_paths: list[str] | str | None = None,
    ) -> None:
        super().__init__(config_file, domain_path, training_data_paths)
        self._files = get_data_files(training_data_paths, is_nlu_file)

    def get_nlu_data(self, language: str | None = None) -> TrainingData:
        """All sentences; whatever is not a file of plain blocks is read by Rasa, which also tells what is wrong with it."""
        return self._sentences

    @cached_property
    def _sentences(self) -> TrainingData:
        messages: list[Message] = []
        others: list[TrainingData] = []
        for file in self._files:
            blocks = _plain_blocks(Path(file).read_text("utf-8"))
            if blocks is None:
                logger.info("left to Rasa's own reader: %s", file)
                others.append(load_data(file))
            else:
                messages += (message for block in blocks for message in _messages(block))
        sentences = TrainingData(messages)
        return sentences.merge(*others) if others else sentences


class Sentence(Message):  # type: ignore[misc]  # untyped
    """A message that is quick to copy and to tell from others; what it holds is set anew, never changed in place."""

    def __deepcopy__(self, memo: dict[int, Any]) -> Sentence:
        twin = copy.copy(self)
        twin.data, twin.features = dict(self.data), list(self.features)
        twin.output_properties = set(self.output_properties)
        return twin

    def fingerprint(self) -> str:
        """One of all that it holds, as Rasa's is, but of other digits."""
        if self.features:
            return str(super().fingerprint())
        if self._cached_fingerprint is None:
            told = json.dumps(self.data, sort_keys=True, default=vars)
            self._cached_fingerprint = md5(told.encode(), usedforsecurity=False).hexdigest()
        return str(self._cached_fingerprint)


class _Loader(yaml.CSafeLoader):
    """libyaml's, which takes the second of two equal keys without a word; this one does not."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        keys = [str(key.value) for key, _ in node.value]
        if len(keys) != len(set(keys)):
            raise yaml.constructor.ConstructorError(problem="a key stands twice")
        return super().construct_mapping(node, deep)


def _plain_blocks(text: str) -> list[dict[str, Any]] | None:
    """The blocks of a file that holds sentences by intent and nothing else; None for any other."""
    if text.isascii():
        return None  # Rasa reads \\u4e2d in such a file as a character
    try:
        content = yaml.load(text, _Loader)
    except yaml.YAMLError:
        return None
    if not isinstance(content, dict) or set(content) != {"version", "nlu"}:
        return None
    if content["version"] != LATEST_TRAINING_DATA_FORMAT_VERSION or not isinstance(content["nlu"], list):
        return None
    return content["nlu"] if all(map(_is_plain, content["nlu"])) else None


def _is_plain(block: Any) -> bool:
    """Whether a block is an intent with sentences, one a line, none of them with something marked in it.

    Words that one version of YAML takes for a number or for yes or no, and another for a word, are not plain.
    """
    if not isinstance(block, dict) or not {"intent", "examples"} <= set(block) <= {"intent", "examples", "metadata"}:
        return False
    intent, examples, metadata = block["intent"], block["examples"], block.get("metadata", {})
    return (
        isinstance(intent, str)
        and isinstance(examples, str)
        and isinstance(metadata, dict)
        and all(isinstance(word, str) for pair in metadata.items() for word in pair)
        and bool(intent and examples)
        and all(line.startswith("-") for line in examples.splitlines())
        and not any(mark in examples for mark in _ENTITY)
    )


def _messages(block: dict[str, Any]) -> Iterator[Message]:
    for line in block["examples"].splitlines():
        yield Sentence.build(line[1:].strip(STRIP_SYMBOLS), block["intent"], intent_metadata=block.get("metadata"))
