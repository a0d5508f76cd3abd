"""Which of several candidates is meant, or none of them: one logistic model over all of them at once.

Probabilities of all candidates and of "none" add up to one, so that two candidates that explain a text equally well
share what there is to give, and a strange text leaves it to "none".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Judge:
    """Weights of the evidence for a candidate, and of the evidence against all of them; each ends with a constant."""

    candidate: Numbers
    none: Numbers

    def likelihoods(self, candidates: Numbers, none: Numbers) -> Numbers:
        """(n × evidence) and (evidence) → n + 1 probabilities, the last one that nothing is meant."""
        scores = np.append(candidates @ self.candidate, none @ self.none)
        powers = np.exp(scores - scores.max())
        return np.asarray(powers / powers.sum())

    def as_json(self) -> dict[str, Any]:
        return {"candidate": self.candidate.tolist(), "none": self.none.tolist()}

    @classmethod
    def of_json(cls, data: dict[str, Any]) -> Judge:
        return cls(np.array(data["candidate"]), np.array(data["none"]))


@dataclass(frozen=True)
class Trial:
    """One text of which it is known what was meant: `right` is the candidate's place, None if it is none of them."""

    candidates: Numbers
    none: Numbers
    right: int | None


def evidence(columns: Sequence[npt.ArrayLike]) -> Numbers:
    """Columns of numbers, and the constant that every judgement may lean on."""
    return np.column_stack([*columns, np.ones(len(np.atleast_1d(columns[0])))])
