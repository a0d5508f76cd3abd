"""`banshi run`: everything that is needed, prepared, started, watched and stopped together."""

from __future__ import annotations

import errno
import multiprocessing
import os
import signal
import socket
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from threading import Thread

import requests
import typer
from honcho.environ import parse_procfile
from honcho.manager import SYSTEM_PRINTER_NAME, Manager
from honcho.printer import Message

from base.clock import now
from base.db import Database
from base.errors import AssistantDown, BadSetting
from base.settings import ROOT, Settings, load_settings
from bot.channels.rasa_client import RasaClient
from cli.prepare import prepare
from cli.progress import step
from web.accounts.people import FirstAccount, first_accounts

app = typer.Typer()

READY_SECONDS = 120  # a busy laptop; usually it takes less than ten
ASK_SECONDS = 1.0
MOST_DEATHS, DEATHS_WITHIN = 3, 300.0  # of one process, in seconds: more than these, and a restart cures nothing
LOUD = ("WARNING", "ERROR", "CRITICAL", "Traceback")

SCREEN = """
办事通已启动 · 办事通 is ready

  群众咨询  Chat     {site}/
  工作台    Console  {site}/staff
  命令行    Terminal ./banshi chat
{accounts}
  日志      Logs     {logs}
  按 Ctrl-C 停止     Ctrl-C stops everything
"""


@app.command()
def run() -> None:
    """Prepare what is missing, start rasa, actions and app, and stop them all on Ctrl-C."""
    stop_on_signals()
    settings = load_settings()
    check_ports(settings)
    model = prepare(settings)
    supervisor = Supervisor(settings)
    for name, command in parse_procfile((ROOT / "Procfile").read_text("utf-8")).processes.items():
        supervisor.add_process(name, command, env=environment(settings, model), cwd=ROOT)
    supervisor.loop()
    sys.exit(1 if supervisor.failed else 0)


def stop_on_signals() -> None:
    """A closed terminal and a polite kill end like Ctrl-C: with nothing left running."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    signal.signal(signal.SIGHUP, lambda *_: os.kill(os.getpid(), signal.SIGTERM))


def check_ports(settings: Settings) -> None:
    """Raise BadSetting, naming the variable to set, when a port cannot be had."""
    wanted = {
        "BANSHI_PORT": (settings.host, settings.port),
        "BANSHI_RASA_PORT": ("127.0.0.1", settings.rasa_port),
        "BANSHI_ACTIONS_PORT": ("127.0.0.1", settings.actions_port),
    }
    with ExitStack() as held:  # all of them at once: two settings may name one port
        for name, (host, port) in wanted.items():
            family = socket.AF_INET6 if ":" in host else socket.AF_INET
            try:
                held.enter_context(socket.create_server((host, port), family=family))
            except OSError as error:
                if error.errno != errno.EADDRINUSE:
                    raise BadSetting(name, f"cannot listen on {host} port {port}: {error.strerror}") from error
                advice = f"stop what uses it, or choose another: {name}={port + 1} make run"
                raise BadSetting(name, f"port {port} is taken; {advice}") from error


def environment(settings: Settings, model: Path) -> dict[str, str]:
    """What the Procfile's commands read, whether it was set or is a default."""
    return {
        **os.environ,
        "BANSHI_VAR": str(settings.var),
        "BANSHI_MODEL": str(model),
        "BANSHI_RASA_PORT": str(settings.rasa_port),
        "PYTHONUNBUFFERED": "1",  # a log line is in its file when it is written
    }


