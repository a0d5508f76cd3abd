"""The client to Rasa: one question, one Answer. Rasa itself is reachable from nowhere else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Protocol

import requests
from requests.adapters import HTTPAdapter

from base.answer import Answer, Outcome, text
from base.errors import AssistantDown
from bot.conversations.models import Gap
from bot.conversations.turns import Reply

CONNECT_SECONDS = 1.0
CONNECTIONS = 32  # kept open; more threads than these only lose the keep-alive


class Rasa(Protocol):
    """Whatever answers questions: Rasa behind its port, or a child process without one.

    `timeout` is in seconds, for a whole reply; `ask` raises AssistantDown.
    """

    timeout: float

    def ask(self, sender: str, text: str, timeout: float | None = None) -> Reply: ...

    def is_up(self) -> bool: ...

    def close(self) -> None: ...


class RasaClient:
    """Talks to Rasa's REST channel over pooled connections; `timeout` is in seconds, for a whole reply."""

    def __init__(self, url: str, timeout: float = 12.0) -> None:
        self.url, self.timeout = url, timeout
        self._http = requests.Session()
        self._http.trust_env = False  # the neighbour process is never asked through somebody's proxy
        self._http.mount("http", HTTPAdapter(pool_maxsize=CONNECTIONS))

    def ask(self, sender: str, text: str, timeout: float | None = None) -> Reply:
        """What the assistant says to `text`; raises AssistantDown when nothing usable comes in time."""
        try:
            response = self._http.post(
                f"{self.url}/webhooks/rest/webhook",
                json={"sender": sender, "message": text},
                timeout=(CONNECT_SECONDS, timeout or self.timeout),
            )
            response.raise_for_status()
            return merge(response.json())
        except (requests.RequestException, AttributeError, KeyError, TypeError, ValueError) as error:
            raise AssistantDown(f"{type(error).__name__} from Rasa") from error

    def is_up(self) -> bool:
        """Whether Rasa's REST channel answers; it does so only once a model is loaded."""
        try:
            response = self._http.get(f"{self.url}/webhooks/rest/", timeout=CONNECT_SECONDS)
        except requests.RequestException:
            return False
        return response.ok

    def close(self) -> None:
        self._http.close()


def merge(messages: list[dict[str, Any]]) -> Reply:
    """One Reply from Rasa's list of messages.

    An Answer carried as `custom` says everything that its text says; one without blocks takes its words from the
    text (a response of `domain.yml`), and plain texts alone are small talk. Raises ValueError when there is
    nothing to show.
    """
    carried = [message["custom"] for message in messages if "answer" in message.get("custom", ())]
    if not carried:
        return Reply(_from_texts(messages))
    answers = [Answer.from_json(custom["answer"]) for custom in carried]
    blocks = tuple(block for answer in answers for block in answer.blocks) or _from_texts(messages).blocks
    answer = replace(answers[-1], blocks=blocks)
    last = carried[-1]
    return Reply(
        answer,
        intent=last.get("intent"),
        confidence=last.get("confidence"),
        understood=last.get("understood"),
        gap=Gap(last["gap"]) if last.get("gap") else None,
    )


def _from_texts(messages: list[dict[str, Any]]) -> Answer:
    blocks = tuple(text(message["text"]) for message in messages if message.get("text"))
    if not blocks:
        raise ValueError("an empty reply")
    buttons = [button["title"] for message in messages for button in message.get("buttons", ())]
    return Answer(Outcome.SMALLTALK, blocks, choices=tuple(buttons))
