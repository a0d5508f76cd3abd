"""`python -m bench knowledge`: the knowledge base alone, as it is shipped and as large as a province's."""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain, product
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from base.clock import CHINA, now
from base.db import Base, Database
from bench.figures import Row, percentile, spread
from bench.machine import resident_mb
from bench.postgres import find_initdb, throw_away_server
from bench.processes import alone
from bench.stores import GENERATED, SPREAD, make_offices, make_services
from bench.typed import Typed, make_typed, read_typed, shares_found
from knowledge import imports, revisions, store
from knowledge.checklist import checklist
from knowledge.loader import CONTENT, Document, read_content
from knowledge.nearest import Point, position
from knowledge.offices import nearest
from knowledge.place import Matter, Region
from knowledge.search import SearchIndex
from knowledge.service import Service
from knowledge.store import Knowledge, KnowledgeCache

ABOUT = """\
Each store is measured in a process of its own. Generated services carry the bodies of shipped ones under names of their own
(`bench/stores.py`, seed fixed). What people type is written by hand for the shipped services (`bench/questions/typed.tsv`:
words, pinyin, initials, slips) and made from names and codes for generated ones; a service is found when it is among the
first three. Percentiles are p50 / p95 / p99. What waits for nobody (checklist, search, nearest offices) is told in
processor time, so that the work of others does not show; the rest by the clock."""
HEADER = ("what", "figure", "how")

SEED = 7
CASES = 40  # combinations of answers of each service
WARM = 20  # queries that do not count
POINTS = 500  # from which the nearest offices are looked for
CHANGES = 5
BY_DAY = datetime(2026, 11, 23, 10, 0, tzinfo=CHINA)  # a Monday
BY_NIGHT = BY_DAY.replace(hour=23)  # one office of a hundred is open


@dataclass(frozen=True)
class Sizes:
    """Services and offices of the large store, services of one import, queries."""

    services: int
    offices: int
    imported: int
    queries: int


REDUCED = Sizes(services=10_000, offices=5_000, imported=500, queries=500)
FULL = Sizes(services=100_000, offices=50_000, imported=10_000, queries=2000)


def measure(full: bool) -> Iterator[Row]:
    """All rows, each store's as soon as they are known."""
    sizes = FULL if full else REDUCED
    with TemporaryDirectory(prefix="banshi-bench-") as folder:
        yield from alone(shipped, f"sqlite:///{folder}/shipped.db")
        yield from _store("SQLite", f"sqlite:///{folder}/large.db", sizes)
    initdb = find_initdb()
    if initdb is None:
        yield "PostgreSQL", "not measured", "it is not installed"
        return
    with throw_away_server(initdb) as url:
        yield from _store("PostgreSQL", url, sizes)


def _store(name: str, url: str, sizes: Sizes) -> Iterator[Row]:
    yield alone(take_in, name, url, sizes)
    yield alone(fill, name, url, sizes)
    yield from alone(large, name, url, sizes)


def shipped(url: str) -> list[Row]:
    """What the shipped content costs: its checklists, and search over it."""
    database = _empty(url)
    with database.writing() as session:
        store.fill_empty(session, read_content(demo=True), at=now())
    with database.reading() as session:
        knowledge = store.load(session)
    database.close()
    return [checklists(knowledge), *searches(knowledge, read_typed())]


def checklists(knowledge: Knowledge) -> Row:
    """Every service, with answers drawn by lot: none, some or all."""
    dice = random.Random(SEED)
    services = knowledge.services(now().date())
    times = []
    for service, _ in product(services, range(CASES)):
        drawn = {one.id: dice.choice([None, *one.options]) for one in service.situations}
        answers = {situation: option for situation, option in drawn.items() if option}
        times.append(_work(lambda service=service, answers=answers: checklist(service, answers)))
    micro = " / ".join(f"{percentile(times, percent) * 1e6:.0f}" for percent in (50, 95, 99))
    how = f"{CASES} cases each of {len(services)} services; the longest {max(times) * 1000:.1f} ms"
    return "checklist", f"{micro} µs", how


def searches(knowledge: Knowledge, typed: Sequence[Typed]) -> Iterator[Row]:
    """Building the index, then every query once; the first ones do not count, they touch the index for the first time."""
    today, before = now().date(), resident_mb(os.getpid())
    began = time.perf_counter()
    index = SearchIndex(knowledge, today)
    built, memory = time.perf_counter() - began, resident_mb(os.getpid()) - before
    count = f"{len(knowledge.heads(today)):,} services"
    yield f"search index, {count}", f"{built:.2f} s", f"{memory:.0f} MB more"
    for one in typed[:WARM]:
        index.search(one.query)
    found: list[list[str]] = []
    times = [_work(lambda one=one: found.append(_ids(index, one.query))) for one in typed]
    yield f"search, {count}", spread(times), f"{len(typed)} queries; found: {shares_found(typed, found)}"


def _ids(index: SearchIndex, query: str) -> list[str]:
    return [one.service.id for one in index.search(query)]


