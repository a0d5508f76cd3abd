"""The way of one message in every channel: received once, its numbers hidden, answered in order."""

from __future__ import annotations

import logging
import re
import time
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from base.answer import Answer, Outcome, text
from base.clock import now
from base.errors import AssistantDown
from base.message import Message
from base.privacy import TOKEN, swap
from bot.channels import answers
from bot.channels.house import House
from bot.conversations import store, turns, vault
from bot.conversations.models import Inbound, Turn
from bot.conversations.turns import Reply
from knowledge.emergency import emergency_answer, find_emergency
from knowledge.notices import visits
from knowledge.notices.answers import BEYOND_NOTICE, reason_heard, visit_heard
from knowledge.store import Knowledge

logger = logging.getLogger(__name__)

MOST_READ = 2000  # characters that Rasa gets to see; what stands further back is not what the person wants
POLL_SECONDS = 0.05
RECENT_TURNS = 4


@dataclass(frozen=True)
class Asked:
    """A message as the steps below see it; `known` holds the numbers behind its tokens."""

    conversation: str
    text: str
    known: dict[str, str]
    filed_lately: bool
    knowledge: Knowledge
    deadline: float | None


def handle(house: House, message: Message, *, deadline: float | None = None) -> Turn:
    """The turn of one message of a known conversation; a repeated id gets the turn of the first.

    `deadline` is in seconds and bounds each of the two waits: for Rasa, and for somebody else who is at work
    on this conversation (AssistantDown if they do not get done).
    """
    inbound = receive(house, message)
    until = time.monotonic() + (deadline or house.rasa.timeout) + 1
    while True:
        answer_open(house, message.conversation, deadline=deadline)
        with house.database.reading() as session:
            turn = store.turn_of(session, inbound.id)
        if turn is not None:
            return turn
        if time.monotonic() > until:
            raise AssistantDown("another worker is late")
        time.sleep(POLL_SECONDS)


def receive(house: House, message: Message) -> Inbound:
    """The stored message, tokens in place of personal numbers; a repeat is the one that came first."""
    at = now()
    said = clean(message.text)
    with house.database.writing() as session:
        store.lock(session, message.conversation, at=at)
        inbound = store.find_inbound(session, message.conversation, message.id)
        if inbound is None:
            known = vault.tokens_of(session, house.cipher, message.conversation)
            message = replace(message, text=swap(said, known))
            vault.keep(session, house.cipher, message.conversation, known)
            inbound = store.receive(session, message, at=at)
    return inbound


def answer_open(
    house: House, conversation: str, *, deadline: float | None = None, is_over: Callable[[], bool] = lambda: False
) -> None:
    """Answer what is open in a conversation, oldest first, until `is_over`; not if somebody else is at work here."""
    with house.database.writing() as session:
        inbound = store.claim_next(session, conversation, at=now())
    while inbound is not None:
        reply, version = _reply(house, inbound, deadline)
        at = now()
        ms = round((at - inbound.received_at).total_seconds() * 1000)
        with house.database.writing() as session:
            turns.record(session, inbound, reply, cipher=house.cipher, at=at, ms=ms, knowledge_version=version)
            inbound = None if is_over() else store.claim_next(session, conversation, at=at)
        house.bell.ring(conversation)


def clean(text: str) -> str:
    """`text` without what cannot be seen or stored: control and zero-width characters, lone surrogates."""
    spaced = re.sub(r"[\t\r\n\f\v\x85\u2028\u2029]+", " ", text)
    return "".join(one for one in spaced if unicodedata.category(one) not in ("Cc", "Cf", "Cs")).strip()


def _prepare(house: House, inbound: Inbound, deadline: float | None) -> Asked:
    with house.database.reading() as session:
        known = vault.tokens_of(session, house.cipher, inbound.conversation_id)
        outcomes = store.last_outcomes(session, inbound.conversation_id, RECENT_TURNS)
        knowledge = house.knowledge.current(session)
    filed_lately = Outcome.TICKET in outcomes
    return Asked(inbound.conversation_id, inbound.text, known, filed_lately, knowledge, deadline)


