"""Every table of the project, imported so that `Base.metadata` knows them all."""

# ruff: noqa: F401

import base.audit
import base.outbox
import bot.conversations.models
import knowledge.models
import knowledge.notices.models
import tickets.models
import web.accounts.models
import web.idempotency
