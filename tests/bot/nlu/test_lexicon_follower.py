"""The follower needs nothing of Rasa, so it runs here, against a real HTTP server in place of the app."""

from __future__ import annotations

import gc
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from bot.nlu.lexicon_follower import LexiconFollower
from knowledge.linking.lexicon import Lexicon, load_lexicon, parse_lexicon, save_lexicon

PASSPORT = {"id": "passport-first", "name": "普通护照首次申领", "aliases": ["办护照"], "domain": "出入境"}
DRONE = {"id": "drone-register", "name": "无人机实名登记", "aliases": ["无人机登记"], "domain": "其他"}
OLD = {"revision": "1", "services": [PASSPORT], "places": []}
NEW = {"revision": "2", "services": [PASSPORT, DRONE], "places": []}


class App(ThreadingHTTPServer):
    """Answers with `body` under the tag `tag`, and notes what was asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Page)
        self.body, self.tag = json.dumps(NEW).encode(), '"2"'
        self.asked: list[str | None] = []
        self.was_asked = threading.Event()


class Page(BaseHTTPRequestHandler):
    server: App

    def do_GET(self) -> None:
        known = self.headers["If-None-Match"]
        self.server.asked.append(known)
        fresh = known != self.server.tag
        self.send_response(200 if fresh else 304)
        self.send_header("ETag", self.server.tag)
        self.send_header("Content-Length", str(len(self.server.body) if fresh else 0))
        self.end_headers()
        if fresh:
            self.wfile.write(self.server.body)
        self.server.was_asked.set()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def app() -> Iterator[App]:
    server = App()
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    save_lexicon(tmp_path / "lexicon.json", parse_lexicon(OLD))
    return tmp_path / "lexicon.json"


def names(lexicon: Lexicon) -> list[str]:
    return [service.name for service in lexicon.services]


@pytest.fixture
def follower(app: App, file: Path) -> LexiconFollower[list[str]]:
    return LexiconFollower(load_lexicon(file), file, f"http://127.0.0.1:{app.server_port}/api/v1/lexicon", names)


def knows_drones(follower: LexiconFollower[list[str]]) -> bool:
    return DRONE["name"] in follower.indexes


def test_it_begins_with_what_was_kept(follower):
    assert not knows_drones(follower)


def test_a_service_that_the_app_publishes_is_understood_and_kept(follower, file):
    follower.refresh()
    assert knows_drones(follower)
    assert load_lexicon(file).revision == "2"


def test_what_the_app_publishes_later_is_understood_without_being_asked_for(follower, app, file):
    app.body, app.tag = json.dumps(OLD).encode(), '"1"'
    follower.start()
    assert app.was_asked.wait(10)
    app.body, app.tag = json.dumps(NEW).encode(), '"2"'
    for _ in range(3):  # what was under way, the new lexicon, and the first question after it has been taken in
        app.was_asked.clear()
        assert app.was_asked.wait(10)
    assert knows_drones(follower)


def test_what_has_not_changed_is_not_sent_again(follower, app):
    follower.refresh()
    indexes = follower.indexes
    follower.refresh()
    assert app.asked == [None, '"2"']
    assert follower.indexes is indexes


@pytest.mark.parametrize("body", [b"<html>", b"[]", b'{"revision": "3"}', b"\xff"])
def test_what_is_no_lexicon_changes_nothing(follower, app, file, body):
    app.body, app.tag = body, '"3"'
    follower.refresh()
    assert follower.indexes == [PASSPORT["name"]]
    assert load_lexicon(file).revision == "1"


def test_it_works_on_while_the_app_is_down(file):
    follower = LexiconFollower(load_lexicon(file), file, "http://127.0.0.1:9/api/v1/lexicon", names)
    follower.refresh()
    assert follower.indexes == [PASSPORT["name"]]


def test_the_app_is_asked_directly_whatever_proxy_the_office_has(follower, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    follower.refresh()
    assert knows_drones(follower)


def test_it_follows_only_once_started_and_ends_with_its_owner(follower, app):
    assert app.asked == []
    follower.start()
    assert app.was_asked.wait(10)
    thread = follower._thread
    del follower
    gc.collect()
    assert thread is not None