class Supervisor(Manager):  # type: ignore[misc]  # honcho has no types
    """honcho, quiet on the terminal; once all is up, it says where to go."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.logs = settings.var / "log"
        self.logs.mkdir(parents=True, exist_ok=True)
        self.failed = False
        self.is_ready = False
        self._deaths: dict[str, list[float]] = {}
        super().__init__(printer=self)
        self.width = 0  # honcho sets it: a printer that writes names in columns would use it

    def _start(self) -> None:
        super()._start()  # forks; threads only after that
        Thread(target=self._welcome, daemon=True).start()

    def write(self, message: Message) -> None:
        """One line of a process into its log, and on the terminal when it is a warning."""
        if message.name == SYSTEM_PRINTER_NAME:
            self._notice(message.data)
            return
        line = message.data.decode("utf-8", "replace") if isinstance(message.data, bytes) else message.data
        with (self.logs / f"{message.name}.log").open("a", encoding="utf-8") as log:
            log.write(line)
        if any(word in line for word in LOUD):
            self.tell(f"{message.name}: {line.rstrip()}")

    def _notice(self, event: str) -> None:
        """honcho's own events; a process that stops unasked is begun again, unless it never worked or keeps dying."""
        name, _, what = event.partition(" ")
        if not what.startswith("stopped") or self._terminating:
            return
        reason = f"{name} has stopped; the reason is at the end of {self.logs / name}.log"
        now = time.monotonic()
        deaths = self._deaths[name] = [death for death in self._deaths.get(name, []) if now - death < DEATHS_WITHIN]
        deaths.append(now)
        if not self.is_ready or len(deaths) > MOST_DEATHS:
            self.fail(reason)
            return
        self.tell(f"{reason}; starting it again")
        self._begin_again(name)

    def _begin_again(self, name: str) -> None:
        # The others go on meanwhile: without Rasa the app still answers with the guides and a phone number.
        process = self._processes[name]
        del process["returncode"]
        process["process"] = multiprocessing.Process(name=name, target=process["obj"].run, args=(self.events, True))
        process["process"].start()

    def fail(self, text: str) -> None:
        self.failed = True
        self.tell(text)
        self.terminate()

    @staticmethod
    def tell(text: str) -> None:
        print(f"banshi: {text}", file=sys.stderr, flush=True)

    def _welcome(self) -> None:
        with step("starting rasa, actions and app"):
            missing = self._wait()
        if self._terminating:
            return
        if missing:
            logs = " and ".join(str(self.logs / f"{name}.log") for name in missing)
            self.fail(f"{' and '.join(missing)} did not get ready in {READY_SECONDS} s; see {logs}")
            return
        self.is_ready = True
        print(screen(self.settings, open_accounts(self.settings)), flush=True)

    def _wait(self) -> list[str]:
        """Returns what is still missing when all are up, when the time is over, or when we are told to stop."""
        deadline = time.monotonic() + READY_SECONDS
        missing = list(CHECKS)
        while missing and not self._terminating and time.monotonic() < deadline:
            time.sleep(0.2)
            missing = [name for name in missing if not CHECKS[name](self.settings)]
        return missing


def rasa_is_up(settings: Settings) -> bool:
    """A whole turn works; it also loads what the first citizen would otherwise wait for."""
    rasa = RasaClient(settings.rasa_url)
    try:
        return rasa.is_up() and actions_are_up(settings) and bool(rasa.ask("warm-up", "你好"))
    except AssistantDown:
        return False
    finally:
        rasa.close()


def actions_are_up(settings: Settings) -> bool:
    return _answers(f"{settings.actions_url}/health")


def app_is_up(settings: Settings) -> bool:
    return _answers(f"{settings.app_url}/healthz")


def _answers(url: str) -> bool:
    with requests.Session() as http:
        http.trust_env = False  # a neighbour process is never asked through somebody's proxy
        try:
            return http.get(url, timeout=ASK_SECONDS).ok
        except requests.RequestException:
            return False


CHECKS = {"actions": actions_are_up, "app": app_is_up, "rasa": rasa_is_up}


def open_accounts(settings: Settings) -> list[FirstAccount]:
    """The sign-ins of a fresh store; made last, since their passwords are shown this once."""
    database = Database(settings.database_url)
    try:
        with database.writing() as session:
            return first_accounts(session, settings.demo, now())
    finally:
        database.close()


def screen(settings: Settings, accounts: list[FirstAccount]) -> str:
    rows = [f"    {account.login:<12}{account.password:<20}{account.roles}" for account in accounts]
    heading = ["", "  账号与密码只显示这一次  These sign-ins are shown this once:", *rows, ""]
    return SCREEN.format(
        site=settings.site,
        accounts="\n".join(heading if accounts else []),
        logs=settings.var / "log",
    )
