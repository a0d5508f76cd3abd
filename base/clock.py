"""The one clock: China has a single time zone, without summer time since 1991."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8), "CST")


def now() -> datetime:
    """The present moment in China time, with its offset."""
    return datetime.now(CHINA)
