"""Runs in the rasa environment: what the closed form says of each sentence unseen, beside models trained without it."""

from __future__ import annotations

import json

import numpy as np

from bot.nlu.ridge import train_linear
from knowledge.linking.linear import LinearModel, numbered

SENTENCES, CLASSES, MEANING = 40, 4, 0.3
TRIED = [31, 2, 39, 0, 17, 5, 8, 26, 11, 20]


def main() -> None:
    dice = np.random.default_rng(7)
    features = [[f"f{number}" for number in dice.integers(30, size=8)] for _ in range(SENTENCES)]
    vectors = dice.normal(size=(SENTENCES, 16)).astype(np.float32)
    labels = [f"c{number}" for number in dice.integers(CLASSES, size=SENTENCES)]
    model, unseen = train_linear(features, vectors, labels, TRIED, meaning=MEANING)
    words = _rows(model, features)
    apart = vectors - model.centre
    apart /= np.linalg.norm(apart, axis=1, keepdims=True)
    by_words = (1 - MEANING) * words @ words.T
    kernel = by_words + MEANING * apart @ apart.T
    targets = np.eye(len(model.classes))[[model.classes.index(label) for label in labels]]
    slow: dict[str, list[list[float]]] = {"by_words": [], "full": []}
    for row in TRIED:
        others = [other for other in range(SENTENCES) if other != row]
        dual = np.linalg.solve(kernel[np.ix_(others, others)] + 0.5 * np.eye(len(others)), targets[others])
        slow["by_words"].append((by_words[row, others] @ dual).tolist())
        slow["full"].append((kernel[row, others] @ dual).tolist())
    says = [model.by_words(bag) + model.by_meaning(vector) for bag, vector in zip(features, vectors, strict=True)]
    full = np.linalg.solve(kernel + 0.5 * np.eye(SENTENCES), targets)
    print(
        json.dumps(
            {
                "fast": {"by_words": unseen.by_words.tolist(), "full": unseen.full.tolist()},
                "slow": slow,
                "model": np.array(says).tolist(),
                "kernel": (kernel @ full).tolist(),
            }
        )
    )


def _rows(model: LinearModel, features: list[list[str]]) -> np.ndarray:
    """TF-IDF by its definition, so that nothing of the training is used to check it."""
    rows = np.zeros((len(features), len(model.columns)))
    for row, bag in enumerate(features):
        for number in numbered(bag):
            rows[row, model.columns.tolist().index(number)] += 1
    rows = np.where(rows > 0, 1 + np.log(np.maximum(rows, 1)), 0) * model.rarity
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True))


if __name__ == "__main__":
    main()
