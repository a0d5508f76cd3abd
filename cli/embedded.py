"""A house for the terminal: the real model and the real actions in this process, no server and no port."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rasa_sdk.executor import ActionExecutor
from sqlalchemy import insert, select

import migrations.tables  # noqa: F401
from actions.base import House as ActionsHouse
from actions.base import work_in
from base.db import Base, Database
from base.settings import ROOT, Settings
from bot.channels.embedded import EmbeddedRasa, RunAction
from bot.channels.house import House
from bot.conversations.vault import Cipher
from knowledge.models import Holiday, KnowledgeState, Revision

RASA_PYTHON = ROOT / ".venv" / "rasa" / "bin" / "python"


@contextmanager
def open_embedded(settings: Settings, model: Path, *, keep: bool, forgetful: bool) -> Iterator[House]:
    """The house with Rasa as its child; without `keep` it works on a throw-away copy of the published knowledge.

    `forgetful` drops each conversation after its first question.
    """
    with TemporaryDirectory(prefix="banshi-") as folder:
        if not keep:
            copy = replace(settings, database_url=f"sqlite:///{folder}/store.db")
            _copy_knowledge(settings.database_url, copy.database_url)
            settings = copy
        database, cipher = Database(settings.database_url, durable=keep), Cipher(settings.secret)
        work_in(ActionsHouse(settings, database, cipher))
        rasa = EmbeddedRasa(
            RASA_PYTHON,
            model,
            _run_actions(),
            env=child_environment(settings),
            log=settings.var / "log" / "ask.log",
            forgetful=forgetful,
        )
        house = House(settings, database, rasa, cipher)
        try:
            rasa.wait_until_ready()
            yield house
        finally:
            house.close()


def _copy_knowledge(source: str, target: str) -> None:
    """What is published, and the holidays: nothing of any person."""
    old, new = Database(source), Database(target)
    Base.metadata.create_all(new.engine)
    with old.reading() as reading, new.writing() as writing:
        for model in (Revision, Holiday, KnowledgeState):
            query = select(model.__table__)
            if model is Revision:
                query = query.where(Revision.status != "proposed")
            rows = [dict(row) for row in reading.execute(query).mappings()]
            if rows:
                writing.execute(insert(model.__table__), rows)
    old.close()
    new.close()


def _run_actions() -> RunAction:
    """The action server's webhook as a function: the same executor, on a loop of its own."""
    executor = ActionExecutor()
    executor.register_package("actions")
    loop = asyncio.new_event_loop()

    def run(call: dict[str, Any]) -> dict[str, Any]:
        result = loop.run_until_complete(executor.run(call))
        return result.model_dump() if result else {"events": [], "responses": []}

    return run


def child_environment(settings: Settings) -> dict[str, str]:
    """The process's own, and where the child finds the lexicon: in the file alone, whatever app runs beside it."""
    return {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "BANSHI_VAR": str(settings.var),
        "BANSHI_APP_URL": "",
        "OPENBLAS_NUM_THREADS": "1",  # as the launcher has it for `rasa run`
        "RASA_TELEMETRY_ENABLED": "false",
        "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
        "PYTHONWARNINGS": "ignore",
    }
