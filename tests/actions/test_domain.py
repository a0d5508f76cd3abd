"""The domain and the code agree: what one of them names, the other has."""

import re

import pytest
import yaml
from rasa_sdk.executor import ActionExecutor

from base.errors import GuideError
from base.settings import ROOT


@pytest.fixture(scope="module")
def domain():
    return yaml.safe_load((ROOT / "domain.yml").read_text("utf-8"))


def test_every_action_of_the_domain_has_a_class_and_every_class_is_listed(domain):
    executor = ActionExecutor()
    executor.register_package("actions")
    assert sorted(executor.actions) == sorted(domain["actions"])


def test_every_rule_leads_to_an_action_of_the_domain_and_every_intent_has_a_rule(domain):
    rules = yaml.safe_load((ROOT / "data" / "stories" / "rules.yml").read_text("utf-8"))["rules"]
    steps = [step for rule in rules for step in rule["steps"]]
    assert {step["action"] for step in steps if "action" in step} <= set(domain["actions"])
    heard = [one["intent"] for step in steps for one in step.get("or", [step]) if "intent" in one]
    assert sorted(heard) == sorted([*domain["intents"], "nlu_fallback"])


def test_every_sentence_that_the_code_names_stands_in_the_domain_and_none_is_idle(domain):
    files = [*(ROOT / "actions").glob("*.py"), ROOT / "base" / "errors.py"]
    named = {name for file in files for name in re.findall(r'"(utter_\w+)"', file.read_text("utf-8"))}
    assert {error.response for error in GuideError.__subclasses__()} <= named
    assert named == set(domain["responses"])