def _reply(house: House, inbound: Inbound, deadline: float | None) -> tuple[Reply, int]:
    """The reply, and the version of the knowledge that it was made from (0: from none)."""
    try:
        asked = _prepare(house, inbound, deadline)
        reply = next(reply for step in STEPS if (reply := step(house, asked)))
        return replace(reply, answer=_shown(reply.answer, asked.known)), asked.knowledge.version
    except Exception:  # the edge: whatever broke, the person gets words, and the message is not tried for ever
        logger.exception("no reply could be made")
        return Reply(answers.APOLOGY, failed=True), 0


def _ask_for_words(house: House, asked: Asked) -> Reply | None:
    if any(one.isalnum() for one in asked.text):
        return None
    return Reply(answers.NOTHING_SAID)


def _warn_of_a_bare_number(house: House, asked: Asked) -> Reply | None:
    # Whoever filed a ticket lately was asked how to be reached: then a number is the answer.
    if asked.filed_lately or any(one.isalnum() for one in TOKEN.sub("", asked.text)):
        return None
    return Reply(answers.ONLY_A_NUMBER)


def _name_the_number(house: House, asked: Asked) -> Reply | None:
    """Danger waits for no model, and is read to the end of the longest message."""
    return Reply(emergency_answer(asked.text), "emergency") if find_emergency(asked.text) else None


def _hear_of_the_visit(house: House, asked: Asked) -> Reply | None:
    """A tap on what was asked after a visit, by its very words; whatever else is said goes on as always."""
    said = asked.text.strip(" 。！!.")
    outcome, reason = _VISIT_OUTCOMES.get(said), _VISIT_REASONS.get(said)
    if outcome is None and reason is None:
        return None
    with house.database.writing() as session:
        notice = visits.open_question(session, asked.conversation)
        if notice is None:
            return None
        if notice.visit is None and outcome is not None:
            asks_why = visits.report(notice, outcome, at=now())
            return Reply(visit_heard(notice, outcome, asks_why=asks_why))
        if notice.visit is None or reason is None:
            return None
        visits.explain(notice, reason)
        # Who tells of a counter that asked for more is going to file it: that is the assistant's to do.
        return None if said == BEYOND_NOTICE else Reply(reason_heard(notice))


_VISIT_OUTCOMES = {words: outcome for outcome, words in visits.OUTCOMES.items()}
_VISIT_REASONS = {words: reason for reason, words in visits.REASONS.items()}


def _ask_rasa(house: House, asked: Asked) -> Reply | None:
    said = re.sub("^/", "／", asked.text[:MOST_READ])  # to Rasa a leading slash is a command
    try:
        reply = house.rasa.ask(asked.conversation, said, asked.deadline)
    except AssistantDown as error:
        logger.warning("the assistant is down: %s", error)
        return None
    if len(asked.text) <= MOST_READ:
        return reply
    note = text(answers.cut_note(MOST_READ), "small")
    return replace(reply, answer=replace(reply.answer, blocks=(note, *reply.answer.blocks)))


def _offer_guides(house: House, asked: Asked) -> Reply:
    words = TOKEN.sub("", asked.text)[:MOST_READ]  # 手机号 in a token is no word of the question
    found = house.search.search(asked.knowledge, words, now().date(), answers.MOST_GUIDES)
    return Reply(answers.guides(found, house.settings.site), failed=True)


STEPS = (_ask_for_words, _warn_of_a_bare_number, _name_the_number, _hear_of_the_visit, _ask_rasa, _offer_guides)


def _shown(answer: Answer, known: dict[str, str]) -> Answer:
    """The answer with masked numbers where its words carry tokens."""

    def walk(value: Any) -> Any:
        if isinstance(value, str):
            return vault.show(value, known)
        if isinstance(value, (list, tuple)):
            return [walk(one) for one in value]
        return {key: walk(one) for key, one in value.items()} if isinstance(value, dict) else value

    return Answer.from_json(walk(answer.as_json())) if known else answer
