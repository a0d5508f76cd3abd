"""The website's channel: a message is posted, its reply comes on the conversation's event stream.

The conversation's id is random and is all that a client needs to read on; it stands in no log of ours.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Header, HTTPException, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, BeforeValidator, Field
from starlette.concurrency import run_in_threadpool

from base.clock import now
from base.message import Message
from bot.channels.answerers import Answerers
from bot.channels.house import House
from bot.channels.turn import receive
from bot.channels.web.stream import Mark, Streams
from bot.conversations import store

CHANNEL = "web"
MOST_TEXT = 20_000  # characters; far above what a person types, and what stands there is read in part
ID = r"^[A-Za-z0-9_-]{1,64}$"
MOST_OPEN = 50  # unanswered messages of one conversation

router = APIRouter(prefix="/channels/web", tags=["channel"])


def _drop_surrogates(value: object) -> object:
    """Half an emoji, as a cut text may end with, is JSON and yet no text."""
    return value.encode(errors="ignore").decode() if isinstance(value, str) else value


class Said(BaseModel):
    """A message. The client makes `id` once per message: sent again, it is never a second question."""

    conversation: str | None = Field(None, pattern=ID)
    id: str = Field(min_length=1, max_length=64, pattern=r"^[\x21-\x7e]+$")
    text: Annotated[str, BeforeValidator(_drop_surrogates), Field(max_length=MOST_TEXT)]


class Heard(BaseModel):
    conversation: str
    id: str


@router.post("", status_code=202)
def hear(said: Said, request: Request) -> Heard:
    """Take a message; without a conversation, or with one that is no longer kept, a new one begins."""
    house: House = request.app.state.house
    answerers: Answerers = request.app.state.answerers
    if answerers.is_full:
        raise HTTPException(429, "现在咨询的人很多，请稍后再发", {"Retry-After": "5"})
    conversation = _conversation(house, said.conversation)
    receive(house, Message(conversation, said.id, said.text, CHANNEL))
    answerers.submit(conversation)
    return Heard(conversation=conversation, id=said.id)


def _conversation(house: House, wanted: str | None) -> str:
    if wanted is not None:
        with house.database.reading() as session:
            if store.count_open(session, wanted) >= MOST_OPEN:
                raise HTTPException(429, "请等前面的问题答完再发", {"Retry-After": "5"})
            if store.is_known(session, wanted):
                return wanted
    with house.database.writing() as session:
        return store.open_conversation(session, CHANNEL, at=now()).id


@router.get("/stream", response_class=StreamingResponse)
async def listen(
    request: Request,
    conversation: Annotated[str, Query(pattern=ID)],
    last_event_id: Annotated[str, Header(max_length=37)] = "",
) -> StreamingResponse:
    """Server-sent `message` events {id, reply_to, text, card}, all of them or those after `Last-Event-ID`.

    `reply_to` is null where nobody asked: something that the person should know has come up.
    """
    house: House = request.app.state.house
    streams: Streams = request.app.state.streams
    if streams.is_full:
        raise HTTPException(503, "现在咨询的人很多，请稍后再试", {"Retry-After": "10"})
    if not await run_in_threadpool(_is_known, house, conversation):
        raise HTTPException(404, "没有这个会话，或它已经结束")
    return StreamingResponse(
        streams.events(house, conversation, Mark.read(last_event_id)),
        media_type="text/event-stream",
        # The second is for nginx, which would otherwise hold replies back until its buffer is full.
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )


def _is_known(house: House, conversation: str) -> bool:
    with house.database.reading() as session:
        return store.is_known(session, conversation)
