"""`banshi chat`: a conversation in the terminal, with numbered choices."""

from __future__ import annotations

import sys

import typer

from base.settings import load_settings
from bot.channels.terminal import converse, open_conversation
from cli.embedded import open_embedded
from cli.prepare import prepare

app = typer.Typer()
WELCOME = "您好，我是办事通。想办什么事，直接说；选项可以回复前面的数字。（退出：Ctrl-D）"


@app.command()
def chat() -> None:
    """Talk to the assistant here; tickets that you file are kept."""
    settings = load_settings()
    model = prepare(settings)
    # Line editing where the terminal has it: somebody who mistypes 身份证 wants to go back.
    if sys.stdin.isatty():
        import readline  # noqa: F401
    with open_embedded(settings, model, keep=True, forgetful=False) as house:
        conversation = open_conversation(house)
        print(WELCOME)
        while (line := _read()) is not None:
            print(converse(house, conversation, line).text + "\n")


def _read() -> str | None:
    try:
        return input("您：")
    except (EOFError, KeyboardInterrupt):
        print()
        return None
