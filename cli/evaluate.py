"""`banshi eval`: how well questions are understood, beside a plain search; `make eval` keeps the report in docs/."""

from __future__ import annotations

import sys
from pathlib import Path

import typer

from base.settings import Settings, load_settings
from bench.machine import describe
from bench.processes import BenchFailed
from bench.understanding.evaluation import draw, evaluate
from bench.understanding.figures import for_pictures
from bench.understanding.questions import OWN_NAME, OWN_SET, Question, known_items, read_questions
from bench.understanding.report import failures, report
from cli.prepare import prepare, prepare_database
from knowledge.linking.lexicon import load_lexicon

app = typer.Typer()

TITLE = "How well questions are understood"
WITHOUT_REAL_ONES = "BANSHI_EVAL_SET is not set: no real questions, only the project's own"
FOLDS = 5


@app.command()
def run(
    file: Path = typer.Argument(
        None, exists=True, dir_okay=False, help="questions, one JSON object a line; none: BANSHI_EVAL_SET and our own"
    ),
    show_failures: bool = typer.Option(False, "--failures", help="list what was not right, with the texts"),
    folds: int = typer.Option(FOLDS, min=0, help="folds of the cross-validation; 0 leaves it out"),
    into: Path = typer.Option(
        None, "--report", dir_okay=False, help="Markdown file for the report, pictures beside it; none: eval.md in var"
    ),
) -> None:
    """Ask all questions, judge the replies, and report."""
    if folds == 1:
        raise typer.BadParameter("one fold leaves nothing to learn from", param_hint="--folds")
    settings = load_settings()
    notes = [f"Made by `{'make eval' if file is None else 'banshi eval FILE'}`; do not edit. {describe()}"]
    files = [file] if file else usual_files(settings, notes)
    sets = read_sets(settings, files)
    target = into or settings.var / "eval.md"
    pictures = target.with_suffix("")
    try:
        results = evaluate(settings, prepare(settings), sets, folds)
        draw(settings, for_pictures(results), pictures)
    except BenchFailed as error:
        sys.exit(f"banshi: {error}")
    text = report(TITLE, notes, results, pictures.name)
    target.write_text(text, "utf-8")
    print(text)
    if show_failures:
        print("\n".join(failures(results)))
    print(f"{target} and the pictures in {pictures}/ are written.", file=sys.stderr)


def usual_files(settings: Settings, notes: list[str]) -> list[Path]:
    """The real questions, where they are, and the project's own; `notes` is told when they are not."""
    if settings.eval_set is None:
        missing = WITHOUT_REAL_ONES
    elif not settings.eval_set.exists():
        missing = (
            f"BANSHI_EVAL_SET names {settings.eval_set.name}, which is not there: only the project's own questions"
        )
    else:
        return [settings.eval_set, OWN_SET]
    print(f"banshi: {missing}", file=sys.stderr)
    notes.append(f"{missing}.")
    return [OWN_SET]


def read_sets(settings: Settings, files: list[Path]) -> dict[str, list[Question]]:
    """All sets by their names, before anything takes time."""
    prepare_database(settings)
    items = known_items(load_lexicon(settings.lexicon_file))
    return {OWN_NAME if file == OWN_SET else file.stem: read_questions(file, items) for file in files}
