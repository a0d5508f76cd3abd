"""Revisions: who changed what from when, nothing overwritten, exactly one answer for each day."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import event, update
from sqlalchemy.exc import IntegrityError

from base.clock import CHINA
from base.db import Base, Database
from base.errors import (
    BadContent,
    BadOverlay,
    BadRequest,
    EditConflict,
    RevisionNotFound,
    ServiceNotFound,
    UnknownKind,
)
from knowledge import revisions, store
from knowledge.loader import Document
from knowledge.models import Holiday, KnowledgeState, Revision
from knowledge.revisions import Change, diff
from knowledge.service import Service

AT = datetime(2026, 11, 23, 10, 0, tzinfo=CHINA)
TODAY, YESTERDAY, NEW_YEAR = AT.date(), AT.date() - timedelta(1), date(2027, 1, 1)
LOST, PASSPORT = "id-card-reissue-lost", "passport-first"


@pytest.fixture(scope="module")
def few(documents):
    """Two services with their documents, and the divisions and rules of the invented city."""
    wanted = {LOST, PASSPORT, *(m.document for d in documents if d.key in (LOST, PASSPORT) for m in d.fact.materials)}
    papers = [d for d in documents if d.kind == "document"]
    return [d for d in documents if d.key in wanted and d not in papers] + papers + [
        d for d in documents if d.kind == "region" and d.fact.demo
    ]  # fmt: skip


@pytest.fixture
def filled(database, few):
    with database.writing() as session:
        store.fill_empty(session, few, at=AT - timedelta(30))
    return database


class Editor:
    """Somebody who changes one service, each step in a transaction of its own."""

    def __init__(self, database, key=LOST, name="wang"):
        self.database, self.key, self.name = database, key, name

    def body(self, number=1):
        with self.database.reading() as session:
            return revisions.history(session, "service", self.key)[number - 1].body

    def propose(self, based_on=1, at=AT, **changes):
        with self.database.writing() as session:
            body = self.body() | {"id": self.key} | changes
            told = {"author": self.name, "reason": "核对后修改", "at": at}
            return revisions.propose(session, "service", self.key, body, based_on=based_on, **told).number

    def publish(self, number=2, at=AT, **dates):
        with self.database.writing() as session:
            return revisions.publish(session, "service", self.key, number, by="li", at=at, **dates)

    def change(self, based_on=1, at=AT, since=None, until=None, **changes):
        number = self.propose(based_on, at, **changes)
        self.publish(number, at, effective_from=since, effective_to=until)
        return number

    def retire(self, on=None, at=AT):
        with self.database.writing() as session:
            return revisions.retire(session, "service", self.key, by="li", reason="停办", at=at, on=on).number

    def roll_back(self, number, at=AT):
        with self.database.writing() as session:
            return revisions.roll_back(session, "service", self.key, number, by="li", reason="改错了", at=at).number

    def history(self):
        with self.database.reading() as session:
            return revisions.history(session, "service", self.key)

    def phones(self, *days):
        knowledge = loaded(self.database)
        return [phone(knowledge, self.key, day) for day in days]


def phone(knowledge, key, day):
    try:
        return knowledge.find(key, day).service.phone
    except ServiceNotFound:
        return None


def loaded(database):
    with database.reading() as session:
        return store.load(session)


@pytest.fixture
def editor(filled):
    return Editor(filled)


def test_a_proposal_changes_nothing_until_it_is_published(editor):
    before = loaded(editor.database).version
    assert editor.propose(phone="000-1") == 2
    assert (editor.phones(TODAY), loaded(editor.database).version) == (["12345"], before)
    editor.publish()
    assert (editor.phones(TODAY), loaded(editor.database).version) == (["000-1"], before + 1)


def test_what_held_before_a_publication_stays_on_record(editor):
    editor.change(phone="000-1")
    assert editor.phones(YESTERDAY, TODAY, NEW_YEAR) == ["12345", "000-1", "000-1"]


def test_history_says_who_why_and_when(editor):
    editor.change(phone="000-1")
    editor.retire(on=NEW_YEAR)
    told = [(r.number, r.status, r.author, r.reason, r.published_by, r.effective_from) for r in editor.history()]
    assert told == [
        (1, "published", "content", "随软件发布的初始内容", "content", None),
        (2, "published", "wang", "核对后修改", "li", TODAY),
        (3, "retired", "li", "停办", "li", NEW_YEAR),
    ]
    assert {r.published_at for r in editor.history()[1:]} == {AT}


def test_what_is_published_today_may_hold_from_new_year(editor):
    editor.change(since=NEW_YEAR, phone="000-1")
    assert editor.phones(TODAY, date(2026, 12, 31), NEW_YEAR) == ["12345", "12345", "000-1"]


def test_a_correction_of_today_does_not_undo_what_is_scheduled(editor):
    editor.change(since=NEW_YEAR, phone="000-1")
    editor.change(based_on=2, phone="000-2")
    assert editor.phones(TODAY, date(2026, 12, 31), NEW_YEAR) == ["000-2", "000-2", "000-1"]


def test_what_holds_for_a_time_gives_way_to_what_held_before(editor):
    editor.change(until=NEW_YEAR, phone="000-1")
    assert editor.phones(TODAY, NEW_YEAR) == ["000-1", "12345"]


def test_a_retired_document_is_gone_from_its_day_on_and_can_come_back(editor):
    editor.retire(on=NEW_YEAR)
    assert editor.phones(TODAY, NEW_YEAR) == ["12345", None]
    assert LOST not in [head.id for head in loaded(editor.database).heads(NEW_YEAR)]
    editor.change(based_on=2, since=date(2027, 6, 1), phone="000-1")
    assert editor.phones(NEW_YEAR, date(2027, 6, 1)) == [None, "000-1"]


def test_rolling_back_publishes_the_old_body_anew_and_drops_what_is_scheduled(editor):
    editor.change(phone="000-1")
    editor.change(based_on=2, since=NEW_YEAR, phone="000-2")
    assert editor.roll_back(1) == 4
    assert editor.phones(TODAY, NEW_YEAR) == ["12345", "12345"]
    assert editor.history()[3].body == editor.history()[0].body


# --- what is refused -------------------------------------------------------------------------------------------------


def test_two_editors_at_once_never_overwrite_each_other_silently(editor):
    later = AT + timedelta(minutes=5)
    editor.propose(at=later, phone="000-1")
    with pytest.raises(EditConflict, match=r"wang 在 2026-11-23 10:05 改过") as conflict:
        Editor(editor.database, name="zhao").propose(phone="000-2")
    assert (conflict.value.by, conflict.value.at) == ("wang", later)


def test_of_many_who_began_with_the_same_revision_one_gets_through(editor):
    def propose(n):
        try:
            return Editor(editor.database, name=f"editor{n}").propose(phone=f"000-{n}")
        except EditConflict:
            return None

    with ThreadPoolExecutor(6) as pool:
        numbers = list(pool.map(propose, range(6)))
    assert sorted(filter(None, numbers)) == [2]
    assert len(editor.history()) == 2


def test_an_older_proposal_cannot_be_published_over_a_newer_one(editor):
    editor.propose(phone="000-1")
    editor.change(based_on=2, phone="000-2")
    for number in (2, 3):
        with pytest.raises(EditConflict, match="li 在"):
            editor.publish(number)
    assert editor.phones(TODAY) == ["000-2"]


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ({"fees": []}, "service id-card-reissue-lost:1: fees: "),
        ({"id": "another"}, "id：写的是 another，这份文档却是 id-card-reissue-lost"),
        ({"surprise": 1}, "surprise: "),
    ],
)
def test_a_body_that_does_not_hold_together_is_refused(editor, body, problem):
    with pytest.raises(BadContent, match=problem):
        editor.propose(**body)
    assert len(editor.history()) == 1


def test_what_leads_nowhere_is_not_published(editor):
    bundle = {"lead": "公安局", "members": [PASSPORT, "no-such-service"]}
    editor.propose(bundle=bundle)
    with pytest.raises(BadContent, match="没有 service no-such-service"):
        editor.publish()
    assert editor.phones(TODAY) == ["12345"]


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (lambda editor: editor.publish(7), RevisionNotFound),
        (lambda editor: editor.roll_back(7), RevisionNotFound),
        (lambda editor: Editor(editor.database, "no-such-service").retire(), RevisionNotFound),
        (lambda editor: (editor.retire(), editor.retire()), RevisionNotFound),
        (lambda editor: editor.change(since=NEW_YEAR, until=NEW_YEAR), BadRequest),
        (lambda editor: editor.change(until=YESTERDAY), BadRequest),
    ],
)
def test_what_cannot_be_is_said(editor, change, error):
    with pytest.raises(error):
        change(editor)


def test_an_unknown_kind_is_named(editor):
    told = {"based_on": None, "author": "wang", "reason": "", "at": AT}
    with editor.database.writing() as session, pytest.raises(UnknownKind, match="'decree'"):
        revisions.propose(session, "decree", "x", {}, **told)
    with editor.database.writing() as session:
        more = {"digest": "", "origin": "staff", "author": "x", "at": AT, "status": "published"}
        session.add(Revision(kind="decree", key="x", number=1, body={}, version=store.touch(session), **more))
    with pytest.raises(UnknownKind, match="'decree'"):
        loaded(editor.database)


# --- nothing is ever overwritten -------------------------------------------------------------------------------------


def overwrite_row(session):
    session.get(Revision, 1).body = {"id": LOST}
    session.flush()


def overwrite_all(session):
    session.execute(update(Revision).values(reason="anders"))


@pytest.mark.parametrize("overwrite", [overwrite_row, overwrite_all])
def test_the_database_refuses_to_change_what_is_published(editor, overwrite):
    before = editor.history()[0].body
    with pytest.raises(IntegrityError, match="a revision never changes"), editor.database.writing() as session:
        overwrite(session)
    assert editor.history()[0].body == before


def test_the_body_of_a_proposal_never_changes_either(editor):
    editor.propose(phone="000-1")
    with pytest.raises(IntegrityError, match="a revision never changes"), editor.database.writing() as session:
        revisions.history(session, "service", LOST)[1].body = {"id": LOST}


# --- what it costs ---------------------------------------------------------------------------------------------------


def test_a_publication_asks_the_database_only_what_it_must(editor):
    """Its turn, the history, what it leads to, the rules of the service; then the version and the revision."""
    editor.propose(phone="000-1")
    said = []
    event.listen(editor.database.engine, "before_cursor_execute", lambda *args: said.append(args[2]))
    editor.publish()
    statements = [words.split()[0] for words in said if not words.startswith("BEGIN")]
    assert statements == ["SELECT"] * 4 + ["UPDATE"] * 2


# --- a process that is open meanwhile --------------------------------------------------------------------------------


def test_an_open_process_reads_only_what_came_since_and_then_knows_all(editor):
    cache = store.KnowledgeCache()
    with editor.database.reading() as session:
        before = cache.current(session)
    editor.change(phone="000-1")
    Editor(editor.database, PASSPORT).retire()
    with editor.database.reading() as session:
        after, afresh = cache.current(session), store.load(session)
    assert after.revisions[LOST][0] is before.revisions[LOST][0]
    assert (after.version, after.revisions, after.others) == (afresh.version, afresh.revisions, afresh.others)
    assert (after.regions, after.documents) == (afresh.regions, afresh.documents)
    assert [phone(after, key, TODAY) for key in (LOST, PASSPORT)] == ["000-1", None]


def test_an_open_process_keeps_what_did_not_change(editor):
    cache = store.KnowledgeCache()
    with editor.database.reading() as session:
        before = cache.current(session)
    offices, rules = before.office_map, before._rules_by_service
    editor.change(phone="000-1")
    with editor.database.reading() as session:
        service_changed = cache.current(session)
    assert (service_changed.offices, service_changed.office_map) == (before.offices, offices)
    assert service_changed._rules_by_service is rules
    publish_body(editor.database, "region", "990300", region("990300", "990000"), None)
    lay_over(editor.database, rule(set={"phone": "000-9"}))
    with editor.database.reading() as session:
        places_changed = cache.current(session)
    assert places_changed.office_map is not offices
    assert places_changed._rules_by_service == {LOST: ["rule"]}


def test_places_follow_the_day_too(filled):
    with filled.writing() as session:
        told = {"author": "wang", "reason": "改名", "at": AT}
        body = {"adcode": "990102", "name": "示例晨光区", "parent": "990100", "demo": True}
        revisions.propose(session, "region", "990102", body, based_on=1, **told)
        revisions.publish(session, "region", "990102", 2, by="li", at=AT, effective_from=NEW_YEAR)
    knowledge = loaded(filled)
    names = [knowledge.on(day).region("990102").name for day in (TODAY, NEW_YEAR, TODAY)]
    assert names == ["示例东区", "示例晨光区", "示例东区"]
    assert knowledge.on(NEW_YEAR).on(TODAY).regions == knowledge.on(TODAY).regions


# --- local rules -----------------------------------------------------------------------------------------------------


def rule(**changes):
    said = {"service": LOST, "at": "990100", "reason": "试点", "source": "演示数据"}
    return {"id": "rule", **said, **changes}


def lay_over(database, body, since=None):
    with database.writing() as session:
        told = {"based_on": None, "author": "wang", "reason": "试点", "at": AT}
        number = revisions.propose(session, "overlay", body["id"], body, **told).number
        revisions.publish(session, "overlay", body["id"], number, by="li", at=AT, effective_from=since)


def test_a_local_rule_holds_from_its_day_on_and_names_its_revision(filled):
    lay_over(filled, rule(set={"phone": "000-9"}), since=NEW_YEAR)
    knowledge = loaded(filled)
    assert knowledge.resolve(LOST, TODAY, "990102").service.phone == "12345"
    resolved = knowledge.resolve(LOST, NEW_YEAR, "990102")
    origin = resolved.origins["phone"]
    assert (resolved.service.phone, origin.level, origin.revision) == ("000-9", "示例市", 1)


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (rule(set={"phone": "000-8"}), BadOverlay),
        (rule(drop=["m99"]), BadOverlay),
        (rule(id="other", at="990000", set={"phone": "000-9"}), BadOverlay),
        (rule(at="999999", set={"phone": "1"}), BadContent),
        (rule(at="no-such-office", set={"phone": "1"}), BadContent),
        (rule(service="no-such-service", set={"phone": "1"}), BadContent),
    ],
)
def test_a_local_rule_that_does_not_fit_is_not_published(filled, body, error):
    lay_over(filled, rule(id="first", at="990000", set={"phone": "000-8"}))
    with pytest.raises(error):
        lay_over(filled, body)


def region(adcode, parent, **changes):
    return {"adcode": adcode, "name": "新地", "parent": parent, "demo": True, **changes}


def publish_body(database, kind, key, body, based_on, **dates):
    with database.writing() as session:
        told = {"based_on": based_on, "author": "wang", "reason": "核对", "at": AT}
        number = revisions.propose(session, kind, key, body, **told).number
        revisions.publish(session, kind, key, number, by="li", at=AT, **dates)


@pytest.fixture
def ruled(editor):
    """The service with one more material, which a rule of the invented city changes."""
    extra = {"id": "m-extra", "name": "居住证明", "form": "原件"}
    editor.change(materials=[*editor.body()["materials"], extra])
    lay_over(editor.database, rule(change={"m-extra": {"copies": 2}}))
    return editor


UNFIT = r"overlay rule: id-card-reissue-lost has no material 'm-extra' \(on {}\)"


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda editor: editor.change(2, materials=editor.body(1)["materials"]), UNFIT.format(TODAY)),
        (lambda editor: editor.change(2, materials=editor.body(1)["materials"], since=NEW_YEAR), UNFIT.format(NEW_YEAR)),
        (lambda editor: editor.roll_back(1), UNFIT.format(TODAY)),
        (lambda editor: editor.retire(), f"overlay rule: {LOST} is not in force"),
        (lambda editor: editor.retire(on=NEW_YEAR), rf"not in force \(on {NEW_YEAR}\)"),
    ],
)  # fmt: skip
def test_what_would_break_a_local_rule_is_refused(ruled, change, says):
    version = loaded(ruled.database).version
    with pytest.raises(BadOverlay, match=says):
        change(ruled)
    assert loaded(ruled.database).version == version
    assert {one.status for one in ruled.history()[2:]} <= {"proposed"}


def test_a_rule_that_is_scheduled_is_minded_too_and_one_that_has_ended_is_not(editor):
    lay_over(editor.database, rule(set={"phone": "000-9"}), since=NEW_YEAR)
    with pytest.raises(BadOverlay, match=rf"overlay rule: changes nothing \(on {NEW_YEAR}\)"):
        editor.change(phone="000-9")
    editor.change(based_on=2, phone="000-9", until=NEW_YEAR)
    retire_rule(editor.database, "rule")
    editor.change(based_on=3, phone="000-9")
    assert editor.phones(NEW_YEAR) == ["000-9"]


def test_a_place_on_which_a_rule_stands_stays(ruled):
    def retire():
        with ruled.database.writing() as session:
            revisions.retire(session, "region", "990100", by="li", reason="撤销", at=AT)

    with pytest.raises(BadOverlay, match="overlay rule: 990100 is not in force"):
        retire()
    retire_rule(ruled.database, "rule")
    retire()


def test_a_division_does_not_come_under_another_whose_rule_says_the_same(filled):
    publish_body(filled, "region", "990300", region("990300", "990000"), None)
    lay_over(filled, rule(set={"phone": "000-9"}))
    lay_over(filled, rule(id="other", at="990300", set={"phone": "000-9"}))
    with pytest.raises(BadOverlay, match="overlay other: changes nothing"):
        publish_body(filled, "region", "990300", region("990300", "990100"), 1)


def test_a_rule_on_which_another_builds_stays(editor):
    lay_over(editor.database, rule(add=[{"id": "m-local", "name": "居住证明", "form": "原件"}]))
    lay_over(editor.database, rule(id="below", at="990102", drop=["m-local"]))
    with pytest.raises(BadOverlay, match=r"overlay below: .* no material 'm-local'"):
        retire_rule(editor.database, "rule")
    retire_rule(editor.database, "below")
    retire_rule(editor.database, "rule")


def retire_rule(database, key):
    with database.writing() as session:
        revisions.retire(session, "overlay", key, by="li", reason="试点结束", at=AT)


def test_a_rule_that_is_broken_already_stands_in_nobodys_way(ruled):
    with ruled.database.writing() as session:  # as an older release would have let it
        body = ruled.body(1)
        more = {"digest": store.digest(body), "origin": "staff", "author": "x", "at": AT, "effective_from": TODAY}
        session.add(
            Revision(
                kind="service", key=LOST, number=3, body=body, status="published", version=store.touch(session), **more
            )
        )
    assert ruled.change(based_on=3, phone="000-1") == 4
    with pytest.raises(BadOverlay, match="no material 'm-extra'"):
        publish_body(ruled.database, "overlay", "rule", rule(drop=["m-extra"]), 1)


# --- what a release ships --------------------------------------------------------------------------------------------


def shipped_anew(documents, key, **changes):
    """The documents as a later release ships them, one of them changed."""
    return [
        Document(d.kind, d.key, Service.model_validate(d.body() | changes), d.file, d.line) if d.key == key else d
        for d in documents
    ]


def ship(database, documents):
    with database.writing() as session:
        made = revisions.propose_shipped(session, documents, at=AT)
        return [(revision.key, revision.number, revision.status) for revision in made]


def test_shipping_the_same_again_changes_nothing(filled, few):
    version = loaded(filled).version
    assert ship(filled, few) == []
    assert loaded(filled).version == version


def test_what_nobody_touched_is_brought_up_to_date(editor, few):
    assert ship(editor.database, shipped_anew(few, LOST, phone="000-5")) == [(LOST, 2, "published")]
    assert editor.phones(YESTERDAY, TODAY) == ["12345", "000-5"]


def test_a_release_may_go_back_to_what_an_earlier_one_said(editor, few):
    ship(editor.database, shipped_anew(few, LOST, phone="000-5"))
    assert ship(editor.database, few) == [(LOST, 3, "published")]
    assert editor.phones(TODAY) == ["12345"]


def test_what_an_editor_has_written_already_is_not_proposed_again(editor, few):
    editor.change(phone="000-5")
    assert ship(editor.database, shipped_anew(few, LOST, phone="000-5")) == []


def test_what_an_editor_changed_gets_a_proposal_beside_it_once(editor, few):
    editor.change(phone="000-1")
    newer = shipped_anew(few, LOST, phone="000-5")
    assert ship(editor.database, newer) == [(LOST, 3, "proposed")]
    assert ship(editor.database, newer) == []
    assert editor.phones(TODAY) == ["000-1"]
    editor.publish(3)
    assert editor.phones(TODAY) == ["000-5"]


def test_what_an_editor_retired_does_not_come_back(editor, few):
    editor.retire()
    ship(editor.database, shipped_anew(few, LOST, phone="000-5"))
    assert editor.phones(TODAY) == [None]


def test_what_is_new_in_a_release_is_published(filled, few, documents):
    more = next(d for d in documents if (d.kind, d.key) == ("service", "temp-id-card"))
    assert ship(filled, [*few, more]) == [("temp-id-card", 1, "published")]


def test_what_a_release_ships_and_a_local_rule_does_not_fit_is_only_proposed(ruled, few, documents):
    more = next(d for d in documents if (d.kind, d.key) == ("service", "temp-id-card"))
    lay_over(ruled.database, rule(id="fast", service=PASSPORT, set={"phone": "000-9"}))
    newer = shipped_anew([*few, more], PASSPORT, phone="000-9")
    assert ship(ruled.database, newer) == [(PASSPORT, 2, "proposed"), ("temp-id-card", 1, "published")]
    assert loaded(ruled.database).find(PASSPORT, TODAY).revision == 1


# --- differences -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "changes"),
    [
        ({"a": 1}, {"a": 1}, []),
        ({"a": 1}, {"a": 2, "b": 3}, [Change("a", 1, 2), Change("b", None, 3)]),
        ({"a": {"b": 1, "c": 2}}, {"a": {"b": 1}}, [Change("a.c", 2, None)]),
        ({"a": ["x", "y"]}, {"a": ["x"]}, [Change("a", ["x", "y"], ["x"])]),
        (
            {"materials": [{"id": "m1", "note": "x"}, {"id": "m2"}]},
            {"materials": [{"id": "m1", "note": "y"}, {"id": "m3"}]},
            [
                Change("materials.m1.note", "x", "y"),
                Change("materials.m2", {"id": "m2"}, None),
                Change("materials.m3", None, {"id": "m3"}),
            ],
        ),
        (
            {"materials": [{"id": "m1"}, {"id": "m2"}]},
            {"materials": [{"id": "m2"}, {"id": "m1"}]},
            [Change("materials", ["m1", "m2"], ["m2", "m1"])],
        ),
    ],
)
def test_a_difference_is_named_where_it_stands(old, new, changes):
    assert diff(old, new) == changes


# --- whatever editors do, one answer a day ---------------------------------------------------------------------------

DAYS = [TODAY + timedelta(days) for days in range(-1, 12)]
AHEAD = st.integers(0, 9).map(lambda days: TODAY + timedelta(days))
MOVES = st.one_of(
    st.tuples(st.just("publish"), AHEAD, st.none() | st.integers(1, 5)),
    st.tuples(st.just("retire"), AHEAD),
    st.tuples(st.just("roll back"), st.integers(1, 9)),
)


def do(editor, move):
    """Make a move; returns what it leads to in plain reckoning: from, until, phone, whether it clears what is older."""
    newest = editor.history()[-1]
    if move[0] == "publish":
        _, since, days = move
        until = since + timedelta(days) if days else date.max
        editor.change(newest.number, since=since, until=until if days else None, phone=f"000-{newest.number}")
        return since, until, f"000-{newest.number}", False
    if move[0] == "retire":
        if newest.status == "retired":
            with pytest.raises(RevisionNotFound):
                editor.retire()
            return None
        editor.retire(on=move[1])
        return move[1], date.max, None, True
    number = min(move[1], newest.number)
    editor.roll_back(number)
    return TODAY, date.max, editor.body(number)["phone"], True


def reckoned(made, day):
    """What holds on that day after these moves, of which each was thought of knowing those before it."""
    open_ = []
    for since, until, phone, clears in made:
        if clears and since <= day:
            open_ = []
        if since <= day < until:
            open_.append((since, phone))
    began = max(since for since, _ in open_)
    return [phone for since, phone in open_ if since == began][-1]


def check_moves(editor, moves):
    made = [(date.min, date.max, "12345", False)]
    for move in moves:
        if (told := do(editor, move)) is not None:
            made.append(told)
        assert editor.phones(*DAYS) == [reckoned(made, day) for day in DAYS]
    numbers = [revision.number for revision in editor.history()]
    assert numbers == list(range(1, len(made) + 1))


@settings(max_examples=25, deadline=None)
@given(moves=st.lists(MOVES, max_size=7))
def test_whatever_is_done_each_day_has_one_answer(few, moves):
    database = Database("sqlite://")
    Base.metadata.create_all(database.engine, tables=[Revision.__table__, KnowledgeState.__table__, Holiday.__table__])
    with database.writing() as session:
        store.fill_empty(session, few, at=AT - timedelta(30))
    check_moves(Editor(database), moves)
    database.close()


def test_so_it_is_on_every_database(editor):
    ahead = [TODAY + timedelta(days) for days in range(10)]
    check_moves(
        editor,
        [
            ("publish", ahead[5], None),
            ("publish", ahead[0], None),
            ("publish", ahead[2], 2),
            ("retire", ahead[8]),
            ("retire", ahead[1]),
            ("roll back", 2),
            ("publish", ahead[3], 1),
            ("roll back", 1),
        ],
    )
