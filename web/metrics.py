"""The figures of one process for Prometheus: its requests, its queues, and what waits in the outbox."""

from __future__ import annotations

import time
from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from sqlalchemy import func, select
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from base.outbox import OutboxRow
from bot.channels.answerers import Answerers
from bot.channels.house import House
from bot.channels.web.stream import Streams


class Metrics:
    """A registry of its own, so that two apps in one process do not meet."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Histogram(
            "banshi_http_request_seconds",
            "Time from request to the end of the response",
            ("method", "route", "status"),
            registry=self.registry,
        )

    def watch(self, house: House, answerers: Answerers, streams: Streams) -> None:
        self.registry.register(_Queues(house, answerers, streams))


class _Queues:
    """Read at each scrape, so that nothing has to be counted twice."""

    def __init__(self, house: House, answerers: Answerers, streams: Streams) -> None:
        self._house, self._answerers, self._streams = house, answerers, streams

    def collect(self) -> Iterable[Metric]:
        yield GaugeMetricFamily(
            "banshi_conversations_waiting", "Conversations being answered or queued", self._answerers.waiting
        )
        yield GaugeMetricFamily("banshi_streams_open", "Open event streams", self._streams.open)
        outbox = GaugeMetricFamily("banshi_outbox_rows", "Outbox rows not delivered", labels=["state"])
        query = select(OutboxRow.state, func.count()).where(OutboxRow.state != "sent").group_by(OutboxRow.state)
        with self._house.database.reading() as session:
            counts = {"waiting": 0, "dead": 0} | dict(session.execute(query).tuples().all())
        for state, count in counts.items():
            outbox.add_metric([state], count)
        yield outbox


class CountRequests:
    """Times every request under its route's path, never under what stood in it."""

    def __init__(self, app: ASGIApp, *, metrics: Metrics) -> None:
        self.app, self.metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        begun, status = time.perf_counter(), 500

        async def send_noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, send_noting)
        finally:
            route = getattr(scope.get("route"), "path", "other")
            labels = self.metrics.requests.labels(scope["method"], route, status)
            labels.observe(time.perf_counter() - begun)
