"""After the visit: two taps, and the figures that they make."""

from datetime import timedelta

import pytest

from base.errors import BadRequest
from knowledge.notices import store, visits
from knowledge.notices.visits import OUTCOMES, REASONS, Trips, trips
from tests.knowledge.conftest import AT

LOST, PASSPORT = "id-card-reissue-lost", "passport-first"
ADULT = {"age": "adult", "place": "local", "pickup": "self"}
PASSPORT_CASE = {"age": "adult", "identity": "ordinary"}
DAY = timedelta(1)


@pytest.fixture
def notice(desk):
    return desk.issue(LOST, ADULT, conversation="c1")


def due(desk, at):
    with desk.database.reading() as session:
        return [one.code for one in visits.due(session, at)]


def is_open(desk, conversation="c1"):
    with desk.database.reading() as session:
        return visits.open_question(session, conversation)


def test_who_was_never_seen_is_asked_after_two_weeks(desk, notice):
    assert due(desk, AT + 13 * DAY) == []
    assert due(desk, AT + 14 * DAY) == [notice.code]


def test_who_was_at_the_counter_is_asked_the_day_after(desk, notice):
    desk.do(store.present, notice, [], by="li", at=AT)
    assert due(desk, AT + 23 * DAY / 24) == []
    assert due(desk, AT + DAY) == [notice.code]


def test_nobody_is_asked_twice_nor_without_a_conversation(desk, notice):
    desk.do(store.present, desk.issue(LOST, ADULT), [], by="li", at=AT)
    desk.do(lambda _, one: visits.mark_asked(one, AT + 14 * DAY), notice)
    desk.do(store.present, notice, [], by="li", at=AT + 15 * DAY)
    assert due(desk, AT + 60 * DAY) == []


def test_one_tap_is_enough_when_one_trip_was(desk, notice):
    desk.do(lambda _, one: visits.mark_asked(one, AT), notice)
    assert is_open(desk).code == notice.code
    assert desk.do(lambda _, one: visits.report(one, "one_trip", at=AT), notice) is False
    assert is_open(desk) is None
    with pytest.raises(BadRequest):
        desk.do(lambda _, one: visits.explain(one, "wrong_place"), notice)


@pytest.mark.parametrize("outcome", ["more_trips", "not_done"])
def test_the_second_tap_says_why(desk, notice, outcome):
    desk.do(lambda _, one: visits.mark_asked(one, AT), notice)
    assert desk.do(lambda _, one: visits.report(one, outcome, at=AT), notice) is True
    assert is_open(desk).code == notice.code
    desk.do(lambda _, one: visits.explain(one, "wrong_place"), notice)
    assert is_open(desk) is None
    kept = desk.find(notice)
    assert (kept.visit, kept.visit_reason) == (outcome, "wrong_place")


def test_who_changes_their_mind_is_heard(desk, notice):
    desk.do(lambda _, one: visits.report(one, "not_done", at=AT), notice)
    desk.do(lambda _, one: visits.explain(one, "other"), notice)
    desk.do(lambda _, one: visits.report(one, "one_trip", at=AT), notice)
    kept = desk.find(notice)
    assert (kept.visit, kept.visit_reason) == ("one_trip", None)


def test_who_has_not_gone_yet_is_asked_later_while_the_notice_holds(desk, notice):
    desk.do(lambda _, one: visits.mark_asked(one, AT), notice)
    desk.do(lambda _, one: visits.report(one, "not_gone", at=AT), notice)
    assert is_open(desk) is None
    assert due(desk, AT + 14 * DAY) == [notice.code]
    desk.do(lambda _, one: visits.report(one, "not_gone", at=AT + 80 * DAY), notice)
    assert due(desk, AT + 1000 * DAY) == []


def test_a_notice_that_holds_no_more_is_not_asked_about(desk, notice):
    desk.do(lambda _, one: visits.mark_asked(one, AT), notice)
    desk.do(store.withdraw, notice, by="li", reason="开错了", at=AT)
    assert (is_open(desk), due(desk, AT + 30 * DAY)) == (None, [])


@pytest.mark.parametrize(
    "tap",
    [
        lambda _, one: visits.report(one, "fine", at=AT),
        lambda _, one: visits.explain(one, "because"),
        lambda _, one: visits.explain(one, "other"),
    ],
)
def test_other_taps_are_refused(desk, notice, tap):
    with pytest.raises(BadRequest):
        desk.do(tap, notice)


def test_the_words_of_the_taps_can_be_told_apart():
    words = [*OUTCOMES.values(), *REASONS.values()]
    assert len(set(words)) == len(words)


def figures(desk, since=AT - DAY):
    with desk.database.reading() as session:
        return trips(session, since)


def test_the_figures_count_by_item_and_office_most_wasted_trips_first(desk):
    lost = [desk.issue(LOST, ADULT, office="demo-crj") for _ in range(4)]
    passport = desk.issue(PASSPORT, PASSPORT_CASE)
    desk.do(store.present, lost[0], [], by="li", at=AT)
    for notice, outcome, reason in (
        (lost[0], "one_trip", None),
        (lost[1], "more_trips", "wrong_place"),
        (lost[2], "not_done", "wrong_place"),
        (passport, "one_trip", None),
    ):
        desk.do(lambda _, one, outcome=outcome: visits.report(one, outcome, at=AT), notice)
        if reason:
            desk.do(lambda _, one, reason=reason: visits.explain(one, reason), notice)
    desk.do(store.demand, lost[3], "证明", reason="要看", by="li", at=AT)
    desk.do(store.note, lost[3], "reported", by="citizen", at=AT)
    desk.do(store.note, lost[3], "refused", by="li", at=AT)
    worst, best = figures(desk)
    counts = {"issued": 4, "presented": 1, "demanded": 1, "refused": 1, "reported": 1, "told": 3, "one_trip": 1}
    assert worst == Trips(LOST, "demo-crj", **counts, reasons={"wrong_place": 2})
    assert worst.one_trip_share == pytest.approx(1 / 3)
    assert (best.service, best.office, best.one_trip_share) == (PASSPORT, None, 1.0)
    assert figures(desk, AT + DAY) == []


def test_an_event_counts_where_it_happened_and_a_changed_list_once(desk):
    old = desk.issue(LOST, ADULT)
    wanted = store.Wanted((store.PersonCase(LOST, ADULT),))
    desk.do(lambda session, one: store.replace(session, one, desk.knowledge, wanted, at=AT), old)
    desk.do(store.demand, old, "证明", reason="要看", by="li", at=AT, office="demo-crj")
    by_office = {row.office: row for row in figures(desk)}
    assert (by_office["demo-crj"].issued, by_office["demo-crj"].demanded) == (0, 1)
    assert (by_office[None].issued, by_office[None].demanded) == (1, 0)
    assert by_office[None].one_trip_share is None
