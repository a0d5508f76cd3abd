"""A browser before the console, on a store with the invented city's staff: import the fixtures into a test."""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from base.audit import AuditRow
from base.clock import now
from base.db import Database
from base.settings import load_settings
from bot.conversations.vault import Cipher
from tickets import ledger
from web.accounts import people, store

ID_NUMBER = "110105199003078731"
MOBILE = "13812345678"
SECRET = "0123456789abcdef0123456789abcdef"


@dataclass
class Console:
    """A browser before the console; `ticket` is the number of the one that waits."""

    http: httpx.Client
    database: Database
    passwords: dict[str, str]
    ticket: str

    def form(self, path: str) -> dict[str, str]:
        """The hidden fields of a page's first form."""
        found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', self.http.get(path).text)
        return dict(reversed(found))

    def sign_in(self, login: str, password: str | None = None, **more: str):
        typed = {"login": login, "password": self.passwords.get(login, "") if password is None else password}
        return self.http.post("/staff/sign-in", data=self.form("/staff/sign-in") | typed | more)

    def post(self, path: str, **data: str):
        return self.http.post(path, data={"csrf": self.csrf} | data)

    @property
    def csrf(self) -> str:
        return self.form("/staff")["csrf"]

    def audit(self) -> list[tuple[str, str, str]]:
        with self.database.reading() as session:
            return [(row.actor, row.action, row.subject) for row in session.scalars(select(AuditRow))]


@dataclass(frozen=True)
class Staffed:
    """A store on disk with staff and one ticket, to be copied for each test."""

    file: Path
    passwords: dict[str, str]
    ticket: str


@pytest.fixture(scope="module")
def staffed(prepared_store, tmp_path_factory):
    file = tmp_path_factory.mktemp("staffed") / "banshi.db"
    shutil.copy(prepared_store, file)
    database = Database(f"sqlite:///{file}")
    with database.writing() as session:
        accounts = people.first_accounts(session, True, now())
        store.find_staff(session, "admin").must_change = False
        draft = ledger.Draft(
            kind="stuck",
            text=f"去了三趟都不给办，<b>身份证</b>{ID_NUMBER}，请打{MOBILE}",
            channel="web",
            service="id-card-reissue-lost",
            contact=MOBILE,
        )
        ticket = ledger.open_ticket(session, draft, at=now(), cipher=Cipher(SECRET)).ticket
    database.close()
    return Staffed(file, {one.login: one.password for one in accounts}, ticket.number)


@pytest.fixture
def public_url():
    return ""


@pytest.fixture
def settings(tmp_path, staffed, rasa, public_url):
    shutil.copy(staffed.file, tmp_path / "banshi.db")
    env = {"BANSHI_RASA_URL": rasa.url, "BANSHI_ACTIONS_URL": rasa.url, "BANSHI_PUBLIC_URL": public_url}
    return load_settings({"BANSHI_VAR": str(tmp_path), "BANSHI_SECRET": SECRET, **env})


@pytest.fixture
def console(site, settings, staffed):
    database = Database(settings.database_url)
    browser = {"base_url": site.http.base_url, "follow_redirects": True, "trust_env": False}
    with httpx.Client(**browser, timeout=15, headers={"accept": "text/html"}) as http:
        yield Console(http, database, staffed.passwords, staffed.ticket)
    database.close()
