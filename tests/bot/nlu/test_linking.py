"""Which item is meant: the linker as `rasa train` makes it from our sentences, with the names as they ship."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from base.clock import CHINA
from base.db import Base, Database
from base.settings import ROOT
from knowledge import lexicon as published
from knowledge.linking.lexicon import parse_lexicon, save_lexicon
from knowledge.loader import read_content
from knowledge.store import fill_empty, load

A_DAY = datetime(2026, 11, 21, 9, 0, tzinfo=CHINA)
PYTHON = ROOT / ".venv" / "rasa" / "bin" / "python"
MEANT = {
    "身份证丢了怎么补": "id-card-reissue-lost",
    "sfz丢了": "id-card-reissue-lost",
    "生份证掉了": "id-card-reissue-lost",
    "居主证丢了": "residence-permit-reissue",
    "户照过期了": "passport-expired-reapply",
    "passport过期了": "passport-expired-reapply",
    "hkb丢了咋整": "hukou-book-reissue",
    "车本到期了": "dl-renew",
    "娃上户口": "birth-registration",
    "孩子上学要改名字": "name-change",
    "電動車怎麼上牌": "ebike-register",
    "老公户口迁到我这": "move-spouse",
    "我爸走了，派出所那边要去弄啥": "death-cancel",
}
BARE = ["身份证", "护照", "驾驶证", "户口", "公积金", "居住证", "身份正"]
SHARED = {
    "怎么提取公积金": {"hpf-withdraw-buy", "hpf-withdraw-rent", "hpf-withdraw-retire"},
    "我要过户": {"realestate-transfer", "vehicle-transfer", "bundle-secondhand-house"},
}
RIVALS = ["去台湾的签注要多少个工作日", "异地领结婚证"]
TALK = ["今天天气怎么样", "讲个笑话", "巨蟹座今年的运势怎么样", "64除以三", "", "😀", "?"]
LONG = ["我身份证丢了怎么办，" * 1_000, "证" * 10_000, "sfz" * 3_333, "1" * 10_000]
NEW = "我的无人机怎么登记"
DRONE = {
    "id": "drone-register",
    "name": "无人机实名登记",
    "aliases": ["无人机登记", "飞无人机要登记吗"],
    "domain": "其他",
    "guide": "买了无人机的个人和单位 居民身份证 产品型号和序列号 在登记系统实名登记 二维码贴在机身上 不登记不能飞",
}
SIBLINGS = [
    {
        "id": f"drone-flight-{n}",
        "name": f"无人机第{n}类飞行登记",
        "aliases": [f"无人机{n}类登记"],
        "domain": "其他",
        "guide": "养犬的个人 犬只免疫证明 养犬人身份证明 犬只照片 未打疫苗的不办",  # copied from another, and not yet written
    }
    for n in "一二三四五六"
]
SEVERAL = "身份证丢了，护照也过期了，还要迁户口"

Find = Callable[..., list[dict[str, Any]]]


@pytest.fixture(scope="module")
def lexicon() -> dict[str, Any]:
    database = Database("sqlite://")
    Base.metadata.create_all(database.engine)
    with database.writing() as session:
        fill_empty(session, read_content(demo=False), at=A_DAY)
    with database.reading() as session:
        names = published.lexicon(load(session), A_DAY.date())
    database.close()
    return names


@pytest.fixture(scope="module")
def replies(lexicon: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, dict[str, Any]]]:
    """What each text links to: now, once more services are published, and once all are retired."""
    if not PYTHON.exists():
        pytest.skip("no .venv/rasa (./banshi install makes it)")
    folder = tmp_path_factory.mktemp("linker")
    save_lexicon(folder / "var" / "lexicon.json", parse_lexicon(lexicon))
    names = [name for service in lexicon["services"] for name in (service["name"], *service["aliases"])]
    texts = list(
        dict.fromkeys(
            [
                *MEANT,
                *BARE,
                *SHARED,
                *RIVALS,
                *TALK,
                *LONG,
                NEW,
                SEVERAL,
                *(f"{one['name']}怎么办" for one in SIBLINGS),
                *names,
            ]
        )
    )
    later = lexicon | {"services": [*lexicon["services"], DRONE, *SIBLINGS]}
    done = subprocess.run(
        [PYTHON, ROOT / "tests/bot/nlu/link.py", folder / "model"],
        input=json.dumps({"texts": texts, "later": later, "retired": lexicon | {"services": []}}),
        capture_output=True,
        text=True,
        check=True,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "BANSHI_VAR": str(folder / "var"),
            "BANSHI_APP_URL": "http://127.0.0.1:9",
        },
    )
    said = json.loads(done.stdout.splitlines()[-1])
    return {when: dict(zip(texts, found, strict=True)) for when, found in said.items()}


@pytest.fixture
def links(replies: dict[str, dict[str, dict[str, Any]]]) -> Find:
    return lambda text, when="now": list(replies[when][text]["services"])


@pytest.mark.parametrize(("text", "service"), MEANT.items())
def test_the_item_that_is_meant_comes_first(links: Find, text: str, service: str) -> None:
    assert links(text)[0]["id"] == service


@pytest.mark.parametrize("thing", BARE)
def test_a_bare_thing_gives_several_items_and_is_sure_of_none(links: Find, thing: str) -> None:
    assert len(links(thing)) >= 3
    assert links(thing)[0]["confidence"] < 0.6


@pytest.mark.parametrize(("text", "siblings"), SHARED.items())
def test_what_the_names_of_several_items_say_alike_is_sure_of_none(links: Find, text: str, siblings: set[str]) -> None:
    assert siblings <= {link["id"] for link in links(text)[:4] if link["confidence"] >= 0.03}
    assert links(text)[0]["confidence"] < 0.6


@pytest.mark.parametrize("text", RIVALS)
def test_an_item_that_another_one_is_named_more_clearly_than_is_not_taken_as_meant(links: Find, text: str) -> None:
    assert links(text)[0]["confidence"] < 0.6


def test_nearly_every_name_and_alias_leads_to_its_service(links: Find, lexicon: dict[str, Any]) -> None:
    asked = [
        (service["id"], name) for service in lexicon["services"] for name in (service["name"], *service["aliases"])
    ]
    missed = [name for id, name in asked if id not in [link["id"] for link in links(name)[:3]]]
    assert len(missed) / len(asked) < 0.02, missed


@pytest.mark.parametrize("talk", TALK)
def test_what_names_no_item_links_to_nothing_with_confidence(links: Find, talk: str) -> None:
    assert all(link["confidence"] < 0.3 for link in links(talk))


def test_links_come_likeliest_first_and_their_probabilities_are_shares_of_one(links: Find) -> None:
    confidences = [link["confidence"] for link in links(SEVERAL)]
    assert confidences == sorted(confidences, reverse=True)
    assert sum(confidences) <= 1.001


def test_the_reason_names_what_was_matched(links: Find) -> None:
    assert "身份证" in links("身份证丢了怎么补")[0]["reason"]


def test_a_service_published_a_moment_ago_is_found_without_training(links: Find) -> None:
    assert links(NEW, "later")[0]["id"] == "drone-register"
    assert links(NEW, "later")[0]["confidence"] > 0.6
    assert all(link["confidence"] < 0.6 for link in links(NEW, "now"))


def test_once_every_service_is_retired_nothing_is_linked(links: Find) -> None:
    assert [text for text in (*MEANT, *BARE) if links(text, "retired")] == []


@pytest.mark.parametrize("sibling", SIBLINGS, ids=lambda one: one["id"])
def test_of_new_services_with_similar_names_the_one_that_is_named_comes_first(
    links: Find, sibling: dict[str, Any]
) -> None:
    best = links(f"{sibling['name']}怎么办", "later")[0]
    assert best["id"] == sibling["id"]
    assert best["confidence"] > 0.6


def test_ten_thousand_characters_take_no_longer_than_they_should(
    replies: dict[str, dict[str, dict[str, Any]]],
) -> None:
    assert all(replies["now"][text]["seconds"] < 0.5 for text in LONG)
