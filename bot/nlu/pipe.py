"""Rasa without a port: questions come in and action calls go out as JSON lines over two pipes.

Run in Rasa's environment by `bot.channels.embedded`: `python -m bot.nlu.pipe MODEL IN_FD OUT_FD`. A line in is
{"ask", "sender", "forget"} or {"done": result of an action}; a line out is {"ready"}, {"action": call} or {"said": messages}.
One question at a time, so an answer never needs an address.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import sys
from typing import Any

from rasa.core.agent import load_agent
from rasa.core.channels import UserMessage
from rasa.core.channels.channel import CollectingOutputChannel
from rasa.core.tracker_store import InMemoryTrackerStore
from rasa.core.utils import AvailableEndpoints
from rasa.utils.common import configure_logging_and_warnings
from rasa.utils.endpoints import EndpointConfig
from rasa.utils.log_utils import configure_structlog


class Pipe:
    """Two file descriptors, one JSON object a line."""

    def __init__(self, source: int, sink: int) -> None:
        self._source, self._sink = os.fdopen(source, "r", encoding="utf-8"), os.fdopen(sink, "w", encoding="utf-8")

    def send(self, message: dict[str, Any]) -> None:
        self._sink.write(json.dumps(message, ensure_ascii=False) + "\n")
        self._sink.flush()

    def receive(self) -> dict[str, Any] | None:
        """The next message; None when the other side is gone."""
        line = self._source.readline()
        return json.loads(line) if line else None


class PipedActions(EndpointConfig):
    """The action server, reached through the pipe instead of HTTP."""

    def __init__(self, pipe: Pipe) -> None:
        super().__init__(url="pipe")
        self._pipe = pipe

    async def request(self, method: str = "post", subpath: str | None = None, **kwargs: Any) -> Any:
        self._pipe.send({"action": kwargs["json"]})
        answer = self._pipe.receive()
        if answer is None:
            raise EOFError("the other side is gone")
        return answer["done"]


async def serve(model: str, pipe: Pipe) -> None:
    """Answer questions until the pipe closes."""
    configure_logging_and_warnings(log_level=logging.WARNING)
    configure_structlog(logging.WARNING)
    agent = await load_agent(model_path=model, endpoints=AvailableEndpoints(action=PipedActions(pipe)))
    trackers = InMemoryTrackerStore(agent.domain)
    agent.processor.tracker_store = trackers  # Rasa's own wraps one that never forgets, out of reach
    pipe.send({"ready": True})
    while (question := pipe.receive()) is not None:
        channel = CollectingOutputChannel()
        sender = question["sender"]
        await agent.handle_message(UserMessage(question["ask"], channel, sender_id=sender, input_channel="rest"))
        if question["forget"]:
            trackers.store.pop(sender, None)
        pipe.send({"said": channel.messages})


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], Pipe(int(sys.argv[2]), int(sys.argv[3]))))
