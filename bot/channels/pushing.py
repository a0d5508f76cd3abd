"""Delivery of messages that nobody asked for: into the conversation's record, from which its channel reads on."""

from __future__ import annotations

import logging
from typing import Any

from base.answer import Answer
from base.clock import now
from bot.channels.house import House
from bot.conversations.pushes import keep_push

logger = logging.getLogger(__name__)


class Pusher:
    """The outbox handler for {conversation, answer}: an open stream shows the message at once."""

    def __init__(self, house: House) -> None:
        self._house = house

    def __call__(self, key: str, payload: dict[str, Any]) -> None:
        conversation, answer = payload["conversation"], Answer.from_json(payload["answer"])
        with self._house.database.writing() as session:
            is_kept = keep_push(session, conversation=conversation, answer=answer, key=key, at=now())
        if is_kept:
            self._house.bell.ring(conversation)
        else:
            logger.info("%s is not told: its conversation is no longer kept", key)
