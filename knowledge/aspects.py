"""What can be asked about a service, and what one message asks of it."""

from __future__ import annotations

NOTICE = (
    "materials", "fee", "time_limit", "process", "location", "online", "agent", "appointment", "validity", "phone",
)  # fmt: skip
"""The fixed order of the one-time notification (一次性告知)."""
HOW_TO = ("process", "materials", "fee", "time_limit", "location", "agent")
ASPECTS_OF = {
    "ask_materials": ("materials",),
    "ask_location": ("location",),
    "ask_hours": ("hours",),
    "ask_fee": ("fee",),
    "ask_time_limit": ("time_limit",),
    "ask_process": ("process",),
    "ask_how_to": HOW_TO,
    "ask_eligibility": ("eligibility",),
    "ask_online": ("online",),
    "ask_agent": ("agent",),
    "ask_validity": ("validity",),
    "ask_phone": ("phone",),
    "ask_appointment": ("appointment",),
    "ask_progress": ("progress",),
    "check_materials": ("check", "materials"),
    "request_notice": NOTICE,
}
