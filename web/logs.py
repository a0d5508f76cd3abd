"""One way out for all log lines of the app, personal numbers masked in messages and tracebacks alike."""

from __future__ import annotations

import logging

from base.privacy import mask_text


class MaskingFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return mask_text(super().format(record))


def _worth_a_line(record: logging.LogRecord) -> bool:
    """Cut the query off an access line (a conversation's id opens it); "not modified" is no news at all."""
    if isinstance(record.args, tuple) and len(record.args) == 5:
        client, method, path, version, status = record.args
        record.args = (client, method, str(path).partition("?")[0], version, status)
        return status != 304
    return True


def set_up_logs() -> None:
    """Send the app's and the server's log lines through one masking handler on standard error."""
    handler = logging.StreamHandler()
    handler.setFormatter(MaskingFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
    logging.getLogger("uvicorn.access").addFilter(_worth_a_line)
