import asyncio
from concurrent.futures import ThreadPoolExecutor
from threading import Event, Lock

import pytest
from fastapi import HTTPException

from web.notices.press import Press


@pytest.fixture
def press():
    press = Press(2, kept=1000, most_waiting=3)
    yield press
    press.close()


def run(asked):
    """What the coroutine gives; in a thread of its own, since a browser of other tests keeps this one's loop."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, asked).result()


def printed(press, key, make):
    return run(press.printed(key, make))


class Making:
    """Makes a piece of paper that takes until `finish` is set; counts how often, and how many at once."""

    def __init__(self, made=b"paper"):
        self.finish, self.made = Event(), made
        self.times = self.now = self.most = 0
        self._lock = Lock()

    def __call__(self):
        with self._lock:
            self.times += 1
            self.now += 1
            self.most = max(self.most, self.now)
        assert self.finish.wait(60)
        with self._lock:
            self.now -= 1
        return self.made


def test_500_who_ask_at_once_get_one_and_the_same(press):
    making = Making()

    async def ask_all():
        waiting = [asyncio.create_task(press.printed("notice", making)) for _ in range(500)]
        await asyncio.sleep(0)
        making.finish.set()
        return await asyncio.gather(*waiting)

    assert set(run(ask_all())) == {b"paper"}
    assert making.times == 1


def test_who_goes_away_leaves_the_paper_to_the_others(press):
    making = Making()

    async def ask():
        gone, waiting = (asyncio.create_task(press.printed("notice", making)) for _ in range(2))
        await asyncio.sleep(0)
        gone.cancel()
        await asyncio.sleep(0)
        making.finish.set()
        return await waiting

    assert run(ask()) == b"paper"


def test_different_ones_wait_in_turn(press):
    making = Making()

    async def ask_all():
        waiting = [asyncio.create_task(press.printed(number, making)) for number in range(5)]
        await asyncio.sleep(0)
        making.finish.set()
        return await asyncio.gather(*waiting)

    assert run(ask_all()) == [b"paper"] * 5
    assert making.times == 5
    assert making.most <= 2


def test_too_many_different_ones_are_told_to_come_again(press):
    making = Making()

    async def ask():
        waiting = [asyncio.create_task(press.printed(number, making)) for number in range(5)]
        await asyncio.sleep(0)  # two are being made, three wait
        with pytest.raises(HTTPException) as refused:
            await press.printed("one more", making)
        again = asyncio.create_task(press.printed(0, making))  # not one more: it is coming
        await asyncio.sleep(0)
        making.finish.set()
        return refused.value, await asyncio.gather(*waiting, again)

    refused, papers = run(ask())
    assert refused.status_code == 503
    assert refused.headers["Retry-After"]
    assert papers == [b"paper"] * 6


def test_a_failure_reaches_who_waits_and_is_not_kept(press):
    def fail():
        raise ValueError("no paper")

    with pytest.raises(ValueError, match="no paper"):
        printed(press, "notice", fail)
    assert printed(press, "notice", lambda: b"paper") == b"paper"


def test_the_oldest_make_room_for_the_new(press):
    for number in range(11):
        printed(press, number, lambda: b"x" * 100)
    assert printed(press, 10, lambda: b"again") == b"x" * 100
    assert printed(press, 0, lambda: b"again") == b"again"


def test_what_is_larger_than_all_the_room_is_made_each_time(press):
    assert len(printed(press, "notice", lambda: b"x" * 1001)) == 1001
    assert printed(press, "notice", lambda: b"again") == b"again"
