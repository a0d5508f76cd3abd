"""A real browser before the real app; only Rasa is played."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from threading import Thread

import pytest
import requests
import uvicorn

from base.settings import Settings
from tests.houses import prepared_store, rasa, settings  # noqa: F401
from web.app import create_app


class Site:
    """The running app; it keeps its port over `stop` and `start`, as a restarted server does."""

    def __init__(self, its_settings: Settings) -> None:
        self._settings = its_settings
        self._port = 0
        self.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        listener = socket.create_server(("127.0.0.1", self._port))
        self._port = listener.getsockname()[1]
        app = create_app(self._settings)
        self._server = uvicorn.Server(uvicorn.Config(app, log_config=None, ws="none", timeout_graceful_shutdown=0))
        self._thread = Thread(target=self._server.run, kwargs={"sockets": [listener]})
        self._thread.start()
        requests.get(f"{self.url}/healthz", timeout=20).raise_for_status()  # waits at the port until it is up

    def stop(self) -> None:
        self._server.should_exit = True
        self._thread.join()


@pytest.fixture
def site(settings: Settings) -> Iterator[Site]:  # noqa: F811
    running = Site(settings)
    yield running
    running.stop()


@pytest.fixture
def page(browser, site: Site) -> Iterator:
    """A fresh window; whatever its console complained about fails the test."""
    context = browser.new_context(base_url=site.url, viewport={"width": 1366, "height": 768})
    context.set_default_timeout(10_000)
    window = context.new_page()
    errors: list[str] = []
    window.on("pageerror", lambda error: errors.append(str(error)))
    window.on("console", lambda message: message.type == "error" and errors.append(message.text))
    yield window
    context.close()
    # A lost line is what some tests are about; everything else would be a fault of ours.
    assert [error for error in errors if "ERR_CONNECTION" not in error and "ERR_INCOMPLETE" not in error] == []
