"""When a person is needed: an emergency's number, a human being, or an editor for a wrong answer."""

from __future__ import annotations

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.base import Events, GuideAction, house, say, send
from actions.guidance import ActionGuide
from actions.unless_filing import UnlessFiling
from base.answer import Answer, Outcome, text
from base.clock import now
from base.errors import ServiceNotFound
from knowledge.emergency import emergency_answer, may_be_calm
from tickets.intake import OFFER
from tickets.ledger import Draft, open_ticket

CERTAIN = 0.9  # below, the model's word alone makes no emergency of a question about papers


class ActionEmergency(GuideAction):
    """What no exact cue names as danger, but the model does: all numbers, unless papers are calmly asked for."""

    def name(self) -> str:
        return "action_emergency"

    async def reply(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        words = tracker.latest_message.get("text") or ""
        if may_be_calm(words) and (tracker.latest_message["intent"].get("confidence") or 0) < CERTAIN:
            return await ActionGuide().reply(dispatcher, tracker)
        send(dispatcher, tracker, emergency_answer(words))
        return []


class ActionPerson(UnlessFiling):
    """How to reach a human being: the item's own number where one is spoken of, else the hotline."""

    def name(self) -> str:
        return "action_person"

    async def reply_itself(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        phone, about = "12345", None
        if (service_id := tracker.get_slot("service")) is not None:
            try:
                service = house().knowledge().resolve(service_id, now().date(), tracker.get_slot("region")).service
                phone, about = service.phone, service.id
            except ServiceNotFound:
                pass  # retired since it was spoken of: the hotline still holds
        words = f"可以拨打 {phone} 请工作人员帮您。不方便打电话，也可以把情况告诉我，我登记下来请人联系您。"
        answer = Answer(outcome=Outcome.HANDOFF, blocks=(text(words),), choices=(OFFER,), service=about)
        send(dispatcher, tracker, answer)
        return []


class ActionReportWrong(UnlessFiling):
    """A wrong answer is kept as a ticket for the editors, with the item that it was about."""

    def name(self) -> str:
        return "action_report_wrong"

    async def reply_itself(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        words = tracker.latest_message.get("text") or ""
        draft = Draft(
            kind="suggestion",
            text=f"群众反映答复有误：{words}",
            channel="chat",
            conversation=tracker.sender_id,
            service=tracker.get_slot("service"),
            region=tracker.get_slot("region"),
        )
        with house().database.writing() as session:
            open_ticket(session, draft, at=now(), by="citizen", cipher=house().cipher)
        say(dispatcher, tracker, Outcome.HANDOFF, "utter_reported_wrong")
        return []
