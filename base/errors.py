"""Every expected failure, named for what the reader can do next.

GuideError
├── BadSetting           a setting is missing, malformed or unsafe
├── BadContent           a knowledge file is wrong: file, line, what
├── BadTable             a workbook or CSV file cannot be taken over: every place, and what is wrong there
├── BadOverlay           a local rule changes nothing, or names what its service does not have
├── EditConflict         somebody else changed the document first: who, when
├── RevisionNotFound     the document has no such revision
├── UnknownKind          a revision is of a kind that this release does not know
├── ServiceNotFound      no service has this id
├── OfficeNotFound       no office has this id
├── RegionNotFound       no division has this code
├── UnknownAnswer        an answer names no situation or no option of the service
├── TicketNotFound       no ticket has this number
├── TicketClosedToYou    the secret is wrong or missing
├── QuestionNotFound     the pool has no such question, or the question no such turn
├── NoticeNotFound       no notice has this code
├── MistypedCode         what was typed is no code of a notice: what is wrong with it
├── QuestionOpen         the case leaves a question open that the list depends on
├── MoveRefused          the workflow forbids this change of a ticket
├── BadRequest           the input does not fit: which field, why
├── SignInRefused        login, password or session do not hold
├── PasswordDue          the person must change the password before anything else
├── NotAllowed           the person's roles do not cover this
├── AssistantDown        Rasa or the action server gave no reply in time
└── TrainingFailed       Rasa could not train the model; its log says why
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any


class GuideError(Exception):
    """Something expected went wrong; `response` is the sentence in `domain.yml` that a citizen reads."""

    response = "utter_sorry_call_us"


class BadSetting(GuideError):
    def __init__(self, name: str, advice: str) -> None:
        super().__init__(f"{name}: {advice}")
        self.name = name


class BadContent(GuideError):
    def __init__(self, path: Path | str, line: int, problem: str) -> None:
        super().__init__(f"{path}:{line}: {problem}")
        self.path, self.line, self.problem = Path(path), line, problem


class BadTable(GuideError):
    """Written for the editor who filled in the table, so in Chinese; shows no more than the first 100 places."""

    def __init__(self, file: Path, problems: Sequence[str]) -> None:
        lines = [f"{file.name} 有 {len(problems)} 处问题，什么都没有改：", *problems[:100]]
        if (more := len(problems) - 100) > 0:
            lines.append(f"……还有 {more} 处没有列出；改好上面这些再导入一次")
        super().__init__("\n  ".join(lines))
        self.file, self.problems = file, tuple(problems)


class BadOverlay(GuideError):
    def __init__(self, overlay: str, problem: str) -> None:
        super().__init__(f"overlay {overlay}: {problem}")
        self.overlay, self.problem = overlay, problem


class EditConflict(GuideError):
    """Written for the editor, so in Chinese."""

    def __init__(self, key: str, *, by: str, at: datetime) -> None:
        super().__init__(f"{key}：{by} 在 {at:%Y-%m-%d %H:%M} 改过，请先看看改了什么")
        self.key, self.by, self.at = key, by, at


class RevisionNotFound(GuideError):
    pass


class UnknownKind(GuideError):
    def __init__(self, kind: str) -> None:
        super().__init__(f"nothing here knows documents of kind {kind!r}; a newer release wrote them")
        self.kind = kind


class ServiceNotFound(GuideError):
    response = "utter_not_covered"


class OfficeNotFound(GuideError):
    response = "utter_not_covered"


class RegionNotFound(GuideError):
    response = "utter_ask_region"


class UnknownAnswer(GuideError):
    pass


class TicketNotFound(GuideError):
    response = "utter_ticket_not_found"


class TicketClosedToYou(GuideError):
    response = "utter_ticket_not_found"


class QuestionNotFound(GuideError):
    pass


class NoticeNotFound(GuideError):
    pass


class MistypedCode(GuideError):
    """Written for whoever typed the code, so in Chinese."""


class QuestionOpen(GuideError):
    """`question` is the situation that is to be answered first, as plain data {id, ask, options}."""

    def __init__(self, service: str, question: Mapping[str, Any]) -> None:
        super().__init__(f"{service}：{question['ask']}")
        self.service, self.question = service, question


class MoveRefused(GuideError):
    pass


class BadRequest(GuideError):
    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field}: {problem}")
        self.field, self.problem = field, problem


class SignInRefused(GuideError):
    pass


class PasswordDue(GuideError):
    pass


class NotAllowed(GuideError):
    pass


class AssistantDown(GuideError):
    pass


class TrainingFailed(GuideError):
    def __init__(self, code: int, log: Path) -> None:
        super().__init__(f"training the model failed (exit {code}); the reason is at the end of {log}")
