"""Is it alive, is it ready, how does it do: for supervisors, proxies and Prometheus."""

from __future__ import annotations

import requests
from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from bot.channels.house import House

ASK_SECONDS = 1.0
FORWARDING = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip")

router = APIRouter(tags=["health"])


@router.get("/healthz")
def healthz() -> dict[str, str]:
    """The process answers. A proxy balances by this: without Rasa the app still helps."""
    return {"status": "ok"}


@router.get("/readyz")
def readyz(request: Request) -> JSONResponse:
    """Each part told truthfully; 503 while one of them is down."""
    house: House = request.app.state.house
    parts = {
        "database": _database_is_up(house),
        "rasa": house.rasa.is_up(),
        "actions": _actions_are_up(house),
    }
    words = {name: "ok" if is_up else "down" for name, is_up in parts.items()}
    ready = all(parts.values())
    return JSONResponse({"status": "ok" if ready else "down", **words}, 200 if ready else 503)


@router.get("/metrics", include_in_schema=False)
def metrics(request: Request) -> Response:
    """The process's figures, for somebody on this very machine."""
    is_direct = request.client is not None and request.client.host in ("127.0.0.1", "::1")
    if not is_direct or any(name in request.headers for name in FORWARDING):
        raise HTTPException(403, "只接受本机直接访问")
    figures = generate_latest(request.app.state.metrics.registry)
    return Response(figures, headers={"Content-Type": CONTENT_TYPE_LATEST})


def _database_is_up(house: House) -> bool:
    try:
        with house.database.reading() as session:
            session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return False
    return True


def _actions_are_up(house: House) -> bool:
    with requests.Session() as http:
        http.trust_env = False  # a neighbour process is never asked through somebody's proxy
        try:
            return http.get(f"{house.settings.actions_url}/health", timeout=ASK_SECONDS).ok
        except requests.RequestException:
            return False
