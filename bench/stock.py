"""`make bench-stock`: this pipeline and two of Rasa's own, on the same sentences, rules, domain and action server."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from base.settings import ROOT, load_settings
from bench.clients import Parser, Ranking, RestPerson, drive
from bench.figures import Row, spread
from bench.machine import resident_mb
from bench.processes import Env, answers, free_ports, fresh_env, rasa_answers, run, running
from bench.understanding.figures import by_confidence
from bench.understanding.measures import calibration_error
from bench.understanding.sentences import SEED, Sentence, deal, read_documents, sentences_of, write_without
from cli.prepare import prepare_database
from cli.progress import step

ABOUT = """\
DIET is what `rasa init` gives, with JiebaTokenizer for WhitespaceTokenizer (`bench/stock.yml`), on TensorFlow. LogisticRegression is
Rasa's classifier of that name over words and runs of characters, behind our cleaner and tokenizer (`bench/logistic.yml`). All
sides take the same sentences of `data/nlu`: 5,000 drawn at random (seed fixed), with FULL=1 all. They are trained on the same
four fifths (split by intent) and asked the other fifth; rules, domain and the running action server are the same. So that the
actions get what they read, Rasa's sides carry our service linker as their last step; "without the linker" leaves it out on
all. There are rules and no stories, so DIET's two learning policies have nothing to train on, which favours it. Calibration
is the mean distance between confidence and share of right ones, as in `make eval`: 0 is as sure as it should be. Percentiles
of a turn are p50 / p95 / p99."""
HEADER = ("what", "this project", "DIET", "LogisticRegression", "how")

PARTS, HELD_OUT = 5, 0  # of five parts, the first is held out
UNCLEAR = "nlu_fallback"
# The actions read what the linker finds. The cleaner only gives it its text: too late for the classifier to see it.
LINKER = [{"name": "bot.nlu.cleaner.Cleaner"}, {"name": "bot.nlu.service_linker.ServiceLinker"}]
PEOPLE = 8

Config = dict[str, Any]
Sentences = list[tuple[str, str]]
"""Intent and text."""


@dataclass(frozen=True)
class Sizes:
    """Sentences (None: all), epochs of DIET (None: as `rasa init` has them), turns of one person and of PEOPLE together."""

    sentences: int | None
    epochs: int | None
    alone: int
    together: int


REDUCED = Sizes(sentences=5000, epochs=10, alone=200, together=400)
FULL = Sizes(sentences=None, epochs=None, alone=1000, together=2000)


@dataclass(frozen=True)
class Side:
    """`launcher` is its word after ./banshi; `model` its pipeline, `bare` the same without the linker."""

    name: str
    launcher: str
    model: Config
    bare: Config


def measure(full: bool) -> Iterator[Row]:
    sizes = FULL if full else REDUCED
    stock = with_epochs(_read(ROOT / "bench" / "stock.yml"), sizes.epochs)
    ours, logistic = _read(ROOT / "config.yml"), _read(ROOT / "bench" / "logistic.yml")
    sides = (
        Side("ours", "rasa", ours, without_linker(ours)),
        Side("DIET", "stock", {**stock, "pipeline": stock["pipeline"] + LINKER}, stock),
        Side("LogisticRegression", "rasa", logistic, without_linker(logistic)),
    )
    documents = read_documents(ROOT / "data" / "nlu")
    everything = sentences_of(documents)
    sentences = drawn(everything, sizes.sentences)
    part_of = deal(sentences, PARTS)
    # What was not drawn is left out of the training as if held out, and nobody is asked it.
    left_out = dict.fromkeys((one.text for one in everything), HELD_OUT)
    held_out = [(one.intent, one.text) for one in sentences if part_of[one.text] == HELD_OUT]
    with TemporaryDirectory(prefix="banshi-bench-") as name:
        folder = Path(name)
        env = fresh_env(folder / "var")
        prepare_database(load_settings(env))
        write_without(documents, HELD_OUT, left_out | part_of, folder / "nlu")
        actions = f"http://127.0.0.1:{env['BANSHI_ACTIONS_PORT']}/health"
        with running([ROOT / "banshi", "serve", "actions"], env, folder / "actions.log") as server:
            server.wait_for(lambda: answers(actions))
            results = [measure_side(side, env, folder, held_out, sizes) for side in sides]
            # One side after the other: side by side they would take the cores from each other.
            yield "sentences", *[f"{len(sentences):,}"] * len(sides), f"of {len(everything):,} in data/nlu"
            for rows in zip(*map(list, results), strict=True):
                what, _, how = rows[0]
                yield what, *(figure for _, figure, _ in rows), how


def measure_side(side: Side, env: Env, folder: Path, held_out: Sentences, sizes: Sizes) -> Iterator[Row]:
    """The rows of one side: what, figure, how."""
    work = folder / side.name
    work.mkdir()
    env = env | {"BANSHI_RASA_PORT": free_ports(1)[0], "RASA_CACHE_DIRECTORY": str(work / "cache")}
    port = env["BANSHI_RASA_PORT"]
    seconds = train(side, side.model, env, work)
    yield "training", f"{seconds:.1f} s", f"rasa train; DIET {sizes.epochs or 100} epochs"
    with serving(side.launcher, env, work) as (pid, ready):
        yield "start to ready", f"{ready:.1f} s", "rasa run, model loaded"
        fresh = resident_mb(pid)
        parsed, times = parse(port, held_out)
        yield from accuracy(held_out, parsed)
        yield "parse, p50 / p95", spread(times, (50, 95)), f"/model/parse, the {len(times):,} held-out sentences"
        people = [RestPerson(port) for _ in range(PEOPLE)]
        yield "turn over REST, 1 person", str(drive(people[:1], sizes.alone)), f"{sizes.alone:,} turns"
        yield f"turn over REST, {PEOPLE} at once", str(drive(people, sizes.together)), f"{sizes.together:,} turns"
        yield "resident memory of Rasa", f"{fresh:.0f} → {resident_mb(pid):.0f} MB", "after the start → at the end"
    train(side, side.bare, env, work)
    with serving(side.launcher, env, work):
        _, times = parse(port, held_out)
        yield "parse without the linker, p50 / p95", spread(times, (50, 95)), "the same sentences"


def train(side: Side, config: Config, env: Env, work: Path) -> float:
    """Train into `work`; returns seconds. What has not changed since the last time comes from Rasa's cache."""
    (work / "config.yml").write_text(yaml.safe_dump(config, allow_unicode=True, sort_keys=False), "utf-8")
    files: list[str | Path] = ["--config", work / "config.yml", "--domain", ROOT / "domain.yml"]
    data: list[str | Path] = ["--data", work.parent / "nlu", ROOT / "data" / "stories"]
    out: list[str | Path] = ["--out", work, "--fixed-model-name", "model"]
    with step(f"training {side.name}"):
        return run([ROOT / "banshi", side.launcher, "train", *files, *data, *out], env, work / "train.log")


