"""What can be asked of a meeting in session and of its minutes; the handlers stand in `core/minutes`."""

import datetime
from dataclasses import dataclass
from typing import ClassVar

from core.cards import Option, Params
from core.commands import param

RULES = (
    Option("Consent: passes when no objection stands", "consent"),
    Option("Consensus: agree, abstain, disagree or block", "consensus"),
    Option("Simple majority: more than half agree", "simple majority"),
    Option("Two-thirds: at least two thirds agree", "two-thirds"),
    Option("Unanimous: all agree", "unanimous"),
)


@dataclass(frozen=True)
class BeginMeeting(Params):
    """The meeting begins."""

    command: ClassVar[str] = "minutes.begin"
    meeting: str = param("ref", "Meeting")


@dataclass(frozen=True)
class ShowChair(Params):
    """What whoever chairs has in hand: the entry, its time, and what can be done."""

    command: ClassVar[str] = "minutes.chair"
    meeting: str = param("ref", "Meeting")


@dataclass(frozen=True)
class NextEntry(Params):
    """On to the next entry; done names the one that is left, so that two presses are one step."""

    command: ClassVar[str] = "minutes.next"
    meeting: str = param("ref", "Meeting")
    done: str = param("line", "Done", default="", hidden=True, max_length=40)


@dataclass(frozen=True)
class TakeNote(Params):
    """Something for the minutes."""

    command: ClassVar[str] = "minutes.note"
    meeting: str = param("ref", "Meeting")
    text: str = param("text", "What the minutes are to say", default="", required=True, max_length=2000)


@dataclass(frozen=True)
class NoteDecision(Params):
    """A decision that the meeting has taken."""

    command: ClassVar[str] = "minutes.decide"
    meeting: str = param("ref", "Meeting")
    text: str = param("text", "What was decided", default="", required=True, max_length=1000, help="That …")
    reason: str = param("text", "Why", default="", max_length=2000)
    votes: str = param("line", "How the vote went", default="", help="Such as 9 for, 1 against; empty without a vote.")


@dataclass(frozen=True)
class PutAgreement(Params):
    """Put an agreement to the partners from the meeting."""

    command: ClassVar[str] = "minutes.put"
    meeting: str = param("ref", "Meeting")
    title: str = param("line", "What is to be agreed", default="", required=True)
    text: str = param("text", "The proposal in full", default="", max_length=3000)
    rule: str = param("choice", "How it passes", default="consent", choices=RULES)
    closes: datetime.datetime | None = param(
        "moment", "Voting closes", default=None, help="In 15 minutes, if you leave it; the chair can close earlier."
    )


@dataclass(frozen=True)
class StartPoll(Params):
    """Ask those in the meeting a quick question."""

    command: ClassVar[str] = "minutes.poll"
    meeting: str = param("ref", "Meeting")
    question: str = param("line", "Your question", default="", required=True)
    options: tuple[str, ...] = param(
        "lines", "Options", default=(), required=True, max_length=200, help="One on each line."
    )


@dataclass(frozen=True)
class PromiseAction(Params):
    """Promise an action, or ask somebody to."""

    command: ClassVar[str] = "minutes.promise"
    meeting: str = param("ref", "Meeting")
    title: str = param("line", "What is to be done", default="", required=True)
    owner: str = param("choice", "Who does it", default="", required=True)
    due: datetime.date | None = param("date", "By when", default=None, required=True)


@dataclass(frozen=True)
class ParkMatter(Params):
    """Leave a matter to another meeting."""

    command: ClassVar[str] = "minutes.park"
    meeting: str = param("ref", "Meeting")
    text: str = param("line", "What is parked", default="", required=True)


@dataclass(frozen=True)
class RecordPresent(Params):
    """Who is here."""

    command: ClassVar[str] = "minutes.present"
    meeting: str = param("ref", "Meeting")
    present: tuple[str, ...] = param("choices", "Who is here", default=())


@dataclass(frozen=True)
class EndMeeting(Params):
    """The meeting is over; its minutes are drafted."""

    command: ClassVar[str] = "minutes.end"
    meeting: str = param("ref", "Meeting")


@dataclass(frozen=True)
class ShowMinutes(Params):
    """The minutes. say: what whoever is told of them hears first."""

    command: ClassVar[str] = "minutes.show"
    meeting: str = param("ref", "Meeting")
    page: int = param("number", "Page", default=1, hidden=True)
    say: str = param("text", "Said", default="", hidden=True, max_length=1000)


@dataclass(frozen=True)
class MinutesAsFile(Params):
    """The minutes as a document."""

    command: ClassVar[str] = "minutes.as_file"
    meeting: str = param("ref", "Meeting")


@dataclass(frozen=True)
class EditSection(Params):
    """Write a section of the minutes anew."""

    command: ClassVar[str] = "minutes.edit"
    section: str = param("ref", "Section")
    title: str = param("line", "Heading", default="", required=True)
    text: str = param("text", "What it says", default="", max_length=3000, help="Each line is a numbered paragraph.")


@dataclass(frozen=True)
class Redraft(Params):
    """Draft the minutes anew, but for what somebody has written."""

    command: ClassVar[str] = "minutes.redraft"
    meeting: str = param("ref", "Meeting")


@dataclass(frozen=True)
class Circulate(Params):
    """The minutes go to everyone for corrections."""

    command: ClassVar[str] = "minutes.circulate"
    meeting: str = param("ref", "Meeting")


@dataclass(frozen=True)
class AskCorrection(Params):
    """Ask for a correction of the minutes."""

    command: ClassVar[str] = "minutes.correct"
    meeting: str = param("ref", "Meeting")
    text: str = param(
        "text", "What is to be corrected", default="", required=True, max_length=2000, help="Name the number."
    )


@dataclass(frozen=True)
class SettleCorrection(Params):
    """Say what came of a correction."""

    command: ClassVar[str] = "minutes.settle"
    correction: str = param("ref", "Correction")
    made: str = param(
        "choice",
        "What came of it",
        default="",
        required=True,
        choices=(Option("It is made", "made"), Option("It is not made", "not made")),
    )
    answer: str = param("text", "Why, if it is not made", default="", max_length=1000)


@dataclass(frozen=True)
class ApproveMinutes(Params):
    """A later meeting approves the minutes. at: that meeting."""

    command: ClassVar[str] = "minutes.approve"
    meeting: str = param("ref", "Meeting")
    at: str = param("line", "At", default="", hidden=True, max_length=40)
