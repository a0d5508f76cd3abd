"""`python -m bench notice`: what a notice costs, from the checklist to the paper, and what its code forgives."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Barrier
from uuid import uuid4

from fpdf import FPDF
from pylopdf_fonts_zh_cn import sans_path
from sqlalchemy import insert, select

from base.answer import Answer, Outcome
from base.clock import now
from base.db import Database
from base.errors import MistypedCode, QuestionOpen
from base.settings import ROOT, load_settings
from bench.figures import Row, percentile, spread
from bench.machine import descendants, peak_mb, resident_mb
from bench.processes import BenchFailed, Env, alone, answers, fresh_env, running
from cli.prepare import prepare_database
from knowledge import revisions
from knowledge.notices import store
from knowledge.notices.codes import ALPHABET, new_code, read_code, shown
from knowledge.notices.models import Notice
from knowledge.notices.notice import PersonCase, assemble
from knowledge.notices.sheet import Sheet
from knowledge.notices.telling import holders_to_tell
from knowledge.store import Knowledge, load
from web.notices.paper import a4, slip
from web.notices.qr import qr_png

ABOUT = """\
Notices of all shipped services in the invented city, each with answers that leave nothing open; SQLite in a file, as installed,
the commit on disk included. The app that serves pages and paper is the real one, in a process of its own; the client is
another process on the same machine. Plain fpdf2 is the same text and QR code as fpdf2 prints them with the whole font, which it
cuts down itself. Percentiles are p50 / p95 / p99."""
HEADER = ("what", "figure", "how")

SEED = 7
REGION, SITE = "990102", "https://banshi.example.gov.cn"
AT_ONCE = 500  # who want a PDF at the same moment
PEER_SHEETS = 10
LOST = "id-card-reissue-lost"


@dataclass(frozen=True)
class Sizes:
    """Notices that are printed, codes drawn, codes whose every slip is tried, pages that are asked for, notices in use."""

    prints: int
    codes: int
    slips: int
    pages: int
    in_use: int


REDUCED = Sizes(prints=60, codes=1_000_000, slips=200, pages=500, in_use=10_000)
FULL = Sizes(prints=1000, codes=10_000_000, slips=2000, pages=2000, in_use=50_000)


def measure(full: bool) -> Iterator[Row]:
    sizes = FULL if full else REDUCED
    with TemporaryDirectory(prefix="banshi-bench-") as folder:
        env = fresh_env(Path(folder)) | {"BANSHI_DEMO": "1"}
        alone(_prepare, env)
        yield alone(issued, env)
        yield from alone(printed, env, sizes.prints)
        yield from served(env, sizes)
        yield alone(told, env, sizes.in_use)
    yield from alone(codes, sizes)


def _prepare(env: Env) -> None:
    prepare_database(load_settings(env))


@dataclass(frozen=True)
class _Office:
    """The store of an environment, and the knowledge in it."""

    database: Database
    knowledge: Knowledge

    @classmethod
    def open(cls, env: Env) -> _Office:
        database = Database(load_settings(env).database_url)
        with database.reading() as session:
            return cls(database, load(session))

    def issue(self, case: PersonCase) -> Notice:
        with self.database.writing() as session:
            wanted = store.Wanted((case,), region=REGION, conversation="bench")
            return store.issue(session, self.knowledge, wanted, at=now())

    def cases(self) -> list[PersonCase]:
        """Every service with answers drawn by lot, until none is missing."""
        dice = random.Random(SEED)
        return [self._complete(PersonCase(head.id, {}), dice) for head in self.knowledge.heads(now().date())]

    def _complete(self, case: PersonCase, dice: random.Random) -> PersonCase:
        try:
            assemble(self.knowledge, [case], region=REGION, at=now())
        except QuestionOpen as open_:
            option = dice.choice(list(open_.question["options"]))
            return self._complete(PersonCase(case.service, {**case.answers, open_.question["id"]: option}), dice)
        return case

    def sheets(self, most: int) -> list[Sheet]:
        with self.database.reading() as session:
            notices = session.scalars(select(Notice).order_by(Notice.id)).all()
        drawn = random.Random(SEED).sample(notices, min(most, len(notices)))
        return [store.sheet_of(notice, self.knowledge, site=SITE, at=now()) for notice in drawn]


def issued(env: Env) -> Row:
    """From the answers to the committed notice, once for every service."""
    office = _Office.open(env)
    times = [_seconds(lambda case=case: office.issue(case)) for case in office.cases()]
    return "checklist to stored notice", spread(times), f"{len(times)} services; goal 10 ms"


def printed(env: Env, most: int) -> list[Row]:
    """Notices on paper, nothing kept from one to the next; then some as a plain library would print them."""
    sheets, before = _Office.open(env).sheets(most), resident_mb(os.getpid())
    a4(sheets[0])  # the font is mapped once a process
    rows = [
        _print("A4 PDF", "goal p95 400 ms", sheets, a4),
        _print("A4 PDF in large print", "", sheets, lambda sheet: a4(sheet, large=True)),
        _print("80 mm slip", "", sheets, slip),
    ]
    peak = peak_mb(os.getpid())
    rows.append(("memory of a process that prints", f"{peak:.0f} MB", f"at most; {before:.0f} MB before the first"))
    rows.append(_print("plain fpdf2 as the peer", "", sheets[:PEER_SHEETS], _plain))
    peer = peak_mb(os.getpid())
    return [*rows, ("memory of a process that prints so", f"{max(peer, peak):.0f} MB", "at most")]


def _print(what: str, goal: str, sheets: Sequence[Sheet], make: Callable[[Sheet], bytes]) -> Row:
    sizes: list[int] = []
    times = [_seconds(lambda sheet=sheet: sizes.append(len(make(sheet)))) for sheet in sheets]
    kilobytes = f"{percentile(sizes, 50) / 1024:.0f} kB, the largest {max(sizes) / 1024:.0f} kB"
    return f"{what}, not cached", spread(times), "; ".join(filter(None, (f"{len(sheets)} notices", kilobytes, goal)))


def _plain(sheet: Sheet) -> bytes:
    pdf = FPDF()
    pdf.add_font("sans", fname=str(sans_path()))
    pdf.set_font("sans", size=10)
    pdf.add_page()
    words = "\n".join(f"{line['label']}：{line['value']}" for line in sheet.head)
    pdf.multi_cell(150, 6, f"{sheet.name}\n{sheet.code}\n{words}\n{Answer(Outcome.ANSWER, sheet.blocks).body}")
    pdf.image(qr_png(sheet.url), x=165, y=10, w=30)
    return bytes(pdf.output())


# --- over HTTP ------------------------------------------------------------------------------------------------------


def served(env: Env, sizes: Sizes) -> Iterator[Row]:
    """What a phone waits for, and what five hundred that come at once do to the app."""
    office = _Office.open(env)
    notices = [shown(notice.code) for notice in map(office.issue, office.cases())]
    office.database.close()
    port, log = env["BANSHI_PORT"], load_settings(env).var / "log" / "app.log"
    with running([ROOT / "banshi", "serve", "app"], env, log) as app:
        app.wait_for(lambda: answers(f"http://127.0.0.1:{port}/healthz"))
        dice = random.Random(SEED)
        for what, path in (("page", "/n/{}"), ("page in JSON", "/api/v1/notices/{}")):
            paths = [path.format(dice.choice(notices)) for _ in range(sizes.pages)]
            yield alone(_asked, f"{what} over HTTP", port, paths)
        yield alone(_at_once, "one PDF", port, [f"/n/{notices[0]}.pdf"] * AT_ONCE)
        different = [f"/n/{code}.pdf?large={large}" for code in notices for large in (0, 1)]
        yield alone(_at_once, "different PDFs", port, different[:AT_ONCE])
        peak = max(peak_mb(pid) for pid in descendants(app.pid))
        yield "memory of the app after that", f"{peak:.0f} MB", "at most; knowledge and kept paper included"


def _asked(what: str, port: str, paths: Sequence[str]) -> Row:
    connection = HTTPConnection("127.0.0.1", int(port), timeout=60)
    for path in paths[:20]:  # they do not count
        if (status := _get(connection, path)) != 200:
            raise BenchFailed(f"{path} gave {status}")
    times = [_seconds(lambda path=path: _get(connection, path)) for path in paths]
    connection.close()
    return what, spread(times), f"{len(paths)} notices by lot, one after the other; goal p95 30 ms"


def _get(connection: HTTPConnection, path: str) -> int:
    connection.request("GET", path)
    response = connection.getresponse()
    response.read()
    return response.status


def _at_once(what: str, port: str, paths: Sequence[str]) -> Row:
    """All ask at the same moment, each over a connection of its own."""
    start = Barrier(len(paths))

    def ask(path: str) -> tuple[int, float]:
        connection = HTTPConnection("127.0.0.1", int(port), timeout=120)
        connection.connect()
        start.wait()
        began = time.perf_counter()
        status = _get(connection, path)
        connection.close()
        return status, time.perf_counter() - began

    with ThreadPoolExecutor(len(paths)) as people:
        found = list(people.map(ask, paths))
    got = [seconds for status, seconds in found if status == 200]
    others = sorted({str(status) for status, _ in found if status != 200})
    refused = f"; {len(found) - len(got)} were told to come again ({', '.join(others)})" if others else ""
    return f"{what} for {len(paths)} at once", spread(got), f"{len(got)} got it{refused}"


# --- told, and typed ------------------------------------------------------------------------------------------------


def told(env: Env, count: int) -> Row:
    """From a change that touches some of the notices in use until the first holders are found."""
    office = _Office.open(env)
    with office.database.writing() as session:
        made = session.execute(select(Notice.__table__)).mappings().all()
        copies = ({**made[number % len(made)], "id": None, "code": new_code()} for number in range(count))
        session.execute(insert(Notice), list(copies))
        said = {"author": "bench", "reason": "to see who is told", "at": now()}
        body = revisions.history(session, "service", LOST)[-1].body | {"phone": "12345-1"}
        revisions.propose(session, "service", LOST, body, based_on=1, **said)
        revisions.publish(session, "service", LOST, 2, by="bench", at=now())
    fresh, found = _Office.open(env), list[int]()
    times = []
    while not found or found[-1]:
        times.append(_seconds(lambda: found.append(_round(fresh))))
    how = f"{count:,} in use, {sum(found)} holders told in {len(found)} rounds"
    return "a round of telling holders of a change", spread(times), how


def _round(office: _Office) -> int:
    with office.database.writing() as session:
        return len(holders_to_tell(session, office.knowledge, now()))


def codes(sizes: Sizes) -> list[Row]:
    """Codes drawn, and every slip of some of them; beside the usual identifier."""
    rows = []
    for what, draw in (("codes", new_code), ("uuid4 as the peer", lambda: uuid4().hex)):
        drawn: set[int] = set()
        base = 36 if draw is new_code else 16
        seconds = _seconds(lambda draw=draw, base=base, drawn=drawn: _draw(draw, base, sizes.codes, drawn))
        length = len(draw())
        how = f"{sizes.codes - len(drawn)} repeated; {seconds / sizes.codes * 1e6:.1f} µs each, {length} characters"
        rows.append((f"{what} drawn", f"{sizes.codes:,}", how))
    slips = [_slips(new_code()) for _ in range(sizes.slips)]
    for what, tried in (("wrong characters", 0), ("swaps of neighbours", 1)):
        all_ = [typed for one in slips for typed in one[tried]]
        caught = sum(map(_is_caught, all_))
        rows.append((f"{what} caught", f"{caught:,} of {len(all_):,}", f"every one of {sizes.slips:,} codes"))
    return rows


def _draw(draw: Callable[[], str], base: int, count: int, into: set[int]) -> None:
    for _ in range(count):
        into.add(int(draw(), base))  # a number takes half the room of its text


def _slips(code: str) -> tuple[list[str], list[str]]:
    places = range(len(code))
    wrong = [code[:at] + one + code[at + 1 :] for at in places for one in ALPHABET if one != code[at]]
    swapped = [code[:at] + code[at + 1] + code[at] + code[at + 2 :] for at in places[:-1]]
    return wrong, [typed for typed in swapped if typed != code]


def _is_caught(typed: str) -> bool:
    try:
        read_code(typed)
    except MistypedCode:
        return True
    return False


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
