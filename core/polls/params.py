"""What can be asked of polls: the parameters of each command, which buttons carry and forms ask for."""

import datetime
from dataclasses import dataclass
from typing import ClassVar

from core.cards import Option, Params
from core.commands import param

Answers = tuple[tuple[str, tuple[str, ...]], ...]
"""What was filled in, by the name of its field."""

OPTION_LENGTH = 150
KEEP_NUMBERS = "Keep a line's number and its votes stay. A line left out is withdrawn; one without a number is new."
SHAPES = (
    Option("Choose from the options", "choice"),
    Option("Dots: spread some over the options", "dots"),
    Option("Ranked: put the options in order", "ranked"),
    Option("Rating: give each option a mark", "rating"),
    Option("Yes, no or abstain", "yes-no"),
    Option("Dates: find a time that suits", "dates"),
    Option("Open text: answer in words", "text"),
)
HIDDEN = (
    Option("Always shown", "no"),
    Option("Hidden until one has voted", "until voted"),
    Option("Hidden until it closes", "until closed"),
)
UNITS = (Option("Each person", "member"), Option("Each organisation, once", "organisation"))
REPEATS = (
    Option("Once", "no"),
    Option("Every working day", "workdays"),
    Option("Every week", "weekly"),
    Option("Every two weeks", "fortnightly"),
    Option("Every month", "monthly"),
)


@dataclass(frozen=True)
class Launch(Params):
    """Ask a quick question."""

    command: ClassVar[str] = "polls.launch"
    question: str = param(
        "line", "Your question", default="", free=True, help="Or leave it empty and take a template's."
    )
    options: tuple[str, ...] = param(
        "lines", "Options", default=(), free=True, max_length=OPTION_LENGTH, help="One on each line, 2 to 50 of them."
    )
    template: str = param("choice", "Template", default="", help="A question and options that often serve.")
    shape: str = param("choice", "What kind of answer", default="choice", choices=SHAPES)
    multi: bool = param("toggle", "Several options may be chosen", default=False)
    max: int | None = param(
        "number",
        "How many",
        default=None,
        help="The most that may be chosen, dots to spread, places to rank, or the top of the scale.",
    )
    anonymous: bool = param(
        "toggle", "Anonymous", default=False, help="Nobody sees who chose what, now or ever. It can't be undone."
    )
    hidden: str = param("choice", "Results are", default="no", choices=HIDDEN)
    adding: bool = param("toggle", "Others may add options", default=False)
    with_comments: bool = param("toggle", "A comment may go with a vote", default=False)
    closes: datetime.datetime | None = param(
        "moment", "Closes", default=None, help="Such as Fri 5pm. Without it you close it by hand."
    )
    closes_after: int | None = param("number", "Closes after so many votes", default=None)
    closes_when_all: bool = param("toggle", "Closes when all have voted", default=False)
    unit: str = param("choice", "Who counts as one voter", default="member", choices=UNITS)
    voters: str = param(
        "choice",
        "Who may vote",
        default="board",
        help="Everyone, one organisation, a task and finish group, or this room.",
    )
    opens: datetime.datetime | None = param("moment", "Opens", default=None, help="Leave it to ask at once.")
    repeats: str = param("choice", "How often it is asked", default="no", choices=REPEATS)
    questions: str = param(
        "text",
        "More questions",
        default="",
        max_length=3000,
        help="A blank line before each; its options on the lines below it, or none to be answered in words.",
    )
    preview: bool = param("toggle", "Show me first", default=False)
    copy: str = param("ref", "Copied from", default="")


@dataclass(frozen=True)
class Vote(Params):
    """Choose an option; where several may be chosen, choose it or take it back."""

    command: ClassVar[str] = "polls.vote"
    poll: str = param("ref", "Poll")
    option: int = param("ref", "Option", default=0)


@dataclass(frozen=True)
class Answer(Params):
    """Vote by a form: for whatever one press cannot say."""

    command: ClassVar[str] = "polls.answer"
    poll: str = param("ref", "Poll")
    answers: Answers = param("sheet", "Your vote", default=())
    comment: str = param("text", "Comment", default="", max_length=1000)


@dataclass(frozen=True)
class TakeBack(Params):
    """Leave a poll unanswered again."""

    command: ClassVar[str] = "polls.take_back"
    poll: str = param("ref", "Poll")


@dataclass(frozen=True)
class AddOption(Params):
    """Add an option to a poll that lets everyone do so."""

    command: ClassVar[str] = "polls.add"
    poll: str = param("ref", "Poll")
    option: str = param("line", "The option to add", default="", required=True, max_length=OPTION_LENGTH)


@dataclass(frozen=True)
class Edit(Params):
    """Mend the wording, add or withdraw options, move the close; votes stay."""

    command: ClassVar[str] = "polls.edit"
    poll: str = param("ref", "Poll")
    question: str = param("line", "The question", default="", required=True)
    options: tuple[str, ...] = param(
        "lines",
        "Options",
        default=(),
        max_length=OPTION_LENGTH + 10,
        help=KEEP_NUMBERS,
    )
    closes: datetime.datetime | None = param("moment", "Closes", default=None)
    others: Answers = param("sheet", "The other questions", default=())


@dataclass(frozen=True)
class Close(Params):
    """Close a poll now."""

    command: ClassVar[str] = "polls.close"
    poll: str = param("ref", "Poll")


@dataclass(frozen=True)
class Reopen(Params):
    """Open a poll again after its close."""

    command: ClassVar[str] = "polls.reopen"
    poll: str = param("ref", "Poll")
    why: str = param("text", "Why it is reopened", default="", required=True, max_length=1000, help="For the record.")
    closes: datetime.datetime | None = param("moment", "Closes", default=None, help="Leave it to close it by hand.")


@dataclass(frozen=True)
class Delete(Params):
    """Delete a poll for everyone."""

    command: ClassVar[str] = "polls.delete"
    poll: str = param("ref", "Poll")
    why: str = param(
        "line", "Why it is deleted", default="", required=True, help="It goes for everyone, with all its votes."
    )


@dataclass(frozen=True)
class Share(Params):
    """Show a poll in another room, or once more at the foot of one."""

    command: ClassVar[str] = "polls.share"
    poll: str = param("ref", "Poll")
    room: str = param("choice", "Which room", default="", required=True)


@dataclass(frozen=True)
class Nudge(Params):
    """Remind those who have not voted, once."""

    command: ClassVar[str] = "polls.nudge"
    poll: str = param("ref", "Poll")


@dataclass(frozen=True)
class ExportPoll(Params):
    """Take the results of a closed poll away as files."""

    command: ClassVar[str] = "polls.export"
    poll: str = param("ref", "Poll")


@dataclass(frozen=True)
class Group(Params):
    """Put answers in words under one heading."""

    command: ClassVar[str] = "polls.group"
    poll: str = param("ref", "Poll")
    answers: tuple[str, ...] = param("choices", "Answers that belong together", default=(), required=True)
    heading: str = param(
        "line", "Their heading", default="", max_length=100, help="Leave it empty to take them out of their group."
    )
