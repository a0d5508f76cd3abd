"""Every table of the project, imported so that `Base.metadata` knows them all."""

import web.accounts.models
import web.idempotency  # noqa: F401
