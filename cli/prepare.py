"""`banshi prepare`: database, knowledge, lexicon and model; each is made when missing and left alone when current."""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import typer
from sqlalchemy.exc import DatabaseError

from base.clock import now
from base.db import Database
from base.errors import BadSetting, TrainingFailed
from base.settings import ROOT, Settings, load_settings
from cli.progress import step
from knowledge import revisions, store
from knowledge.lexicon import lexicon
from knowledge.linking.lexicon import Lexicon, load_lexicon, parse_lexicon, save_lexicon
from knowledge.linking.words import dictionary_words
from migrations.upgrade import upgrade

app = typer.Typer()

MODEL_INPUTS = (
    "config.yml",
    "domain.yml",
    "data/**/*.yml",
    "bot/nlu/*.py",
    "knowledge/linking/**/*.py",
    "requirements/rasa.txt",
)


@app.command()
def run() -> None:
    """Make what is missing or out of date, and stop."""
    prepare(load_settings())


def prepare(settings: Settings) -> Path:
    """Make everything that the processes need; returns the model's file. Only one process does so at a time."""
    with _alone(settings.var / "prepare.lock"):
        prepare_database(settings)
        return prepare_model(settings)


def prepare_database(settings: Settings) -> None:
    """The newest tables, the content as far as it is new here, and the lexicon as it is published now."""
    with step("database and knowledge"):
        database = Database(settings.database_url)
        try:
            upgrade(database)
            with database.writing() as session:
                revisions.take_in_content(session, demo=settings.demo, at=now())
            with database.reading() as session:
                knowledge = store.load(session)
            if settings.region is not None and settings.region not in knowledge.regions:
                raise BadSetting("BANSHI_REGION", f"no division has the code {settings.region}")
            names = lexicon(knowledge, now().date())
        except DatabaseError as error:  # no such server, no right to write, no room on the disk, no database at all
            raise BadSetting("DATABASE_URL", " ".join(f"the database fails: {error.orig}".split())) from error
        finally:
            database.close()
        save_lexicon(settings.lexicon_file, parse_lexicon(names))


def prepare_model(settings: Settings) -> Path:
    """The model for the present training data and names; it is trained when there is none."""
    model = settings.models / f"banshi-{fingerprint(ROOT, load_lexicon(settings.lexicon_file))}.tar.gz"
    if not model.exists():
        with step("training the model"):
            train(model, settings.var)
        for older in set(settings.models.glob("banshi-*.tar.gz")) - {model}:
            older.unlink()
    return model


def fingerprint(root: Path, names: Lexicon) -> str:
    """Changes with whatever a model is made of: files below `root`, and the words of the tokenizer."""
    digest = hashlib.sha256("\n".join(dictionary_words(names)).encode())
    for file in sorted(file for pattern in MODEL_INPUTS for file in root.glob(pattern)):
        digest.update(f"\0{file.relative_to(root)}\0".encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def train(model: Path, var: Path) -> None:
    """Let Rasa train into `model`, which appears only when it is whole; Rasa's words go to var/log/train.log."""
    log = var / "log" / "train.log"
    unfinished = model.parent / "unfinished"
    for folder in (log.parent, unfinished):
        folder.mkdir(parents=True, exist_ok=True)
    name = model.name.removesuffix(".tar.gz")
    with log.open("wb") as output:
        done = subprocess.run(
            [ROOT / "banshi", "rasa", "train", "--skip-validation", "--fixed-model-name", name, "--out", unfinished],
            cwd=ROOT,
            env={**os.environ, "BANSHI_VAR": str(var), "RASA_CACHE_DIRECTORY": str(var / "rasa-cache")},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    trained = unfinished / model.name
    if done.returncode or not trained.exists():
        raise TrainingFailed(done.returncode, log)
    trained.replace(model)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
