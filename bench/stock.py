"""`make bench-stock`: this pipeline and stock Rasa's, on the same sentences, rules, domain and action server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import yaml

from base.settings import ROOT, load_settings
from bench.clients import Parser, RestPerson, drive
from bench.figures import Row, spread
from bench.machine import resident_mb
from bench.processes import Env, answers, free_ports, fresh_env, rasa_answers, run, running
from bench.understanding.sentences import deal, read_documents, sentences_of, write_without
from cli.prepare import prepare_database
from cli.progress import step

ABOUT = """\
Stock is what `rasa init` gives, with JiebaTokenizer for WhitespaceTokenizer (`bench/stock.yml`), on TensorFlow. Both sides are
trained on the same four fifths of `data/nlu` (split by intent, seed fixed) and asked the other fifth; rules, domain and the running
action server are the same. So that the actions get what they read, stock carries our service linker as its last step;
"without the linker" leaves it out on both sides. There are rules and no stories, so stock's two learning policies have
nothing to train on, which favours stock. Percentiles of a turn are p50 / p95 / p99."""
HEADER = ("what", "this project", "stock Rasa", "how")

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
    """Epochs of DIET (None: as `rasa init` has them), turns of one person alone and of PEOPLE together."""

    epochs: int | None
    alone: int
    together: int


REDUCED = Sizes(epochs=20, alone=200, together=400)
FULL = Sizes(epochs=None, alone=1000, together=2000)


@dataclass(frozen=True)
class Side:
    """`launcher` is its word after ./banshi; `model` its pipeline, `bare` the same without the linker."""

    launcher: str
    model: Config
    bare: Config


def measure(full: bool) -> Iterator[Row]:
    sizes = FULL if full else REDUCED
    stock = with_epochs(_read(ROOT / "bench" / "stock.yml"), sizes.epochs)
    ours = _read(ROOT / "config.yml")
    linked = {**stock, "pipeline": stock["pipeline"] + LINKER}
    sides = (Side("rasa", ours, without_linker(ours)), Side("stock", linked, stock))
    documents = read_documents(ROOT / "data" / "nlu")
    sentences = sentences_of(documents)
    part_of = deal(sentences, PARTS)
    held_out = [(one.intent, one.text) for one in sentences if part_of[one.text] == HELD_OUT]
    with TemporaryDirectory(prefix="banshi-bench-") as name:
        folder = Path(name)
        env = fresh_env(folder / "var")
        prepare_database(load_settings(env))
        write_without(documents, HELD_OUT, part_of, folder / "nlu")
        actions = f"http://127.0.0.1:{env['BANSHI_ACTIONS_PORT']}/health"
        with running([ROOT / "banshi", "serve", "actions"], env, folder / "actions.log") as server:
            server.wait_for(lambda: answers(actions))
            results = [measure_side(side, env, folder, held_out, sizes) for side in sides]
            # One side after the other: side by side they would take the cores from each other.
            for (what, our_figure, how), (_, stock_figure, _) in zip(*map(list, results), strict=True):
                yield what, our_figure, stock_figure, how


def measure_side(side: Side, env: Env, folder: Path, held_out: Sentences, sizes: Sizes) -> Iterator[Row]:
    """The rows of one side: what, figure, how."""
    work = folder / side.launcher
    work.mkdir()
    env = env | {"BANSHI_RASA_PORT": free_ports(1)[0], "RASA_CACHE_DIRECTORY": str(work / "cache")}
    port = env["BANSHI_RASA_PORT"]
    seconds = train(side.launcher, side.model, env, work)
    yield "training", f"{seconds:.1f} s", f"rasa train; DIET {sizes.epochs or 100} epochs"
    with serving(side.launcher, env, work) as (pid, ready):
        yield "start to ready", f"{ready:.1f} s", "rasa run, model loaded"
        fresh = resident_mb(pid)
        parsed, times = parse(port, held_out)
        yield from accuracy(held_out, parsed)
        yield "parse, p50 / p95", spread(times, (50, 95)), f"/model/parse, the {len(times)} held-out sentences"
        people = [RestPerson(port) for _ in range(PEOPLE)]
        yield "turn over REST, 1 person", str(drive(people[:1], sizes.alone)), f"{sizes.alone:,} turns"
        yield f"turn over REST, {PEOPLE} at once", str(drive(people, sizes.together)), f"{sizes.together:,} turns"
        yield "resident memory of Rasa", f"{fresh:.0f} → {resident_mb(pid):.0f} MB", "after the start → at the end"
    train(side.launcher, side.bare, env, work)
    with serving(side.launcher, env, work):
        _, times = parse(port, held_out)
        yield "parse without the linker, p50 / p95", spread(times, (50, 95)), "the same sentences"


def train(launcher: str, config: Config, env: Env, work: Path) -> float:
    """Train into `work`; returns seconds. What has not changed since the last time comes from Rasa's cache."""
    (work / "config.yml").write_text(yaml.safe_dump(config, allow_unicode=True, sort_keys=False), "utf-8")
    files: list[str | Path] = ["--config", work / "config.yml", "--domain", ROOT / "domain.yml"]
    data: list[str | Path] = ["--data", work.parent / "nlu", ROOT / "data" / "stories"]
    out: list[str | Path] = ["--out", work, "--fixed-model-name", "model"]
    with step(f"training {launcher}"):
        return run([ROOT / "banshi", launcher, "train", *files, *data, *out], env, work / "train.log")


@contextmanager
def serving(launcher: str, env: Env, work: Path) -> Iterator[tuple[int, float]]:
    """Rasa with the model in `work`: its process id, and its seconds to ready."""
    port = env["BANSHI_RASA_PORT"]
    where: list[str | Path] = ["--interface", "127.0.0.1", "--port", port, "--model", work / "model.tar.gz"]
    files: list[str | Path] = ["--endpoints", ROOT / "endpoints.yml", "--credentials", ROOT / "credentials.yml"]
    command = [ROOT / "banshi", launcher, "run", "--enable-api", *where, *files]
    with running(command, env, work / "run.log") as started:
        yield started.pid, started.wait_for(lambda: rasa_answers(port))


def parse(port: str, sentences: Sentences) -> tuple[list[list[str]], list[float]]:
    """Each sentence's intents, likeliest first, and the seconds that each took."""
    parser = Parser(port)
    for _, text in sentences[:20]:
        parser.parse(text)
    parsed = [parser.parse(text) for _, text in sentences]
    parser.close()
    return [intents for intents, _ in parsed], [seconds for _, seconds in parsed]


def accuracy(held_out: Sentences, parsed: list[list[str]]) -> Iterator[Row]:
    truth = [intent for intent, _ in held_out]
    best = sum(
        next(one for one in ranking if one != UNCLEAR) == intent for intent, ranking in zip(truth, parsed, strict=True)
    )
    said = [ranking[0] for ranking in parsed]
    right = sum(one == intent for one, intent in zip(said, truth, strict=True))
    unclear = said.count(UNCLEAR)
    count = len(truth)
    yield "intent right", f"{best / count:.1%}", f"likeliest intent, {count} held-out sentences"
    yield (
        "said right / unclear / wrong",
        " / ".join(f"{share / count:.1%}" for share in (right, unclear, count - right - unclear)),
        "after each side's own fallback threshold",
    )


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
