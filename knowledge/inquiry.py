"""What one reply about a service has to speak to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from knowledge.bundles import BundleChecklist, bundle_checklist
from knowledge.checklist import Answers, Checklist, Need, checklist
from knowledge.overlay import Resolved
from knowledge.service import Material, Service, Situation
from knowledge.store import Knowledge


@dataclass(frozen=True)
class Inquiry:
    """What one reply has to speak to: a service in its place, the answers known so far, what about it, where and when.

    `words` is what the person typed (for the pre-check), `day` the day they asked about; `ruling` is how
    likely they ask for what no guide decides.
    """

    knowledge: Knowledge
    resolved: Resolved
    answers: Answers
    aspects: tuple[str, ...]
    region: str | None
    at: datetime
    day: date | None = None
    words: str = ""
    ruling: float = 0.0

    @property
    def service(self) -> Service:
        return self.resolved.service

    @cached_property
    def checklist(self) -> Checklist:
        return checklist(self.service, self.answers)

    @cached_property
    def bundle(self) -> BundleChecklist | None:
        """The trip, if the service is a 一件事."""
        if self.service.bundle is None:
            return None
        return bundle_checklist(self.knowledge, self.service.id, self.answers, on=self.at.date(), region=self.region)

    @property
    def needs(self) -> tuple[Need, ...]:
        """What is certain to be brought."""
        return tuple(shared.need for shared in self.bundle.needs) if self.bundle else self.checklist.needs

    @property
    def undecided(self) -> tuple[Material, ...]:
        return self.bundle.undecided if self.bundle else self.checklist.undecided

    @property
    def question(self) -> Situation | None:
        """The situation that the list, or who takes part in the trip, still depends on."""
        if self.bundle is None:
            return self.checklist.question
        return self.bundle.question if self.bundle.asked_by == self.service.id else None
