"""The tree of errors in the docstring is the tree of the code."""

import re

import yaml

from base import errors
from base.errors import BadContent, BadRequest, BadSetting, GuideError
from base.settings import ROOT

DRAWN = re.findall(r"^[├└]── (\w+) +(\S.*)$", errors.__doc__, re.MULTILINE)
DEFINED = [error for error in vars(errors).values() if isinstance(error, type) and issubclass(error, GuideError)]


def test_every_error_is_drawn_in_the_tree_with_what_it_means():
    assert [name for name, _ in DRAWN] == [error.__name__ for error in DEFINED if error is not GuideError]
    assert {error.__base__ for error in DEFINED} == {GuideError, Exception}


def test_every_error_has_a_sentence_for_citizens():
    responses = yaml.safe_load((ROOT / "domain.yml").read_text("utf-8"))["responses"]
    assert {error.response for error in DEFINED} <= set(responses)


def test_an_error_says_where_and_what():
    assert str(BadSetting("BANSHI_PORT", "must be a port")) == "BANSHI_PORT: must be a port"
    assert str(BadContent("services/a.yaml", 7, "no name")) == "services/a.yaml:7: no name"
    assert str(BadRequest("text", "is empty")) == "text: is empty"
