"""Fit how sure the linker may be: knowledge/linking/calibration.json, from held-out aliases.

Run in the app environment: `.venv/app/bin/python scripts/fit_linking.py var/lexicon.json`. No question that anybody
asked goes into it. An alias is asked for, known or held out (its service is right); a whole service is held out and
asked for (every answer is wrong); a bare thing such as 身份证 is asked for (each of its items is as right as the
others); the training sentences for talk that no guide covers are asked (every answer is wrong). What comes out says how often a candidate with such evidence was the one that was meant.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import yaml

from base.settings import ROOT
from knowledge.linking import services as linking
from knowledge.linking.cleaning import clean
from knowledge.linking.lexicon import ServiceNames, load_lexicon
from knowledge.linking.services import EVIDENCE, ServiceIndex

FOLDS = 20
SEED = 7
JUDGED = 4  # candidates a question, as many as a menu shows
SHARED_BY = 4  # a bare thing is named by at least so many services
# How people wrap the name of what they want; {} is an alias.
FRAMES = (
    "{}", "{}", "{}", "{}怎么办理", "请问{}需要什么材料", "{}要多少钱", "你好，我想{}，去哪里弄", "{}几天能好",
    "我在外地，{}可以网上弄吗", "{}能让家里人代办吗", "周六能{}吗", "上次没办成，{}到底要带啥",
)  # fmt: skip

Sample = tuple[tuple[float, ...], float]


def main(lexicon_file: str) -> None:
    """Fit on nine tenths of the samples, report on the last tenth, write what was fitted."""
    services = load_lexicon(Path(lexicon_file)).services
    samples = [
        *with_every_alias(services),
        *without_an_alias(services),
        *without_the_service(services),
        *bare_things(services),
        *off_topic(services),
    ]
    random.Random(SEED).shuffle(samples)
    held_out = len(samples) // 10
    weights = fit(samples[held_out:])
    report(samples[:held_out], weights)
    calibration = dict(zip(("bias", *EVIDENCE), np.round(weights, 4).tolist(), strict=True))
    Path(linking.__file__).with_name("calibration.json").write_text(json.dumps(calibration, indent=2) + "\n")


def with_every_alias(services: Sequence[ServiceNames]) -> Iterator[Sample]:
    """Ask for aliases that the index holds, in one of many sentences."""
    dice = random.Random(SEED)
    index = ServiceIndex(services)
    for service in services:
        for alias in service.aliases:
            candidates = index.evidence(clean(dice.choice(FRAMES).format(alias)))
            yield from ((item.numbers, float(services[item.service].id == service.id)) for item in candidates[:JUDGED])


def without_an_alias(services: Sequence[ServiceNames]) -> Iterator[Sample]:
    """Ask for aliases that the index does not hold."""
    dice = random.Random(SEED)
    first = 0
    for fold in range(FOLDS):
        known, asked = [], []
        for number, service in enumerate(services):
            out = [alias for place, alias in enumerate(service.aliases) if (place + number) % FOLDS == fold]
            known.append(replace(service, aliases=tuple(a for a in service.aliases if a not in out)))
            asked += [(service.id, alias) for alias in out]
        index = ServiceIndex(known)
        for id, alias in asked:
            candidates = index.evidence(clean(dice.choice(FRAMES).format(alias)))
            first += bool(candidates) and services[candidates[0].service].id == id
            yield from ((item.numbers, float(services[item.service].id == id)) for item in candidates[:JUDGED])
    print(f"held-out aliases: right first {first / sum(len(s.aliases) for s in services):.1%}", file=sys.stderr)


def without_the_service(services: Sequence[ServiceNames]) -> Iterator[Sample]:
    """Ask for services that the index does not hold at all."""
    dice = random.Random(SEED)
    for fold in range(FOLDS):
        index = ServiceIndex([service for number, service in enumerate(services) if number % FOLDS != fold])
        for service in services[fold::FOLDS]:
            for alias in dice.sample(service.aliases, min(3, len(service.aliases))):
                candidates = index.evidence(clean(dice.choice(FRAMES).format(alias)))
                yield from ((item.numbers, 0.0) for item in candidates[:JUDGED])


def bare_things(services: Sequence[ServiceNames]) -> Iterator[Sample]:
    """Ask for nothing but a thing that several services are about."""
    index = ServiceIndex(services)
    owners: dict[str, set[str]] = {}
    for service in services:
        for name in (service.name, *service.aliases):
            for length in (2, 3):
                for start in range(len(name) - length + 1):
                    owners.setdefault(name[start : start + length], set()).add(service.id)
    for thing, ids in owners.items():
        if len(ids) >= SHARED_BY:
            for item in index.evidence(thing)[:JUDGED]:
                yield item.numbers, float(services[item.service].id in ids) / len(ids)


def off_topic(services: Sequence[ServiceNames]) -> Iterator[Sample]:
    """Ask what no service is about."""
    index = ServiceIndex(services)
    for file in sorted((ROOT / "data" / "nlu").glob("*.yml")):
        for block in yaml.safe_load(file.read_text("utf-8"))["nlu"]:
            if block["intent"] in ("not_covered", "chitchat"):
                for line in block["examples"].splitlines():
                    yield from ((item.numbers, 0.0) for item in index.evidence(clean(line.removeprefix("- ")))[:JUDGED])


def fit(samples: Sequence[Sample], rounds: int = 60) -> np.ndarray:
    """Logistic regression by Newton's method, with a little weight against extremes."""
    x = np.array([(1.0, *numbers) for numbers, _ in samples])
    y = np.array([right for _, right in samples])
    weights = np.zeros(x.shape[1])
    for _ in range(rounds):
        p = 1 / (1 + np.exp(-x @ weights))
        slope = x.T @ (p - y) + 0.1 * weights
        bend = (x * (p * (1 - p))[:, None]).T @ x + 0.1 * np.eye(len(weights))
        weights -= np.linalg.solve(bend, slope)
    return weights


def report(samples: Sequence[Sample], weights: np.ndarray) -> None:
    """How often candidates of a confidence were right, on samples that were not fitted on."""
    sure = 1 / (1 + np.exp(-np.array([(1.0, *numbers) for numbers, _ in samples]) @ weights))
    right = np.array([y for _, y in samples])
    for low in np.arange(0, 1, 0.1):
        here = (sure >= low) & (sure < low + 0.1)
        if here.any():
            print(
                f"{low:.1f}: said {sure[here].mean():.2f}, was {right[here].mean():.2f} ({here.sum()})", file=sys.stderr
            )


if __name__ == "__main__":
    main(*sys.argv[1:])
