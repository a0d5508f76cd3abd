"""`banshi knowledge` on a store of its own."""

from __future__ import annotations

import json
import shutil

import pytest
from typer.testing import CliRunner

from base.clock import now
from base.db import Database
from base.errors import BadContent, BadRequest, BadTable, RevisionNotFound
from cli.knowledge import app
from knowledge import revisions
from knowledge.export import held, to_yaml


@pytest.fixture(scope="module")
def var(tmp_path_factory):
    """State that all tests here share: filling a store takes a second."""
    return tmp_path_factory.mktemp("var")


@pytest.fixture
def database(var, monkeypatch):
    for name in ("DATABASE_URL", "BANSHI_PUBLIC_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("BANSHI_VAR", str(var))
    monkeypatch.setenv("BANSHI_DEMO", "1")
    database = Database(f"sqlite:///{var / 'banshi.db'}")
    yield database
    database.close()


def banshi(*words, **more):
    return CliRunner().invoke(app, [*map(str, words)], prog_name="banshi knowledge", **more)


def body_of(database, id):
    with database.reading() as session:
        return dict(held(session, now().date())["service", id].body)


def changed(database, tmp_path, id, **fields):
    """A file with one service, changed."""
    file = tmp_path / "services" / f"{id}.yaml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(to_yaml([body_of(database, id) | fields]), "utf-8")
    return file


def test_the_list_is_one_object_a_line_with_bundles(database):
    banshi("check")
    result = banshi("list", "--json")
    rows = [json.loads(line) for line in result.stdout.splitlines()]
    assert {tuple(row) for row in rows} == {("id", "name", "domain", "revision", "confidence")}
    assert {row["confidence"] for row in rows} == {"high", "medium", "low"}
    assert {"一件事", "身份证"} <= {row["domain"] for row in rows}
    assert len(rows) == len({row["id"] for row in rows}) > 250
    assert banshi("list").stdout.splitlines()[0].split("\t") == [str(value) for value in rows[0].values()]


def test_a_sound_store_is_called_so(database):
    result = banshi("check")
    assert result.exit_code == 0
    assert "没有错误" in result.stdout


def test_everything_goes_out_and_in_again(database, tmp_path):
    assert banshi("export", tmp_path / "out").exit_code == 0
    assert banshi("import", tmp_path / "out", "--yes").stdout.startswith("新增 0，修改 0，不变 ")
    assert banshi("export", tmp_path / "out.xlsx").exit_code == 0
    assert banshi("import", tmp_path / "out.xlsx", "--dry-run").stdout.startswith("新增 0，修改 0，不变 ")


def test_a_template_is_made_and_holds_nothing_to_import(database, tmp_path):
    assert banshi("template", tmp_path / "模板.xlsx").exit_code == 0
    result = banshi("import", tmp_path / "模板.xlsx", "--yes")
    assert isinstance(result.exception, BadTable)
    assert "没有可以导入的行" in str(result.exception)


def test_a_dry_run_and_a_no_change_nothing(database, tmp_path):
    before = body_of(database, "seal-lost")
    file = changed(database, tmp_path, "seal-lost", result="别的结果")
    for words, more in ((["--dry-run"], {}), ([], {"input": "n\n"}), ([], {"input": ""})):
        result = banshi("import", file, *words, **more)
        assert f"    result: {before['result']} → 别的结果\n" in result.stdout
        assert "新增 0，修改 1，不变 0" in result.stdout
        assert body_of(database, "seal-lost") == before
        assert result.exit_code == (0 if words else 1)


def test_an_import_is_published_and_stands_in_the_history(database, tmp_path):
    file = changed(database, tmp_path, "seal-engraving", result="一枚新印章")
    result = banshi("import", file, "--yes", "--author", "wang", "--reason", "年度核对")
    assert result.exit_code == 0, result.exception
    assert body_of(database, "seal-engraving")["result"] == "一枚新印章"
    lines = [line.split("\t") for line in banshi("history", "seal-engraving").stdout.splitlines()]
    assert [(line[0], line[1], line[3], line[5]) for line in lines] == [
        ("1", "已失效", "content", "随软件发布的初始内容"),
        ("2", "现行", "wang", "年度核对"),
    ]
    assert "→ 一枚新印章" in banshi("diff", "seal-engraving").stdout
    assert banshi("diff", "seal-engraving", "1", "1").stdout.endswith(" 第 1 版 → 第 1 版\n没有差别\n")
    assert "一枚新印章 → " in banshi("diff", "seal-engraving", "2", "1").stdout
    row = next(json.loads(line) for line in banshi("list", "--json").stdout.splitlines() if '"seal-engraving"' in line)
    assert row["revision"] == 2


def test_a_proposal_is_published_from_a_day_on(database, tmp_path):
    body = body_of(database, "dog-registration") | {"result": "犬牌"}
    with database.writing() as session:
        revisions.propose(
            session, "service", "dog-registration", body, based_on=1, author="li", reason="新规", at=now()
        )  # fmt: skip
    assert states("dog-registration") == ["现行", "待发布"]
    assert "第 1 版 → 第 2 版" in banshi("diff", "dog-registration").stdout
    result = banshi("publish", "dog-registration", "--on", "2099-01-01", "--by", "wang")
    assert result.stdout == "dog-registration 第 2 版：已发布，2099-01-01 起\n"
    assert states("dog-registration") == ["现行", "待生效"]
    assert body_of(database, "dog-registration")["result"] != "犬牌"
    assert "2099-01-01 起生效的修改，只有导出到文件夹才会带上" in banshi("export", tmp_path / "out.xlsx").stdout
    assert banshi("export", tmp_path / "out").stdout.endswith("另有定于 2099-01-01 起生效的修改，一并导出\n")
    shutil.rmtree(tmp_path / "out" / "2099-01-01")
    ended = tmp_path / "out" / "2099-02-01" / "ended.yaml"
    ended.parent.mkdir()
    ended.write_text("- {kind: service, key: dog-registration}")
    refused = banshi("import", tmp_path / "out", "--dry-run")
    assert str(refused.exception) == "overlay demo-county-dog: dog-registration is not in force (on 2099-02-01)"
    ended.write_text("- {kind: service, key: hukou-book-reissue}")
    shown = banshi("import", tmp_path / "out", "--dry-run").stdout
    assert "- service hukou-book-reissue（2099-02-01 起）\n新增 0，修改 0，不变 " in shown
    assert shown.endswith("，停用 1\n")
    assert isinstance(banshi("publish", "dog-registration").exception, RevisionNotFound)


def states(id):
    return [line.split("\t")[1] for line in banshi("history", id).stdout.splitlines()]


def test_a_service_is_retired_and_brought_back(database):
    id, words = "id-card-cross-province", ("--by", "wang", "--reason", "并入补领")
    before = body_of(database, id)
    assert states(id) == ["现行"]
    assert banshi("retire", id, *words, "--on", "2099-01-01").stdout == f"{id} 第 2 版：已停用，2099-01-01 起\n"
    assert states(id) == ["现行", "待停用"]
    today = now().date()
    assert banshi("retire", id, *words, "--on", "2098-01-01").exit_code == 1  # newest is a retirement already
    done = banshi("roll-back", id, "1", *words)
    assert done.stdout == f"{id} 第 3 版（内容同第 1 版）：已发布，{today} 起\n"
    assert states(id) == ["已失效", "已失效", "现行"]
    assert body_of(database, id) == before
    assert banshi("retire", id, *words).stdout == f"{id} 第 4 版：已停用，{today} 起\n"
    assert states(id) == ["已失效", "已失效", "已失效", "已停用"]
    assert banshi("history", id).stdout.splitlines()[3].split("\t")[3::2] == ["wang", "并入补领"]
    with pytest.raises(KeyError):
        body_of(database, id)
    banshi("roll-back", id, "3", *words)
    assert body_of(database, id) == before


def test_who_retires_says_why_and_not_for_a_day_that_is_past(database):
    assert banshi("retire", "seal-lost").exit_code == 2
    assert banshi("roll-back", "seal-lost", "1").exit_code == 2
    past = banshi("retire", "seal-lost", "--reason", "x", "--on", "2020-01-01")
    assert "2020-01-01 已经过去" in str(past.exception)
    assert states("seal-lost") == ["现行"]


def test_a_file_that_is_wrong_is_refused_whole(database, tmp_path):
    before = body_of(database, "seal-lost")
    result = banshi("import", changed(database, tmp_path, "seal-lost", result="别的", fees=[]), "--yes")
    assert isinstance(result.exception, BadContent)
    assert body_of(database, "seal-lost") == before


def test_an_empty_list_is_no_import(database, tmp_path):
    file = tmp_path / "matters.yaml"
    file.write_text("[]\n", "utf-8")
    result = banshi("import", file, "--yes")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.endswith("里面一份文档都没有\n")


def test_excel_says_what_it_can_hold(database, tmp_path):
    result = banshi("export", tmp_path / "x.xlsx", "--kind", "region")
    assert isinstance(result.exception, BadRequest)
    assert "只放得下 service、office" in str(result.exception)
    assert banshi("export", tmp_path / "x.xlsx", "--kind", "office").exit_code == 0


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["history", "nothing"], "没有编号为 nothing 的事项"),
        (["diff", "id-card-minor", "7"], "id-card-minor 没有第 7 版"),
        (["diff", "id-card-minor", "0"], "id-card-minor 没有第 0 版"),
        (["diff", "id-card-minor", "1", "0"], "id-card-minor 没有第 0 版"),
        (["publish", "id-card-minor", "0"], "id-card-minor 没有第 0 版"),
        (["publish", "id-card-minor"], "id-card-minor 没有待发布的版本"),
        (["retire", "nothing", "--reason", "x"], "没有编号为 nothing 的事项"),
        (["roll-back", "id-card-minor", "7", "--reason", "x"], "id-card-minor 没有第 7 版"),
    ],
)
def test_what_is_not_there_is_said(database, words, says):
    result = banshi(*words)
    assert isinstance(result.exception, RevisionNotFound)
    assert says in str(result.exception)


def test_an_unknown_kind_names_those_that_exist(database):
    result = banshi("export", "x.yaml", "--kind", "thing")
    assert result.exit_code == 2
    assert "matter" in result.stderr
