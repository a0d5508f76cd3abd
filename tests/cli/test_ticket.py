import re

import pytest
from typer.testing import CliRunner

from base.clock import now
from base.errors import BadRequest, MoveRefused, TicketNotFound
from cli.ticket import app

NUMBER = re.compile("BS-[0-9]{8}-[0-9]{4}")


@pytest.fixture(scope="module")
def banshi(tmp_path_factory):
    """Runs `banshi ticket …` on a store of its own, which the first command prepares."""
    env = {"BANSHI_VAR": str(tmp_path_factory.mktemp("var")), "DATABASE_URL": "", "BANSHI_DEMO": "0"}

    def run(*arguments):
        return CliRunner().invoke(app, arguments, env=env)

    return run


@pytest.fixture
def number(banshi):
    filed = banshi("add", "补身份证跑了三趟，电话13812345678", "--contact", "13812345678", "--by", "lili")
    assert filed.exit_code == 0, filed.output
    return NUMBER.search(filed.stdout)[0]


def test_filing_prints_number_and_secret_once(banshi):
    printed = banshi("add", "窗口不给办").stdout
    assert f"BS-{now():%Y%m%d}-" in printed
    assert re.search("查询码：[2-9A-Z]{4}-[2-9A-Z]{4}", printed)


def test_the_list_shows_open_tickets_masked(banshi, number):
    line = next(line for line in banshi("list", "--newest").stdout.splitlines() if line.startswith(number))
    assert "待受理" in line
    assert "138****5678" in line


def test_a_ticket_is_moved_and_shown_with_its_entries(banshi, number):
    assert "已受理" in banshi("move", number, "accepted", "--by", "lili").stdout
    shown = banshi("show", number).stdout
    assert "lili accept" in shown
    assert "流水完整" in shown
    assert "13812345678" not in shown
    assert "13812345678" in banshi("show", number, "--originals").stdout


def test_what_is_refused_is_said_in_words(banshi, number):
    assert isinstance(banshi("move", number, "closed").exception, MoveRefused)
    assert isinstance(banshi("show", "BS-20200101-0001").exception, TicketNotFound)
    assert isinstance(banshi("add", "窗口不给办", "--kind", "gossip").exception, BadRequest)
    assert banshi("move", number, "lost").exit_code == 2
