"""The report in Markdown, laid out so that it is read on a terminal as well."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from statistics import median
from textwrap import fill

from bench.figures import Row, spread, table
from bench.understanding import judging
from bench.understanding.evaluation import Asked, Results, Unseen
from bench.understanding.figures import (
    FINDERS,
    calibration,
    for_pictures,
    item_risk,
    items_found,
    services_found,
    share,
    with_an_item,
)
from bench.understanding.judging import WRONG, Verdict
from bench.understanding.measures import Share, calibration_error, coverage_at, macro_f1
from bench.understanding.questions import ASPECTS, UNCLEAR
from bench.understanding.sentences import skeletons

WIDTH = 110
AMONG = 3
LITTLE_RISK = 0.05
RIGHT = frozenset({Verdict.RIGHT})
RIGHT_OR_OFFERED = frozenset({Verdict.RIGHT, Verdict.OFFERED})

PICTURES = {
    "confusion": "Confusion of intents, by models that had not seen the sentence",
    "reliability": "How often it is right when it is so sure",
    "risk-coverage": "How many first items are wrong when only the surest are named",
}


def report(title: str, notes: Sequence[str], results: Results, pictures: str) -> str:
    """The whole report; `pictures` is the way from it to their folder."""
    parts = [f"# {title}", *map(_paragraph, notes), "## Goals", _goals(results)]
    for name, asked in results.sets.items():
        parts += [f"## Outcomes: {name}", _outcomes(asked), _by_aspect(asked)]
    parts += ["## The first item, beside a BM25 search", _paragraph(_ABOUT_ITEMS), _items(results)]
    if results.unseen:
        parts += ["## Intents of unseen sentences", _intents(results)]
    parts += ["## Confidence", _paragraph(_ABOUT_CONFIDENCE), _confidence(results), "## Pictures"]
    parts += [f"![{PICTURES[name]}]({pictures}/{name}.png)" for name in sorted(for_pictures(results))]
    parts += ["## How it is judged", *map(_paragraph, _rules())]
    return "\n\n".join(parts) + "\n"


_ABOUT_ITEMS = f"""
Questions that a guide answers and whose item is known here. Covered at a risk of {LITTLE_RISK:.0%}: the share whose item can be
named, the surest first, when no more than so many of the named ones may be wrong. The search runs over names, aliases and
questions of the guides and is as sure of an item as that has a share of the first three scores."""
_ABOUT_CONFIDENCE = """
The distance is the mean between confidence and share of right ones (expected calibration error): 0 is as sure as it should be."""


def _paragraph(text: str) -> str:
    return fill(" ".join(text.split()), WIDTH, break_long_words=False, break_on_hyphens=False)


def _rules() -> Iterator[str]:
    paragraphs = (judging.__doc__ or "").strip().split("\n\n")
    yield from paragraphs[1:]
    yield f"""Unclear are the questions whose note says {UNCLEAR}. Behind each share stand the borders between which the true
    one lies with 95 % (Wilson). Whether what the guides say is true is not judged here."""


def _is_answerable(one: Asked) -> bool:
    return one.question.answerable


def _is_unanswerable(one: Asked) -> bool:
    return not one.question.answerable


def _is_emergency(one: Asked) -> bool:
    return one.question.aspect == "emergency"


GOALS: tuple[tuple[str, str, Callable[[Asked], bool], frozenset[Verdict]], ...] = (
    ("right, of answerable", "≥ 92 %", _is_answerable, RIGHT),
    ("right or offered, of answerable", "≥ 97 %", _is_answerable, RIGHT_OR_OFFERED),
    ("wrong, of answerable", "≤ 2 %", _is_answerable, WRONG),
    ("wrong, of all", "", lambda one: True, WRONG),
    ("as if covered, of unanswerable", "≤ 3 %", _is_unanswerable, frozenset({Verdict.AS_IF_COVERED})),
    ("false emergencies, of all others", "≤ 0.5 %", lambda one: not _is_emergency(one), frozenset({Verdict.FALSE_ALARM})),
)  # fmt: skip
"""What is counted, what is wanted, of which questions, and which of their endings."""


def _goals(results: Results) -> str:
    sets = results.sets.values()
    rows: list[Row] = [
        (what, goal, *(str(share([one for one in asked if of(one)], verdicts)) for asked in sets))
        for what, goal, of, verdicts in GOALS
    ]
    rows += [
        ("emergencies missed", "0", *map(_missed, sets)),
        ("a question, p50 / p95", "", *(spread([one.reply["ms"] / 1000 for one in asked], (50, 95)) for asked in sets)),
    ]
    return table(("what", "goal", *results.sets), rows)


def _missed(asked: Sequence[Asked]) -> str:
    emergencies = [one for one in asked if _is_emergency(one)]
    return f"{sum(one.verdict is Verdict.MISSED for one in emergencies)} of {len(emergencies)}"


def _outcomes(asked: Sequence[Asked]) -> str:
    answerable, unanswerable = list(filter(_is_answerable, asked)), list(filter(_is_unanswerable, asked))
    groups = (answerable, unanswerable, asked)
    header = (
        "outcome",
        f"answerable ({len(answerable)})",
        f"unanswerable ({len(unanswerable)})",
        f"all ({len(asked)})",
    )
    rows = [
        (verdict.value, *(f"{one.count:3}  {one}" if one.count else "" for one in shares))
        for verdict in Verdict
        if (shares := [share(group, frozenset({verdict})) for group in groups])[-1].count
    ]
    return table(header, rows)


def _by_aspect(asked: Sequence[Asked]) -> str:
    """Counts; columns and rows without any are left out."""
    columns = [verdict for verdict in Verdict if share(asked, frozenset({verdict})).count]
    rows = []
    for aspect in ASPECTS:
        counts = Counter(one.verdict for one in asked if one.question.aspect == aspect)
        if counts:
            rows.append((aspect, str(counts.total()), *(str(counts[verdict] or "") for verdict in columns)))
    return table(("aspect", "n", *(verdict.value for verdict in columns)), rows)


def _items(results: Results) -> str:
    rows = [
        (
            f"{name} ({len(asked)})",
            finder,
            str(items_found(asked, items_of, 1)),
            str(items_found(asked, items_of, AMONG)),
            f"{coverage_at(item_risk(asked, items_of), LITTLE_RISK):.0%}",
        )
        for name, all_asked in results.sets.items()
        if (asked := with_an_item(all_asked))
        for finder, items_of in FINDERS.items()
    ]
    return table(("set", "by", "first", f"first {AMONG}", f"covered at {LITTLE_RISK:.0%}"), rows)


def _intents(results: Results) -> str:
    unseen = results.unseen
    truth, said = [one.intent for one in unseen], [one.said for one in unseen]
    right = Share(sum(t == s for t, s in zip(truth, said, strict=True)), len(unseen))
    rows: list[Row] = [
        ("sentences", f"{len(unseen):,}", f"{len({one.text for one in unseen}):,} of them different, {len(set(truth))} intents"),
        ("skeletons", f"{len(skeletons(one.text for one in unseen)):,}", "different without the names of items, papers and numbers"),
        ("intent right", str(right), f"the likeliest, {len(results.seconds)}-fold cross-validation by Rasa and config.yml"),
        ("intent macro-F1", f"{macro_f1(truth, said):.3f}", "mean over the intents"),
        ("one training", f"{median(results.seconds):.1f} s", "median of the folds, NLU alone"),
    ]  # fmt: skip
    if any(one.service for one in unseen):
        rows += [
            ("item first", str(services_found(unseen, 1)), "sentences whose item is written down"),
            (f"item among the first {AMONG}", str(services_found(unseen, AMONG)), ""),
        ]
    return f"{table(('what', 'figure', 'how'), rows)}\n\n{_weakest(unseen)}"


def _weakest(unseen: Sequence[Unseen], most: int = 8) -> str:
    """The pairs of intents that are confused most often."""
    pairs = Counter((one.intent, one.said) for one in unseen if one.said != one.intent)
    rows = [(truth, said, str(count)) for (truth, said), count in pairs.most_common(most)]
    return table(("intent", "taken for", "times"), rows)


def _confidence(results: Results) -> str:
    rows = [
        (name, str(sum(one.right.total for one in bins)), f"{calibration_error(bins):.3f}")
        for name, bins in calibration(results).items()
    ]
    return table(("what is said", "n", "distance"), rows)


def failures(results: Results, good: frozenset[Verdict] = RIGHT_OR_OFFERED) -> Iterator[str]:
    """One line for every question that ended badly: for the terminal alone, because real questions are quoted."""
    for name, asked in results.sets.items():
        for one in asked:
            if one.verdict not in good:
                reply, question = one.reply, one.question
                yield (
                    f"{name} {question.id} {one.verdict.value}: {' '.join(question.text.split())}\n"
                    f"    wanted {question.aspect} of {', '.join(sorted(question.accepted)) or 'no item'};"
                    f" got {reply['outcome']} ({reply['intent']}, {reply['confidence']})"
                    f" {reply['service'] or ', '.join(reply['candidates'])} {' '.join(reply['aspects'])}"
                )
