"""What holders of notices are told without asking: that their list has changed, and how their visit went."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from bot.channels.house import House
from bot.conversations.pushes import enqueue_push
from knowledge.notices import visits
from knowledge.notices.answers import change_told, visit_asked
from knowledge.notices.telling import holders_to_tell
from knowledge.store import Knowledge


class NoticeMessages:
    """One round puts some of what is due into the outbox; from two processes at once it is told once all the same."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._told_until = 0  # the version of the knowledge against which every notice was held

    def do_round(self, at: datetime) -> None:
        with self._house.database.reading() as session:
            knowledge = self._house.knowledge.current(session)
            is_asking = bool(visits.due(session, at, most=1))
        if knowledge.version != self._told_until:
            with self._house.database.writing() as session:
                self._tell_of_changes(session, knowledge, at)
        if is_asking:
            with self._house.database.writing() as session:
                self._ask_about_visits(session, at)

    def _tell_of_changes(self, session: Session, knowledge: Knowledge, at: datetime) -> None:
        site, found = self._house.settings.site, holders_to_tell(session, knowledge, at)
        if not session.dirty:  # whatever is looked at is marked so: there was nothing left
            self._told_until = knowledge.version
        for notice, changes in found:
            assert notice.conversation is not None
            # A change that is taken back and comes again is told again.
            key = f"notice-changed:{notice.code}:{knowledge.version}"
            answer = change_told(notice, changes, site)
            enqueue_push(session, conversation=notice.conversation, answer=answer, key=key, at=at)

    def _ask_about_visits(self, session: Session, at: datetime) -> None:
        for notice in visits.due(session, at):
            assert notice.conversation is not None
            visits.mark_asked(notice, at)
            # Whoever has not gone yet is asked again another day.
            key = f"visit:{notice.code}:{at:%Y%m%d}"
            enqueue_push(session, conversation=notice.conversation, answer=visit_asked(notice), key=key, at=at)
