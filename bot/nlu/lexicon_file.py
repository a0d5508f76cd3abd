"""The lexicon as Rasa's components read it: its errors are Rasa's, which the rasa command shows as one line."""

from __future__ import annotations

from rasa.shared.exceptions import RasaException

from base.errors import GuideError
from base.settings import load_settings
from knowledge.linking.lexicon import Lexicon, load_lexicon


def read_lexicon() -> Lexicon:
    """The names that were kept last; raises `RasaException` naming what makes them when they are missing."""
    try:
        return load_lexicon(load_settings().lexicon_file)
    except GuideError as error:
        raise RasaException(str(error)) from error
