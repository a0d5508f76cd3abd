"""Training of the intent model."""

from __future__ import annotations

import random
from collections.abc import Sequence

from bot.nlu.ridge import Unseen, fit_temperature, train_linear
from knowledge.linking.intents import IntentModel
from knowledge.linking.linear import Numbers

SEED = 7
TRIED = 5_000  # sentences that tell how far the model may be believed
MEANING = 0.4  # of the vector; 0.2 to 0.6 are within a hundredth of each other


def train_intents(
    features: Sequence[Sequence[str]], vectors: Numbers, intents: Sequence[str], sure: float
) -> tuple[IntentModel, Unseen]:
    """The model for sentences given as features and vectors, and what it says of some as if it had not seen them."""
    tried = random.Random(SEED).sample(range(len(intents)), min(TRIED, len(intents)))
    linear, unseen = train_linear(features, vectors, intents, tried, meaning=MEANING)
    model = IntentModel(
        linear,
        by_words=fit_temperature(unseen.by_words, unseen.truth),
        full=fit_temperature(unseen.full, unseen.truth),
        sure=sure,
    )
    return model, unseen
