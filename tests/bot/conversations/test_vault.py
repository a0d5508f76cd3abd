import pytest
from sqlalchemy import select

from base.errors import BadSetting
from base.privacy import swap
from bot.conversations import vault
from bot.conversations.models import PersonalNumber
from bot.conversations.vault import Cipher

SECRET = "s" * 32
CIPHER = Cipher(SECRET)


def test_numbers_come_back_by_their_tokens(session, conversation):
    known: dict[str, str] = {}
    swapped = swap("我的电话13812345678,身份证11010519491231002X", known)
    vault.keep(session, CIPHER, conversation, known)
    stored = vault.tokens_of(session, CIPHER, conversation)
    assert stored == known == {"〔手机号1〕": "13812345678", "〔身份证号1〕": "11010519491231002X"}
    assert vault.restore(swapped, stored) == "我的电话13812345678,身份证11010519491231002X"


def test_people_read_them_masked(session, conversation):
    known = {"〔手机号1〕": "13812345678"}
    assert vault.show("已登记 〔手机号1〕", known) == "已登记 138****5678"
    assert vault.show("〔手机号2〕", known) == "〔手机号2〕"


def test_the_store_holds_only_ciphertext(session, conversation):
    vault.keep(session, CIPHER, conversation, {"〔手机号1〕": "13812345678"})
    row = session.scalars(select(PersonalNumber)).one()
    assert row.kind == "手机号"
    assert "13812345678" not in row.ciphertext


def test_a_number_is_kept_once_however_often_it_comes(session, conversation):
    known = {"〔手机号1〕": "13812345678"}
    vault.keep(session, CIPHER, conversation, known)
    session.flush()
    vault.keep(session, CIPHER, conversation, known | {"〔手机号2〕": "13987654321"})
    assert len(session.scalars(select(PersonalNumber)).all()) == 2


def test_conversations_do_not_see_each_others_numbers(session, conversation):
    vault.keep(session, CIPHER, conversation, {"〔手机号1〕": "13812345678"})
    assert vault.tokens_of(session, CIPHER, "another") == {}


def test_another_secret_or_purpose_opens_nothing():
    sealed = CIPHER.seal("13812345678")
    for stranger in (Cipher("t" * 32), Cipher(SECRET, "webhook")):
        with pytest.raises(BadSetting, match="BANSHI_SECRET"):
            stranger.open(sealed)
