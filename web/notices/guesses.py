"""Who guesses at codes of notices, or at the digits behind a name, has to wait; counted in the memory of each process.

A hall full of people stands behind one address, so only codes that do not exist are counted.
"""

from __future__ import annotations

import ipaddress
import logging
import math
import time

from fastapi import HTTPException, Request
from limits import RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

MISSES = RateLimitItemPerMinute(20)
TRIES = RateLimitItemPerHour(5)
PAUSE_SECONDS = 60

logger = logging.getLogger(__name__)


class Guesses:
    """The counts of one process."""

    def __init__(self) -> None:
        self._storage = MemoryStorage()
        self._limiter = FixedWindowRateLimiter(self._storage)

    def check(self, address: str) -> None:
        """Raise 429 while codes are not looked up for this address."""
        pause = _pause_of(address)
        if self._storage.get(pause):
            raise _too_many(self._storage.get_expiry(pause), "输错编号的次数太多了，请过一分钟再试。")

    def missed(self, address: str) -> None:
        """Count a code that does not exist; above MISSES the address has to wait."""
        if self._limiter.hit(MISSES, address):
            return
        if self._storage.incr(_pause_of(address), PAUSE_SECONDS) == 1:
            logger.warning("%s guesses at codes of notices: refused for %d s", address, PAUSE_SECONDS)

    def begin_try(self, code: str) -> None:
        """Count a try at the digits of this notice, before it is known to be wrong; raise 429 above TRIES."""
        if not self._limiter.hit(TRIES, code):
            reset, _ = self._limiter.get_window_stats(TRIES, code)
            raise _too_many(reset, "后四位试错的次数太多了，请过一小时再试，或到开单的窗口查看。")

    def end_tries(self, code: str) -> None:
        """The last try was right: the wrong ones before it are forgotten."""
        self._limiter.clear(TRIES, code)


def check(request: Request) -> None:
    """Before a code is looked up: raise 429 where too many were wrong."""
    of(request).check(_address(request))


def missed(request: Request) -> None:
    """After a code turned out to be mistyped or unknown."""
    of(request).missed(_address(request))


def of(request: Request) -> Guesses:
    """The counts of the process that serves this request."""
    return request.app.state.guesses  # type: ignore[no-any-return]


def _address(request: Request) -> str:
    """Where the request comes from; of IPv6 the network, which one household has whole."""
    host = request.client.host if request.client else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if isinstance(address, ipaddress.IPv4Address):
        return host
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(ipaddress.ip_network((address, 64), strict=False))


def _pause_of(address: str) -> str:
    return f"pause/{address}"


def _too_many(until: float, words: str) -> HTTPException:
    return HTTPException(429, words, {"Retry-After": str(max(1, math.ceil(until - time.time())))})
