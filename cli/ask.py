"""`banshi ask`: questions in, replies out, over the real model and the real actions."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator

import typer

from base.settings import load_settings
from bot.channels.terminal import Said, converse, lines_of, open_conversation
from cli.embedded import open_embedded
from cli.prepare import prepare

app = typer.Typer()


@app.command()
def ask(
    questions: list[str] = typer.Argument(None, help="one question each; none: one a line on standard input"),
    as_json: bool = typer.Option(False, "--json", help="one JSON object a line"),
    conversation: bool = typer.Option(False, "--conversation", help="all lines are one conversation"),
    keep: bool = typer.Option(False, "--keep", help="work on the real store: tickets stay"),
) -> None:
    """Ask without a server; exit 0 when every line got a reply."""
    settings = load_settings()
    model = prepare(settings)
    lines = words_of(questions) if questions else lines_of(sys.stdin.buffer)
    complete = True
    with open_embedded(settings, model, keep=keep, forgetful=not conversation) as house:
        current = open_conversation(house) if conversation else None
        for line in lines:
            said = converse(house, current or open_conversation(house), line)
            complete &= said.got_reply
            print(json.dumps(said.as_json(), ensure_ascii=False) if as_json else _readable(said), flush=True)
    raise typer.Exit(0 if complete else 1)


def words_of(arguments: Iterable[str]) -> Iterator[str]:
    """Arguments as a line of standard input would be read: what is no UTF-8 is replaced."""
    for argument in arguments:
        yield os.fsencode(argument).decode("utf-8", "replace")


def _readable(said: Said) -> str:
    return f"\n？ {said.question}\n{said.text}"
