"""One message as it was understood, and how sure a link must be for what is done with it."""

from __future__ import annotations

from dataclasses import dataclass

from knowledge.aspects import ASPECTS_OF, Ranking, asked_aspects

SURE = 0.6  # a link at least this sure names the item without asking back: 96 in 100 of these are right
POSSIBLE = 0.3  # a link at least this sure may be a new subject, so it is asked about
NAMED_ALL_THE_SAME = 0.9  # a link at least this sure stands against the impression that nothing of ours is meant
WORTH_OFFERING = 0.03  # less than this does not come into a menu
UNLIKELY = 0.1  # less than this makes no menu out of words that were not understood
RULING = "ask_ruling"
SURE_OF_RULING = 0.55  # less likely rulings are told the conditions, and that the place decides
MAYBE_RULING = 0.15  # enough where the place is known to decide
TOLD = ("report_stuck", "complain")
MAYBE_TOLD = 0.2  # likely enough that something is told to be dealt with
LIKELIER_ASKED = 1.3  # unless all questions together are likelier so many times over


@dataclass(frozen=True)
class Link:
    """A service that the text may mean, with a calibrated confidence."""

    service: str
    confidence: float


@dataclass(frozen=True)
class Heard:
    """What was understood of one message; `links` best first, `places` the divisions that its place may be.

    `home` is the institution's own division: of several places with one name, the one near it is meant. `ranking` holds
    the likeliest intents, `intent` first.
    """

    text: str
    intent: str | None
    links: tuple[Link, ...] = ()
    places: tuple[str, ...] = ()
    home: str | None = None
    ranking: Ranking = ()

    @property
    def asked(self) -> tuple[str, ...]:
        """The aspects that the message asks for, main one first."""
        return asked_aspects(self.text, self.ranking or (((self.intent, 1.0),) if self.intent else ()))

    @property
    def ruling(self) -> float:
        """How likely it is that no guide decides what is asked."""
        return dict(self.ranking or ((self.intent, 1.0),)).get(RULING, 0.0)

    @property
    def may_be_told(self) -> bool:
        """Whether it is told to be dealt with about as likely as it asks anything: what it wants has to be asked back."""
        if self.intent in TOLD:
            return False
        told = sum(likely for name, likely in self.ranking if name in TOLD)
        asked = sum(likely for name, likely in self.ranking if name in ASPECTS_OF)
        return told >= MAYBE_TOLD and asked <= told * LIKELIER_ASKED

    @property
    def sure(self) -> str | None:
        """The item that the message names without a doubt worth asking about."""
        return self.links[0].service if self.links and self.links[0].confidence >= SURE else None
