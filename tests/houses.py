"""What tests of channels and web stand on: a prepared store, and a Rasa that says what it is told to say."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice
from pathlib import Path
from threading import Event, Thread
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from base.answer import Answer, Outcome, text
from base.clock import now
from base.db import Base, Database
from base.settings import Settings, load_settings
from bot.channels.house import House, open_house
from knowledge.loader import read_content
from knowledge.store import fill_empty
from web.app import create_app

Say = Callable[[str, str], list[dict[str, Any]]]


def carrying(
    answer: Answer, intent: str | None = "ask_fee", confidence: float | None = 0.9, **more: Any
) -> list[dict[str, Any]]:
    """Rasa's messages for an Answer, as its REST channel gives them: the text apart from what `custom` carries."""
    custom = {"answer": answer.as_json(), "intent": intent, "confidence": confidence, **more}
    return [{"recipient_id": "x", "text": answer.body}, {"recipient_id": "x", "custom": custom}]


def echo(sender: str, message: str) -> list[dict[str, Any]]:
    return carrying(Answer(Outcome.ANSWER, (text(f"您说：{message}"),), aspects=("fee",)))


class FakeRasa:
    """A real HTTP server in Rasa's and the action server's place; `heard` is all that left the house."""

    def __init__(self) -> None:
        self.say: Say = echo
        self.heard: list[tuple[str, str]] = []
        self.status = 200
        self.posted: list[tuple[str, dict[str, str], bytes]] = []
        self.gate = Event()  # closed: replies wait
        self.gate.set()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler_for(self))
        self._server.daemon_threads = True
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def close(self) -> None:
        if self._thread.is_alive():
            self.gate.set()
            self._server.shutdown()
            self._server.server_close()
            self._thread.join()


def _handler_for(rasa: FakeRasa) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._reply(rasa.status, {"status": "ok"})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.path != "/webhooks/rest/webhook":
                rasa.posted.append((self.path, dict(self.headers), body))
                return self._reply(rasa.status, {})
            said = json.loads(body)
            rasa.heard.append((said["sender"], said["message"]))
            rasa.gate.wait(10)
            self._reply(rasa.status, rasa.say(said["sender"], said["message"]))

        def _reply(self, status: int, data: Any) -> None:
            body = data if isinstance(data, bytes) else json.dumps(data).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    return Handler


@pytest.fixture
def rasa() -> Iterator[FakeRasa]:
    fake = FakeRasa()
    yield fake
    fake.close()


@pytest.fixture(scope="session")
def prepared_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with the whole content and the invented city."""
    path = tmp_path_factory.mktemp("store") / "banshi.db"
    database = Database(f"sqlite:///{path}")
    Base.metadata.create_all(database.engine)
    with database.writing() as session:
        fill_empty(session, read_content(demo=True), at=now())
    database.close()
    return path


@pytest.fixture
def settings(tmp_path: Path, prepared_store: Path, rasa: FakeRasa) -> Settings:
    shutil.copy(prepared_store, tmp_path / "banshi.db")
    return load_settings(
        {
            "BANSHI_VAR": str(tmp_path),
            "BANSHI_RASA_URL": rasa.url,
            "BANSHI_ACTIONS_URL": rasa.url,
            "BANSHI_PUBLIC_URL": "https://banshi.example.gov.cn",
            "BANSHI_WIDGET_ORIGINS": "https://www.example.gov.cn",
        }
    )


@pytest.fixture
def house(settings: Settings) -> Iterator[House]:
    opened = open_house(settings)
    yield opened
    opened.close()


@dataclass(frozen=True)
class Site:
    """The app on a port of its own, and somebody who asks it."""

    app: FastAPI
    http: httpx.Client

    def listen(self, conversation: str, count: int, **headers: str) -> list[dict[str, Any]]:
        """The next `count` messages of a conversation's stream."""
        address = f"/channels/web/stream?conversation={conversation}"
        with self.http.stream("GET", address, headers=headers) as response:
            assert response.status_code == 200, response.read()
            assert response.headers["content-type"].startswith("text/event-stream")
            data = (line[6:] for line in response.iter_lines() if line.startswith("data: "))
            return [json.loads(line) for line in islice(data, count)]

    def say(self, text: str, id: str = "1", conversation: str | None = None) -> str:
        """Post a message; returns the conversation."""
        response = self.http.post("/channels/web", json={"conversation": conversation, "id": id, "text": text})
        assert response.status_code == 202, response.text
        return str(response.json()["conversation"])


@pytest.fixture
def site(settings: Settings) -> Iterator[Site]:
    app = create_app(settings)
    config = uvicorn.Config(app, port=0, log_config=None, timeout_graceful_shutdown=1, proxy_headers=False)
    server = uvicorn.Server(config)
    thread = Thread(target=server.run)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the app did not start"
        time.sleep(0.005)
    port = server.servers[0].sockets[0].getsockname()[1]
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=15, trust_env=False) as http:
        yield Site(app, http)
    server.should_exit = True
    thread.join()
