"""Delivery of outbox rows with the topic `webhook` to an address of the city's choice."""

from __future__ import annotations

import hashlib
import hmac
import json
import time
from typing import Any

import requests

from bot.conversations.vault import derive_key

TIMEOUT = (3.0, 10.0)  # seconds to connect, to answer


class WebhookSender:
    """The outbox handler for {url, event}: one signed POST, done when the other side says 2xx.

    `Banshi-Signature: t=<unix time>,v1=<hex>` is HMAC-SHA256 over `<t>.<body>`; a repeat has the same
    `Idempotency-Key`.
    """

    def __init__(self, secret: str) -> None:
        self._key = derive_key(secret, "webhook")
        self._http = requests.Session()
        self._http.trust_env = False

    def __call__(self, key: str, payload: dict[str, Any]) -> None:
        body = json.dumps(payload["event"], ensure_ascii=False).encode()
        headers = {
            "Content-Type": "application/json",
            "Idempotency-Key": key,
            "Banshi-Signature": sign(self._key, body, int(time.time())),
        }
        response = self._http.post(payload["url"], data=body, headers=headers, timeout=TIMEOUT, allow_redirects=False)
        if response.status_code // 100 != 2:
            raise requests.HTTPError(f"answered {response.status_code}")


def sign(key: bytes, body: bytes, at: int) -> str:
    digest = hmac.new(key, f"{at}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={at},v1={digest}"
