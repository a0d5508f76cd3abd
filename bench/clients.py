"""People who ask: several at a time, one question after the other, from a process that does nothing else.

Plain http.client, since whatever the client computes would be measured too.
"""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from itertools import cycle
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any, Protocol
from uuid import uuid4

from bench.figures import spread
from bench.processes import BenchFailed

TURNS = Path(__file__).parent / "questions" / "turns.txt"
TIMEOUT_SECONDS = 60.0

Conversation = list[str]
Ranking = list[tuple[str, float]]


class Person(Protocol):
    """Somebody with one conversation at a time, each over a connection of its own: servers close idle ones."""

    def begin(self) -> None: ...

    def ask(self, text: str) -> str: ...

    def close(self) -> None: ...


class WebPerson:
    """As the widget does it: the message is posted, the reply comes on the conversation's event stream."""

    def __init__(self, port: str) -> None:
        self._port = port
        self._posts = _connect(port)
        self._conversation: str | None = None
        self._stream: HTTPConnection | None = None
        self._events: HTTPResponse | None = None

    def begin(self) -> None:
        self.close()
        self._conversation = self._stream = self._events = None

    def ask(self, text: str) -> str:
        id = uuid4().hex
        said = _post(self._posts, "/channels/web", {"conversation": self._conversation, "id": id, "text": text})
        if self._events is None:
            self._conversation = said["conversation"]
            self._stream = _connect(self._port)
            self._stream.request("GET", f"/channels/web/stream?conversation={self._conversation}")
            self._events = self._stream.getresponse()
        give_up = time.monotonic() + TIMEOUT_SECONDS  # the stream itself never falls silent
        for line in self._events:
            if time.monotonic() > give_up:
                break
            if line.startswith(b"data:") and (event := json.loads(line[5:]))["reply_to"] == id:
                return str(event["text"])
        raise BenchFailed(f"no reply to {text!r}")

    def close(self) -> None:
        self._posts.close()
        if self._stream:
            self._stream.close()


class RestPerson:
    """Rasa's own REST channel, without the app."""

    def __init__(self, port: str) -> None:
        self._posts = _connect(port)
        self._sender = ""

    def begin(self) -> None:
        self.close()
        self._sender = uuid4().hex

    def ask(self, text: str) -> str:
        messages = _post(self._posts, "/webhooks/rest/webhook", {"sender": self._sender, "message": text})
        if not messages:
            raise BenchFailed(f"Rasa says nothing to {text!r}")
        return "\n".join(message.get("text", "") for message in messages)

    def close(self) -> None:
        self._posts.close()


class Parser:
    """Rasa's understanding alone."""

    def __init__(self, port: str) -> None:
        self._posts = _connect(port)

    def parse(self, text: str) -> tuple[Ranking, float]:
        """The intents with their confidence, likeliest first, and the seconds that it took."""
        began = time.perf_counter()
        parsed = _post(self._posts, "/model/parse", {"text": text})
        seconds = time.perf_counter() - began
        return [(intent["name"], intent["confidence"]) for intent in parsed["intent_ranking"]], seconds

    def close(self) -> None:
        self._posts.close()


def _connect(port: str) -> HTTPConnection:
    return HTTPConnection("127.0.0.1", int(port), timeout=TIMEOUT_SECONDS)


def _post(connection: HTTPConnection, path: str, body: Any) -> Any:
    connection.request("POST", path, json.dumps(body), {"Content-Type": "application/json"})
    response = connection.getresponse()
    read = response.read()
    if response.status >= 300:
        raise BenchFailed(f"{path} answers {response.status}: {read[:500]!r}")
    return json.loads(read)


@dataclass(frozen=True)
class Load:
    """What people saw who asked at the same time: seconds in all, and of each turn."""

    seconds: float
    turns: list[float]

    def __str__(self) -> str:
        return f"{len(self.turns) / self.seconds:.1f}/s, {spread(self.turns)}"


def read_conversations(file: Path = TURNS) -> list[Conversation]:
    """One question a line; an empty line ends a conversation."""
    return [block.splitlines() for block in file.read_text("utf-8").strip().split("\n\n")]


def plan(conversations: Sequence[Conversation], turns: int) -> list[Conversation]:
    """The conversations again and again, the last one cut, so that it is `turns` questions in all."""
    planned: list[Conversation] = []
    for conversation in cycle(conversations):
        if turns <= 0:
            return planned
        planned.append(conversation[:turns])
        turns -= len(conversation)
    raise ValueError("no conversations")


def drive(people: Sequence[Person], turns: int) -> Load:
    """Have the people ask `turns` questions together; each has had one conversation before that does not count."""
    conversations = read_conversations()
    with ThreadPoolExecutor(len(people)) as threads:
        list(threads.map(lambda person: _talk(person, conversations[0]), people))
        queue: SimpleQueue[Conversation] = SimpleQueue()
        for conversation in plan(conversations, turns):
            queue.put(conversation)
        began = time.perf_counter()
        times = list(threads.map(lambda person: _work_off(person, queue), people))
        seconds = time.perf_counter() - began
    return Load(seconds, [one for some in times for one in some])


def _work_off(person: Person, queue: SimpleQueue[Conversation]) -> list[float]:
    times: list[float] = []
    while True:
        try:
            times += _talk(person, queue.get_nowait())
        except Empty:
            return times


def _talk(person: Person, conversation: Conversation) -> list[float]:
    """Seconds of each turn."""
    person.begin()
    times = []
    for question in conversation:
        began = time.perf_counter()
        person.ask(question)
        times.append(time.perf_counter() - began)
    return times
