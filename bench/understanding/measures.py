"""Figures from counts and confidences; the standard library only, so that either environment can use them."""

from __future__ import annotations

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

NORMAL_95 = 1.96  # standard deviations that hold 95 % of a normal distribution


@dataclass(frozen=True)
class Share:
    """`count` of `total`, with the borders between which the true share lies with 95 % (Wilson)."""

    count: int
    total: int

    def __str__(self) -> str:
        if not self.total:
            return "–"
        low, high = self.interval
        return f"{self.value:.1%} ({low:.0%}–{high:.0%})"

    @property
    def value(self) -> float:
        return self.count / self.total

    @property
    def interval(self) -> tuple[float, float]:
        square = NORMAL_95**2
        middle = (self.count + square / 2) / (self.total + square)
        spread = self.value * (1 - self.value) * self.total + square / 4
        half = NORMAL_95 * math.sqrt(spread) / (self.total + square)
        return max(0.0, middle - half), min(1.0, middle + half)


def macro_f1(truth: Sequence[Hashable], said: Sequence[Hashable]) -> float:
    """The mean over all true classes of the harmonic mean of precision and recall."""
    classes = set(truth)
    scores = []
    for one in classes:
        both = sum(t == one and s == one for t, s in zip(truth, said, strict=True))
        scores.append(2 * both / (truth.count(one) + said.count(one)))
    return sum(scores) / len(classes)


@dataclass(frozen=True)
class Bin:
    """Guesses of similar confidence: their mean confidence, and how many of them were right."""

    confidence: float
    right: Share


def reliability(confidences: Sequence[float], right: Sequence[bool], bins: int) -> list[Bin]:
    """The guesses by confidence in equal steps from 0 to 1; steps without a guess are left out."""
    held: dict[int, list[tuple[float, bool]]] = {}
    for confidence, hit in zip(confidences, right, strict=True):
        held.setdefault(min(int(confidence * bins), bins - 1), []).append((confidence, hit))
    return [
        Bin(sum(confidence for confidence, _ in held[step]) / len(held[step]),
            Share(sum(hit for _, hit in held[step]), len(held[step])))
        for step in sorted(held)
    ]  # fmt: skip


def calibration_error(bins: Sequence[Bin]) -> float:
    """The mean distance between confidence and share of right guesses, each guess counted once."""
    total = sum(one.right.total for one in bins)
    return sum(abs(one.confidence - one.right.value) * one.right.total for one in bins) / total


def risk_coverage(confidences: Sequence[float], right: Sequence[bool]) -> list[tuple[float, float]]:
    """When only the surest guesses are given: their share of all, and how many of them are wrong.

    Guesses of one confidence cannot be told apart, so they come in together.
    """
    ranked = sorted(zip(confidences, right, strict=True), reverse=True)
    points, wrong = [], 0
    for place, (confidence, hit) in enumerate(ranked, 1):
        wrong += not hit
        if place == len(ranked) or ranked[place][0] != confidence:
            points.append((place / len(ranked), wrong / place))
    return points


def coverage_at(points: Sequence[tuple[float, float]], risk: float) -> float:
    """The largest share that can be answered with no more than `risk` of it wrong."""
    return max((coverage for coverage, wrong in points if wrong <= risk), default=0.0)