def take_in(name: str, url: str, sizes: Sizes) -> Row:
    """What `banshi knowledge import` does with a YAML file, beside the shipped content."""
    content = read_content(demo=True)
    models = [one.fact for one in content if isinstance(one.fact, Service)]
    bodies = [one.model_dump(mode="json", exclude_defaults=True) for one in make_services(sizes.imported, models)]
    database = _empty(url)
    with TemporaryDirectory() as folder, database.writing() as session:
        file = Path(folder) / "services.yaml"
        file.write_text(yaml.dump(bodies, Dumper=yaml.CSafeDumper, allow_unicode=True), "utf-8")
        store.fill_empty(session, content, at=now())
        began, worked = time.perf_counter(), time.process_time()
        plan = imports.plan_import(session, file, on=now().date(), kind="service")
        read = time.perf_counter() - began
        imports.apply_plan(session, plan, author="bench", reason="bench", at=now())
        seconds, work = time.perf_counter() - began, time.process_time() - worked
    database.close()
    how = f"one YAML file, all or nothing; {read:.1f} s to read and check; {work:.1f} s of processor time"
    return f"{name}: import of {len(plan.steps):,} services", f"{seconds:.1f} s", how


def fill(name: str, url: str, sizes: Sizes) -> Row:
    """Write the shipped content and the generated one as first revisions, as an installation does."""
    content = read_content(demo=True)
    models = [one.fact for one in content if isinstance(one.fact, Service)]
    regions = [one.key for one in content if isinstance(one.fact, Region)]
    matters = [one.key for one in content if isinstance(one.fact, Matter)]
    services = (("service", one) for one in make_services(sizes.services - len(models), models))
    offices = (("office", one) for one in make_offices(sizes.offices, regions, matters))
    generated = (Document(kind, one.id, one, CONTENT, 1) for kind, one in chain(services, offices))
    database = _empty(url)

    def write() -> None:
        with database.writing() as session:
            store.fill_empty(session, chain(content, generated), at=now())

    seconds = _seconds(write)
    database.close()
    return (
        f"{name}: filling an empty store",
        f"{seconds:.1f} s",
        f"{sizes.services:,} services, {sizes.offices:,} offices",
    )


def large(name: str, url: str, sizes: Sizes) -> list[Row]:
    """What the large store costs a process that serves it."""
    return list(_large(name, Database(url), sizes))


def _large(name: str, database: Database, sizes: Sizes) -> Iterator[Row]:
    cache, before = KnowledgeCache(), resident_mb(os.getpid())
    began = time.perf_counter()
    knowledge = _current(cache, database)
    loaded, memory = time.perf_counter() - began, resident_mb(os.getpid())
    yield f"{name}: loading the store", f"{loaded:.1f} s", f"resident memory {before:.0f} → {memory:.0f} MB"
    heads = [head for head in knowledge.heads(now().date()) if head.id.startswith(GENERATED)]
    for what, figure, how in searches(knowledge, make_typed(heads, sizes.queries, SEED)):
        yield f"{name}: {what}", figure, how
    yield from nearest_offices(f"{name}: nearest three open", knowledge)
    yield (
        f"{name}: all of it in one process",
        f"{resident_mb(os.getpid()):.0f} MB",
        "knowledge, names, search, office map",
    )
    crowd = make_offices(sizes.offices, list(knowledge.regions), list(knowledge.matters), cities=1)
    crowded = replace(knowledge, offices={one.id: one for one in crowd})
    yield from nearest_offices(f"{name}: nearest three open, all in one city", crowded)
    yield change(name, cache, database, heads[0].id)


def nearest_offices(what: str, knowledge: Knowledge) -> Iterator[Row]:
    """The nearest three open offices that deal with some service, from points around offices, by day and by night."""
    dice = random.Random(SEED)
    places = [place for one in knowledge.offices.values() if (place := position(one)) is not None]
    services = [knowledge.find(head.id, BY_DAY.date()).service for head in knowledge.heads(BY_DAY.date())[:POINTS]]
    built = _seconds(lambda: knowledge.office_map)
    for at in (BY_DAY, BY_NIGHT):
        times = []
        for service in services:
            north, east = dice.choice(places)
            here = Point(north + dice.gauss(0, SPREAD), east + dice.gauss(0, SPREAD))
            times.append(_work(lambda service=service, here=here, at=at: nearest(knowledge, service, here, open_at=at)))
        how = f"{len(times)} services and places; the map is built in {built:.2f} s"
        yield f"{what}, of {len(places):,} offices at {at:%H:%M}", spread(times), how


def change(name: str, cache: KnowledgeCache, database: Database, service_id: str) -> Row:
    """From the commit of one changed service until a process that had the old copy has the new one."""
    service = _current(cache, database).find(service_id, now().date()).service
    body = service.model_dump(mode="json", exclude_defaults=True)
    times = []
    for number in range(1, CHANGES + 1):
        with database.writing() as session:
            by, at = "bench", now()
            changed = body | {"phone": f"12345-{number}"}
            revisions.propose(
                session, "service", service_id, changed, based_on=number, author=by, reason="to see it arrive", at=at
            )
            revisions.publish(session, "service", service_id, number + 1, by=by, at=at)
        times.append(_seconds(lambda: _current(cache, database)))
    return f"{name}: a published change, until it is seen", spread(times), f"{CHANGES} changes of one service"


def _empty(url: str) -> Database:
    """The database with all tables, and nothing in them."""
    database = Database(url)
    Base.metadata.drop_all(database.engine)
    Base.metadata.create_all(database.engine)
    return database


def _current(cache: KnowledgeCache, database: Database) -> Knowledge:
    with database.reading() as session:
        return cache.current(session)


def _seconds(work: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    began = clock()
    work()
    return clock() - began


def _work(work: Callable[[], object]) -> float:
    """Seconds of the processor, this thread's alone."""
    return _seconds(work, time.thread_time)
