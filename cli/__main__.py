"""`banshi`: one module per command, imported when its command is used, so that `banshi --help` is quick."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup

from base.errors import GuideError

COMMANDS = {
    "ask": "questions in, replies out, without a server; --json for programs",
    "chat": "a conversation in the terminal",
    "ticket": "the ledger of what could not be done: list, show, add, move",
    "staff": "accounts of the console: add, list, reset, grant, revoke, deactivate",
    "knowledge": "what the guide knows: list, check, export, import, diff, history, publish, retire",
    "eval": "how well questions are understood; a file of your own, or the project's",
    "run": "start everything and say where to chat; `make run` does this",
    "prepare": "make or update database, knowledge, lexicon and model; what is current is left alone",
    "serve": "one process of those that `run` starts: app or actions",
}
MODULES = {"eval": "evaluate"}  # whose name is Python's own word


class Commands(TyperGroup):
    """Knows the commands by name; each module's `app` brings its own arguments."""

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: Any, name: str) -> Any:
        if name not in COMMANDS:
            return None
        return typer.main.get_command(import_module(f"cli.{MODULES.get(name, name)}").app)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([*COMMANDS.items(), ("rasa", "Rasa's own command, in its environment")])


app = typer.Typer(
    cls=Commands, no_args_is_help=True, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False
)


@app.callback()
def banshi() -> None:
    """办事通: ask in your own words, leave with the right list."""


def main() -> None:
    try:
        app(prog_name="banshi")
    except GuideError as error:
        fail(str(error))
    except OSError as error:
        # A full disk, a folder without rights: the operator's to mend, and no traceback helps with that.
        fail(f"{error.strerror or error} ({error.filename})" if error.filename else str(error))


def fail(text: str) -> None:
    print(f"banshi: {text}", file=sys.stderr)
    sys.exit(1)


if __name__ == "__main__":
    main()
