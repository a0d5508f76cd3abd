"""`banshi serve`: one process in the foreground, for the Procfile, a unit file or a container."""

from __future__ import annotations

import warnings

import typer

from base.settings import load_settings

# An open chat holds its event stream for minutes; the supervisor kills whatever has not stopped after five seconds.
GRACE_SECONDS = 2

app = typer.Typer(no_args_is_help=True)


@app.callback()
def serve() -> None:
    """Serve one part until it is told to stop."""


@app.command("app")
def serve_app() -> None:
    """Channels, public pages, console, API and worker, on BANSHI_HOST and BANSHI_PORT."""
    import uvicorn

    from web.app import create_app

    settings = load_settings()
    uvicorn.run(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        server_header=False,
        timeout_graceful_shutdown=GRACE_SECONDS,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=list(settings.trusted_proxies) or None,
    )


@app.command("actions")
def serve_actions() -> None:
    """The action server, on loopback and BANSHI_ACTIONS_PORT.

    `python -m rasa_sdk --actions actions` serves the same, from four processes and open to the network.
    """
    from rasa_sdk.endpoint import create_app
    from rasa_sdk.executor import ActionExecutor

    # Rasa 3.6 and the SDK's 3.21 differ in number and not in protocol (docs/decisions/001).
    warnings.filterwarnings("ignore", message="Your versions of rasa and rasa_sdk might not be compatible")
    executor = ActionExecutor()
    executor.register_package("actions")
    create_app(executor).run(
        host="127.0.0.1",
        port=load_settings().actions_port,
        single_process=True,
        motd=False,
        access_log=False,
    )
