"""`banshi staff` on a store of its own."""

from __future__ import annotations

import re

import pytest
from typer.testing import CliRunner

from base.audit import AuditRow
from base.db import Database
from base.errors import BadRequest
from cli.staff import app
from web.accounts import passwords, store


@pytest.fixture
def database(tmp_path, monkeypatch):
    for name in ("DATABASE_URL", "BANSHI_PUBLIC_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("BANSHI_VAR", str(tmp_path))
    monkeypatch.setenv("BANSHI_DEMO", "0")
    database = Database(f"sqlite:///{tmp_path / 'banshi.db'}")
    yield database
    database.close()


def banshi(*words: str):
    return CliRunner().invoke(app, [*words], prog_name="banshi staff")


def test_a_fresh_store_shows_its_first_administrator_once(database):
    assert re.search(r"^admin\t[a-z2-9-]{19}\t系统管理员$", banshi("list").stderr, re.MULTILINE)
    again = banshi("list")
    assert again.stdout == "admin\t管理员\t本机构\t系统管理员（本机构）\t\n"
    assert "admin\t" not in again.stderr


def test_a_person_is_added_given_roles_and_sent_away(database):
    added = banshi("add", "Wang.XM", "王小明", "--role", "desk", "--by", "root")
    password = re.search(r"密码：(\S+?)（", added.stdout)[1]
    with database.reading() as session:
        staff = store.find_staff(session, "wang.xm")
        assert passwords.holds(password, staff.password_hash)
        assert staff.must_change
    assert banshi("grant", "wang.xm", "editor", "--unit", "本机构").exit_code == 0
    assert banshi("revoke", "wang.xm", "desk").exit_code == 0
    assert "王小明\t本机构\t事项编辑（本机构）\t\n" in banshi("list").stdout
    assert "已停用" in banshi("deactivate", "wang.xm").stdout
    assert "已停用" in banshi("list").stdout
    assert password not in banshi("reset", "wang.xm").stdout
    with database.reading() as session:
        row = session.query(AuditRow).filter_by(subject="staff:wang.xm").first()
        assert (row.actor, row.action) == ("root", "add_staff")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["reset", "nobody"], "没有登录名为 nobody 的人员"),
        (["deactivate", "admin"], "最后一名"),
        (["revoke", "admin", "admin"], "最后一名"),
        (["add", "x y", "名"], "登录名须为"),
        (["grant", "admin", "desk", "--unit", "没有"], "没有名为 没有 的单位"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(database, words, says):
    result = banshi(*words)
    assert isinstance(result.exception, BadRequest)
    assert says in str(result.exception)


def test_an_unknown_role_names_those_that_exist(database):
    result = banshi("grant", "admin", "king")
    assert result.exit_code == 2
    assert "supervisor" in result.stderr
