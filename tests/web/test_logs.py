import logging

from web.logs import MaskingFormatter, _worth_a_line


def formatted(message, *args, **more):
    record = logging.LogRecord("app", logging.INFO, __file__, 1, message, args, more.get("exc_info"))
    return MaskingFormatter("%(message)s").format(record)


def test_numbers_are_masked_in_messages_and_tracebacks():
    assert formatted("电话 %s", "13812345678") == "电话 138****5678"
    try:
        raise ValueError("row (13812345678)")
    except ValueError as error:
        text = formatted("failed", exc_info=(type(error), error, error.__traceback__))
    assert "138****5678" in text
    assert "13812345678" not in text


def test_an_access_line_shows_no_conversation():
    args = ("127.0.0.1:1", "GET", "/channels/web/stream?conversation=secret", "1.1", 200)
    record = logging.LogRecord("uvicorn.access", logging.INFO, __file__, 1, '%s - "%s %s HTTP/%s" %d', args, None)
    assert _worth_a_line(record)
    assert record.getMessage() == '127.0.0.1:1 - "GET /channels/web/stream HTTP/1.1" 200'
