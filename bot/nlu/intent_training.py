"""Training of the intent model: the only place that needs scikit-learn."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.optimize import minimize_scalar
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.pipeline import make_pipeline

from knowledge.linking.intents import IntentModel

FOLDS = 5
SEED = 7


def train_intents(
    features: Sequence[Sequence[str]], intents: Sequence[str], strength: float
) -> tuple[IntentModel, float]:
    """The model for sentences given as features, and its accuracy on sentences that it had not seen.

    `strength` is how freely weights may grow (scikit-learn's C).
    """
    pipeline = make_pipeline(
        # A feature of one single sentence says more about that sentence than about its intent.
        TfidfVectorizer(analyzer=list, sublinear_tf=True, min_df=2, dtype=np.float32),
        # One intent against the rest in the dual form: seconds, where all at once takes minutes.
        LogisticRegression(C=strength, class_weight="balanced", solver="liblinear", dual=True, max_iter=300),
    )
    labels = np.array(intents)
    unseen = cross_val_predict(
        pipeline,
        features,
        labels,
        cv=StratifiedKFold(FOLDS, shuffle=True, random_state=SEED),
        method="decision_function",
    )
    pipeline.fit(features, labels)
    words, regression = pipeline[0], pipeline[1]
    truth = np.searchsorted(regression.classes_, labels)
    columns = {str(word): int(column) for word, column in sorted(words.vocabulary_.items(), key=lambda item: item[1])}
    model = IntentModel(
        intents=tuple(map(str, regression.classes_)),
        columns=columns,
        rarity=words.idf_.astype(np.float32),
        weights=np.ascontiguousarray(regression.coef_.T, dtype=np.float32),
        bias=regression.intercept_.astype(np.float32),
        temperature=_temperature(unseen, truth),
    )
    return model, float((unseen.argmax(axis=1) == truth).mean())


def _temperature(scores: np.ndarray, truth: np.ndarray) -> float:
    """The divisor of unseen sentences' scores under which the probabilities fit what was right."""

    def surprise(temperature: float) -> float:
        scaled = scores / temperature
        normal = np.log(np.exp(scaled - scaled.max(axis=1, keepdims=True)).sum(axis=1)) + scaled.max(axis=1)
        return float((normal - scaled[np.arange(len(truth)), truth]).mean())

    return float(minimize_scalar(surprise, bounds=(0.05, 20), method="bounded").x)
