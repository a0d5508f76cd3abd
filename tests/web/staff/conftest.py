from tests.web.consoles import console, public_url, settings, staffed  # noqa: F401
