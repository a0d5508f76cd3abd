"""Training of the intent model."""

from __future__ import annotations

from collections.abc import Sequence

from bot.nlu.ridge import Unseen, fit_temperature, train_linear
from knowledge.linking.intents import IntentModel
from knowledge.linking.linear import Numbers

MEANING = 0.4  # of the vector; 0.2 to 0.6 are within a hundredth of each other


def train_intents(
    features: Sequence[Sequence[str]], vectors: Numbers, intents: Sequence[str], sure: float
) -> tuple[IntentModel, Unseen]:
    """The model for sentences given as features and vectors, and what it says of each as if it had not seen it."""
    linear, unseen = train_linear(features, vectors, intents, meaning=MEANING)
    model = IntentModel(
        linear,
        by_words=fit_temperature(unseen.by_words, unseen.truth),
        full=fit_temperature(unseen.full, unseen.truth),
        sure=sure,
    )
    return model, unseen
