"""What one process works with, built once and handed on: by the app, the command line and the tests alike."""

from __future__ import annotations

from dataclasses import dataclass, field

from base.db import Database
from base.settings import Settings
from bot.channels.bell import Bell
from bot.channels.rasa_client import Rasa, RasaClient
from bot.conversations.vault import Cipher
from knowledge.search import Search
from knowledge.store import KnowledgeCache


@dataclass(frozen=True)
class House:
    settings: Settings
    database: Database
    rasa: Rasa
    cipher: Cipher
    knowledge: KnowledgeCache = field(default_factory=KnowledgeCache)
    search: Search = field(default_factory=Search)
    bell: Bell = field(default_factory=Bell)

    def close(self) -> None:
        self.rasa.close()
        self.database.close()


def open_house(settings: Settings) -> House:
    """The house for these settings; nothing is asked of database or Rasa yet."""
    return House(settings, Database(settings.database_url), RasaClient(settings.rasa_url), Cipher(settings.secret))
