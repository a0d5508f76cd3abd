"""What a channel hands inward, whatever platform it came from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Message:
    """One message of one person.

    `conversation` is our own random id (never an OpenID), `id` the sender's id of this message, unique within
    the conversation so that a repeat is known as one, `text` what was typed, not yet masked.
    """

    conversation: str
    id: str
    text: str
    channel: str
