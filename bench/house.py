"""`make bench`: what a person waits for and what a machine must hold, from the first start to a long conversation."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

from honcho.environ import parse_procfile
from sqlalchemy import func, select

from base.clock import now
from base.db import Database
from base.settings import ROOT, load_settings
from bench.clients import Person, RestPerson, WebPerson, drive, plan, read_conversations
from bench.figures import Row, percentile, spread
from bench.machine import CpuMeter, descendants, fair_mb, resident_mb
from bench.processes import LAST_LINE, BenchFailed, Env, Running, free_ports, fresh_env, rasa_answers, run, running
from bot.conversations.models import Inbound, State
from knowledge import revisions
from knowledge.store import find_published

ABOUT = """\
Everything runs on this one machine: rasa, actions, app, SQLite and the client, which is a process of its own. One person asks
the next question when the last is answered; a conversation has four questions (`bench/questions/turns.txt`).
Percentiles of a turn are p50 / p95 / p99."""
HEADER = ("what", "figure", "how")

FIRST_QUESTION = "身份证丢了怎么补"
# One item, asked about in turn: so that a later turn differs from an earlier one by its place alone.
LONG_CYCLE = ("居住证怎么办", "要带哪些材料", "要交钱吗", "几天能拿到", "有效期几年")
LONG_PLACES = (1, 50, 200)
SETTLED = 100  # lines of `banshi ask` after which its memory should no longer grow
PEOPLE = 8
NUMBERS = "一二三四五六七八九十"  # of services that are published while the house runs
POLL_SECONDS, GIVE_UP_SECONDS = 0.02, 30
INSTALLED_FROM = ("banshi", "pyproject.toml", "requirements")


@dataclass(frozen=True)
class Sizes:
    """Turns of one person alone and of PEOPLE together, long conversations, lines of `banshi ask`."""

    alone: int
    together: int
    long: int
    lines: int


REDUCED = Sizes(alone=200, together=800, long=2, lines=1000)
FULL = Sizes(alone=1000, together=4000, long=10, lines=10_000)


def measure(full: bool) -> Iterator[Row]:
    """All rows, each as soon as it is known."""
    sizes = FULL if full else REDUCED
    with TemporaryDirectory(prefix="banshi-bench-") as name:
        folder = Path(name)
        if full:
            yield environments(folder / "checkout")
        env = fresh_env(folder / "var")
        yield from first_run(env, folder / "first.log")
        with house(env, folder / "second.log") as (started, seconds):
            yield "second run: ./banshi run to the first answer", seconds, "nothing to prepare"
            yield from load(started, env, sizes)
        yield from ask(env, sizes.lines)


def environments(checkout: Path) -> Row:
    """What `./banshi install` takes in a folder that has no environments yet."""
    checkout.mkdir()
    for name in INSTALLED_FROM:
        source = ROOT / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, checkout / name)
    seconds = run([checkout / "banshi", "install"], fresh_env(checkout / "var"), checkout / "install.log")
    return "environments, from a warm package cache", f"{seconds:.1f} s", "./banshi install: both, bytecode compiled"


@contextmanager
def house(env: Env, log: Path) -> Iterator[tuple[Running, str]]:
    """`banshi run` once it has answered a first question, and how long that took."""
    with running([ROOT / "banshi", "run"], env, log) as started:
        screen = started.wait_for(lambda: started.printed(LAST_LINE))
        person = WebPerson(env["BANSHI_PORT"])
        person.ask(FIRST_QUESTION)
        answered = time.monotonic() - started.started
        person.close()
        yield started, f"{answered:.1f} s (screen at {screen:.1f} s)"


def first_run(env: Env, log: Path) -> Iterator[Row]:
    with house(env, log) as (started, seconds):
        yield "first run: ./banshi run to the first answer", seconds, "environments present; store and model are made"
        training = started.step_seconds("training the model")
        yield "training", f"{training:.1f} s", "rasa train as a whole, in the first run"


def load(started: Running, env: Env, sizes: Sizes) -> Iterator[Row]:
    pids = {
        "rasa": started.find("rasa.__main__"),
        "actions": started.find("cli serve actions"),
        "app": started.find("cli serve app"),
    }
    fresh = {name: resident_mb(pid) for name, pid in pids.items()}
    web: list[Person] = [WebPerson(env["BANSHI_PORT"]) for _ in range(PEOPLE)]
    rest: list[Person] = [RestPerson(env["BANSHI_RASA_PORT"]) for _ in range(PEOPLE)]

    yield turns("web channel", web[:1], sizes.alone, pids)
    yield turns("web channel", web, sizes.together, pids)
    when = f"after the start → after {sizes.alone + sizes.together:,} turns"
    for name, pid in pids.items():
        yield f"resident memory of {name}", f"{fresh[name]:.0f} → {resident_mb(pid):.0f} MB", when
    everything = sum(map(fair_mb, descendants(started.pid)))
    yield "memory of all three and the supervisor", f"{everything:.0f} MB", "then; shared pages counted once"

    yield turns("Rasa's REST, 1 worker", rest[:1], sizes.alone, pids)
    yield turns("Rasa's REST, 1 worker", rest, sizes.together, pids)
    with second_worker(env) as (worker, port, ready):
        yield "rasa alone: start to ready", f"{ready:.1f} s", "a second worker, while the house is idle"
        spread_out = [RestPerson(port) if place % 2 else person for place, person in enumerate(rest)]
        yield turns("Rasa's REST, 2 workers", spread_out, sizes.together, pids | {"second rasa": worker})

    yield new_services(env, [rest[0], web[0]])
    yield from long_conversations(web[0], sizes.long, pids)
    for person in chain(web, rest):
        person.close()
    yield failures(env)


def turns(door: str, people: Sequence[Person], count: int, pids: Mapping[str, int]) -> Row:
    meter = CpuMeter(pids)
    seen = drive(people, count)
    # Everybody has had one conversation to warm up, and the meter has seen that too.
    work = meter.per_turn(count + len(people) * len(read_conversations()[0]))
    who = "1 person" if len(people) == 1 else f"{len(people)} at once"
    return f"turn over {door}, {who}", str(seen), f"{count:,} turns; {work}"


@contextmanager
def second_worker(env: Env) -> Iterator[tuple[int, str, float]]:
    """One more Rasa beside the house, started as the Procfile does: process id, port, and seconds to ready."""
    settings = load_settings(env)
    (model,) = settings.models.glob("banshi-*.tar.gz")
    (port,) = free_ports(1)
    worker = env | {"BANSHI_RASA_PORT": port, "BANSHI_MODEL": str(model)}
    command = parse_procfile((ROOT / "Procfile").read_text("utf-8")).processes["rasa"]
    with running(command, worker, settings.var / "log" / "second_worker.log") as started:
        yield started.pid, port, started.wait_for(lambda: rasa_answers(port))


def new_services(env: Env, people: Sequence[Person]) -> Row:
    """From the commit of a service that nobody knew until everybody who asks for it reads its name, without training."""
    database = Database(load_settings(env).database_url)
    times = []
    for number in NUMBERS:
        name = f"无人机第{number}类飞行登记"
        with database.writing() as session:
            by, at, key = "bench", now(), f"bench-drone-{len(times)}"
            body = find_published(session, "service", "dog-registration")["dog-registration"][-1].service.model_dump(
                mode="json", exclude_defaults=True
            )
            new = body | {"id": key, "name": name, "aliases": [f"无人机{number}类登记"]}
            revisions.propose(session, "service", key, new, based_on=None, author=by, reason="to see it arrive", at=at)
            revisions.publish(session, "service", key, 1, by=by, at=at)
        began = time.perf_counter()
        for person in people:
            person.begin()
            while name not in person.ask(f"{name}怎么办"):
                if time.perf_counter() - began > GIVE_UP_SECONDS:
                    raise BenchFailed(f"{name} is published, and nobody is told of it")
                time.sleep(POLL_SECONDS)
                person.begin()
        times.append(time.perf_counter() - began)
    database.close()
    how = f"{len(times)} services, asked for over Rasa's REST and the web channel every {POLL_SECONDS * 1000:.0f} ms"
    return "a new service, from its publication until it is answered", spread(times), how


def long_conversations(person: Person, count: int, pids: Mapping[str, int]) -> Iterator[Row]:
    """The last five turns up to each place (the first five for the first), over all conversations."""
    ends = [max(place, len(LONG_CYCLE)) for place in LONG_PLACES]
    times: dict[int, list[float]] = {end: [] for end in ends}
    work: dict[int, str] = {}
    for _ in range(count):
        person.begin()
        asked = 0
        for end in ends:
            while asked < end - len(LONG_CYCLE):
                person.ask(LONG_CYCLE[asked % len(LONG_CYCLE)])
                asked += 1
            meter = CpuMeter(pids)
            for question in LONG_CYCLE:
                began = time.perf_counter()
                person.ask(question)
                times[end].append(time.perf_counter() - began)
            asked = end
            work[end] = meter.per_turn(len(LONG_CYCLE))
    for place, end in zip(LONG_PLACES, ends, strict=True):
        median = f"{percentile(times[end], 50) * 1000:.1f} ms"
        window = f"median of turns {end - len(LONG_CYCLE) + 1}–{end} of {count} conversations; {work[end]}"
        yield f"turn {place} of one conversation, web channel", median, window


def failures(env: Env) -> Row:
    """Counts what no client can tell from an answer: the words for when the assistant is down."""
    database = Database(load_settings(env).database_url)
    with database.reading() as session:
        counts = session.execute(select(Inbound.state, func.count()).group_by(Inbound.state)).all()
    database.close()
    failed = sum(count for state, count in counts if state is not State.ANSWERED)
    return "web channel, turns not answered by the assistant", f"{failed} of {sum(count for _, count in counts):,}", ""


def ask(env: Env, lines: int) -> Iterator[Row]:
    """`banshi ask --json`, fed line by line, so that its memory can be seen on the way."""
    began = time.monotonic()
    times, memory = [], {}
    with subprocess.Popen(
        [ROOT / "banshi", "ask", "--json"], cwd=ROOT, env=env,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        assert process.stdin
        assert process.stdout
        for count, question in enumerate(chain.from_iterable(plan(read_conversations(), lines)), start=1):
            process.stdin.write(f"{question}\n".encode())
            process.stdin.flush()
            times.append(json.loads(process.stdout.readline())["ms"] / 1000)
            if count in (SETTLED, lines):
                memory[count] = [resident_mb(pid) for pid in descendants(process.pid)]
    if process.returncode:
        raise BenchFailed(f"banshi ask ended with {process.returncode}")
    seconds = time.monotonic() - began
    yield f"banshi ask, {lines:,} lines", f"{seconds:.1f} s", f"start included; a line {spread(times)}"
    grown = ", ".join(f"{then:.0f} → {later:.0f} MB" for then, later in zip(*memory.values(), strict=True))
    yield "resident memory of banshi ask, of its Rasa", grown, f"after {SETTLED} lines → after {lines:,}"
