"""The app: channels, pages, console and API behind one port. Importing it does nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from fastapi import FastAPI
from fastapi.telemetry import TelemetryConfig
from sqlalchemy import inspect
from starlette.middleware.cors import CORSMiddleware

from base.db import Base, Database
from base.errors import BadSetting
from base.settings import Settings, load_settings
from bot.channels.answerers import Answerers
from bot.channels.house import open_house
from bot.channels.notices import NoticeMessages
from bot.channels.pushing import Pusher
from bot.channels.web import router as web_channel
from bot.channels.web.stream import Streams
from bot.conversations import pushes
from web import problems
from web.logs import set_up_logs
from web.metrics import CountRequests, Metrics
from web.middleware import BodyLimit, SecurityHeaders
from web.notices.guesses import Guesses
from web.notices.press import Press
from web.routes import api, api_notices, api_tickets, assets, health, notice_acts, notices, pages, staff
from web.webhooks import WebhookSender
from web.worker import Worker

ROUTERS = (
    web_channel.router,
    api.router,
    api_notices.router,
    api_tickets.router,
    staff.router,
    pages.router,
    notices.router,
    notice_acts.router,
    assets.router,
    health.router,
)

# FastAPI would also hand traces and error texts to whatever exporter the environment names.
NO_TELEMETRY: TelemetryConfig = {"auto_configure": False, "tracing": False, "metrics": False, "logs": False}


def create_app(settings: Settings | None = None) -> FastAPI:
    """The app for `settings` (from the environment if none are given); it opens its house when it starts."""
    settings = settings or load_settings()
    metrics = Metrics()
    app = FastAPI(
        title="办事通",
        version="1",
        docs_url=None,  # the documentation pages would load scripts from elsewhere
        redoc_url=None,
        telemetry=NO_TELEMETRY,
        lifespan=_life(settings, metrics),
    )
    problems.install(app)
    for router in ROUTERS:
        app.include_router(router)
    # The last one added is the first to see a request.
    app.add_middleware(BodyLimit)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=settings.widget_origins,
        allow_methods=["GET", "POST"],
        allow_headers=["Content-Type", "Idempotency-Key", "Last-Event-ID", "X-Ticket-Secret"],
    )
    app.add_middleware(CountRequests, metrics=metrics)
    app.add_middleware(SecurityHeaders, https=(settings.public_url or "").startswith("https:"))
    return app


def _life(settings: Settings, metrics: Metrics) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        set_up_logs()
        house = open_house(settings)
        check_schema(house.database)
        answerers, streams, press = Answerers(house), Streams(), Press()
        metrics.watch(house, answerers, streams)
        handlers = {"webhook": WebhookSender(settings.secret), pushes.TOPIC: Pusher(house)}
        worker = Worker(house.database, handlers, answerers, NoticeMessages(house))
        app.state.house, app.state.metrics = house, metrics
        app.state.answerers, app.state.streams = answerers, streams
        app.state.guesses, app.state.press = Guesses(), press
        worker.start()
        try:
            yield
        finally:
            worker.stop()
            answerers.close()
            press.close()
            house.close()

    return life


def check_schema(database: Database) -> None:
    """Raise BadSetting when the database lacks tables: it was never prepared, or by an older version."""
    missing = Base.metadata.tables.keys() - set(inspect(database.engine).get_table_names())
    if missing:
        raise BadSetting("DATABASE_URL", f"names a database without {min(missing)}; run: ./banshi prepare")