@contextmanager
def serving(launcher: str, env: Env, work: Path) -> Iterator[tuple[int, float]]:
    """Rasa with the model in `work`: its process id, and its seconds to ready."""
    port = env["BANSHI_RASA_PORT"]
    where: list[str | Path] = ["--interface", "127.0.0.1", "--port", port, "--model", work / "model.tar.gz"]
    files: list[str | Path] = ["--endpoints", ROOT / "endpoints.yml", "--credentials", ROOT / "credentials.yml"]
    command = [ROOT / "banshi", launcher, "run", "--enable-api", *where, *files]
    with running(command, env, work / "run.log") as started:
        yield started.pid, started.wait_for(lambda: rasa_answers(port))


def parse(port: str, sentences: Sentences) -> tuple[list[Ranking], list[float]]:
    """Each sentence's intents with their confidence, likeliest first, and the seconds that each took."""
    parser = Parser(port)
    for _, text in sentences[:20]:
        parser.parse(text)
    parsed = [parser.parse(text) for _, text in sentences]
    parser.close()
    return [ranking for ranking, _ in parsed], [seconds for _, seconds in parsed]


def accuracy(held_out: Sentences, parsed: list[Ranking]) -> Iterator[Row]:
    truth = [intent for intent, _ in held_out]
    likeliest = [next(one for one in ranking if one[0] != UNCLEAR) for ranking in parsed]
    hits = [intent == wanted for (intent, _), wanted in zip(likeliest, truth, strict=True)]
    distance = calibration_error(by_confidence([confidence for _, confidence in likeliest], hits))
    said = [ranking[0][0] for ranking in parsed]
    right = sum(one == intent for one, intent in zip(said, truth, strict=True))
    unclear = said.count(UNCLEAR)
    count = len(truth)
    yield "intent right", f"{sum(hits) / count:.1%}", f"likeliest intent, {count:,} held-out sentences"
    yield "calibration", f"{distance:.3f}", "mean distance between the likeliest intent's confidence and share right"
    yield (
        "said right / unclear / wrong",
        " / ".join(f"{share / count:.1%}" for share in (right, unclear, count - right - unclear)),
        "after each side's own fallback threshold",
    )


def drawn(sentences: list[Sentence], count: int | None) -> list[Sentence]:
    """So many of the sentences, always the same ones; None: all of them."""
    return sentences if count is None else random.Random(SEED).sample(sentences, min(count, len(sentences)))


def _read(file: Path) -> Config:
    return dict(yaml.safe_load(file.read_text("utf-8")))


def with_epochs(config: Config, epochs: int | None) -> Config:
    """The config with that many epochs wherever something has epochs; None changes nothing."""

    def changed(component: Config) -> Config:
        return {**component, "epochs": epochs} if epochs and "epochs" in component else component

    return {**config, **{part: [changed(one) for one in config[part]] for part in ("pipeline", "policies")}}


def without_linker(config: Config) -> Config:
    linker = LINKER[-1]["name"]
    return {**config, "pipeline": [component for component in config["pipeline"] if component["name"] != linker]}
