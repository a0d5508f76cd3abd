import pytest

from base.errors import BadRequest
from web.accounts import passwords


def test_a_password_holds_for_its_own_hash_only():
    hashed = passwords.hash_password("正确的马电池钉书针")
    assert passwords.holds("正确的马电池钉书针", hashed)
    assert not passwords.holds("错误的马电池钉书针", hashed)


def test_full_width_letters_of_a_chinese_keyboard_are_the_same_password():
    assert passwords.holds("ｈorse-２６", passwords.hash_password("horse-26"))


def test_nothing_holds_for_a_login_that_does_not_exist():
    assert not passwords.holds("anything at all", None)


def test_two_hashes_of_one_password_differ():
    assert passwords.hash_password("one password") != passwords.hash_password("one password")


def test_new_passwords_differ_and_may_be_used():
    made = {passwords.new_password() for _ in range(50)}
    assert len(made) == 50
    for password in made:
        assert passwords.checked_password(password, login="window") == password


@pytest.mark.parametrize(
    "password", ["", "short", "ninechars", "x" * 129, "aaaaaaaaaaaa", "1212121212", "My-Window-26"]
)
def test_weak_passwords_are_refused(password):
    with pytest.raises(BadRequest, match="password"):
        passwords.checked_password(password, login="window")
