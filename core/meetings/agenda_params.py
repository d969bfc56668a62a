"""What can be asked of a meeting's agenda, its papers, and of coming to it."""

import datetime
from dataclasses import dataclass
from typing import ClassVar

from core.cards import Option, Params
from core.commands import param
from core.meetings.params import check_link

WANTS = (Option("A decision", "decision"), Option("A discussion", "discussion"), Option("To be noted", "noting"))
_MINUTES = "From 0 to 600."


@dataclass(frozen=True)
class ShowAgenda(Params):
    """The whole agenda with its times."""

    command: ClassVar[str] = "meetings.agenda"
    meeting: str = param("ref", "Meeting")
    page: int = param("number", "Page", default=1, hidden=True)


@dataclass(frozen=True)
class DraftAgenda(Params):
    """Fill the agenda with what waits for a meeting."""

    command: ClassVar[str] = "meetings.draft_agenda"
    meeting: str = param("ref", "Meeting")


@dataclass(frozen=True)
class AddEntry(Params):
    """Another agenda entry."""

    command: ClassVar[str] = "meetings.add_entry"
    meeting: str = param("ref", "Meeting")
    title: str = param("line", "What is it about", default="", required=True)
    wants: str = param("choice", "Input requested", default="discussion", choices=WANTS)
    minutes: int = param("number", "Minutes", default=10, help=_MINUTES)
    lead: str = param("choice", "Who leads it", default="")
    theme: str = param("choice", "Theme", default="")
    detail: str = param("text", "More about it", default="", max_length=3000)


@dataclass(frozen=True)
class EditEntry(Params):
    """Change an agenda entry."""

    command: ClassVar[str] = "meetings.edit_entry"
    entry: str = param("ref", "Entry")
    title: str = param("line", "What is it about", default="", required=True)
    wants: str = param("choice", "Input requested", default="discussion", choices=WANTS)
    minutes: int = param("number", "Minutes", default=10, help=_MINUTES)
    lead: str = param("choice", "Who leads it", default="")
    theme: str = param("choice", "Theme", default="")
    place: int | None = param("number", "Place on the agenda", default=None, help="1 is the first.")
    detail: str = param("text", "More about it", default="", max_length=3000)


@dataclass(frozen=True)
class ShowEntry(Params):
    """One entry, and what can be done to it."""

    command: ClassVar[str] = "meetings.entry"
    entry: str = param("ref", "Entry")


@dataclass(frozen=True)
class LeaveToLater(Params):
    """Move an entry to another meeting."""

    command: ClassVar[str] = "meetings.leave_to_later"
    entry: str = param("ref", "Entry")
    meeting_to: str = param("choice", "To which meeting", default="", required=True)


@dataclass(frozen=True)
class RemoveEntry(Params):
    """Take an entry off the agenda."""

    command: ClassVar[str] = "meetings.remove_entry"
    entry: str = param("ref", "Entry")


@dataclass(frozen=True)
class PublishAgenda(Params):
    """The agenda goes out."""

    command: ClassVar[str] = "meetings.publish"
    meeting: str = param("ref", "Meeting")


@dataclass(frozen=True)
class ForwardPlan(Params):
    """What the next meetings will deal with."""

    command: ClassVar[str] = "meetings.forward"


@dataclass(frozen=True)
class AskPaper(Params):
    """Ask somebody for a paper."""

    command: ClassVar[str] = "meetings.ask_paper"
    meeting: str = param("ref", "Meeting")
    title: str = param("line", "What is the paper about", default="", required=True)
    author: str = param("choice", "Who writes it", default="", required=True)
    entry: str = param("choice", "For which entry", default="")
    restricted: bool = param("toggle", "Only for those whom it is for", default=False)
    readers: tuple[str, ...] = param("choices", "Whom it is for", default=(), help="Only if it is restricted.")


@dataclass(frozen=True)
class HandIn(Params):
    """Hand a paper in, with its front sheet."""

    command: ClassVar[str] = "meetings.hand_in"
    paper: str = param("ref", "Paper")
    report_of: str = param("line", "Report of", default="", required=True, max_length=200, help="Name and office.")
    summary: str = param("text", "Summary and purpose", default="", required=True, max_length=3000)
    wants: str = param("choice", "Input requested", default="discussion", choices=WANTS)
    body: str = param("text", "The paper", default="", max_length=3000, help="Each line is a numbered paragraph.")
    link: str = param("line", "Or a link to it", default="", max_length=500, check=check_link)
    implications: str = param("text", "Implications", default="", max_length=3000, help="Money, law, equality, risks.")
    recommendations: str = param("text", "Recommendations", default="", max_length=3000, help="One on each line.")
    contact: str = param("line", "Contact", default="", help="Whom readers may ask.")
    dated: datetime.date | None = param("date", "Date", default=None, past=True, help="Today, if you leave it.")


@dataclass(frozen=True)
class ShowPaper(Params):
    """One paper. say: what whoever is told of it hears first."""

    command: ClassVar[str] = "meetings.paper"
    paper: str = param("ref", "Paper")
    page: int = param("number", "Page", default=1, hidden=True)
    say: str = param("text", "Said", default="", hidden=True, max_length=1000)


@dataclass(frozen=True)
class ListPapers(Params):
    """The papers of a meeting."""

    command: ClassVar[str] = "meetings.papers"
    meeting: str = param("ref", "Meeting")
    page: int = param("number", "Page", default=1, hidden=True)


@dataclass(frozen=True)
class DropPaper(Params):
    """A paper is not wanted any more."""

    command: ClassVar[str] = "meetings.drop_paper"
    paper: str = param("ref", "Paper")


@dataclass(frozen=True)
class Attend(Params):
    """One comes."""

    command: ClassVar[str] = "meetings.attend"
    meeting: str = param("ref", "Meeting")


@dataclass(frozen=True)
class Apologise(Params):
    """One can't come."""

    command: ClassVar[str] = "meetings.apologise"
    meeting: str = param("ref", "Meeting")


@dataclass(frozen=True)
class SendSubstitute(Params):
    """Somebody else comes instead."""

    command: ClassVar[str] = "meetings.substitute"
    meeting: str = param("ref", "Meeting")
    member: str = param("choice", "Who comes instead", default="", help="A member of the board.")
    name: str = param("line", "Or somebody else", default="", max_length=200, help="Name and office.")


@dataclass(frozen=True)
class ShowAttendance(Params):
    """Who comes, and whether the quorum will be there."""

    command: ClassVar[str] = "meetings.attendance"
    meeting: str = param("ref", "Meeting")
    page: int = param("number", "Page", default=1, hidden=True)


@dataclass(frozen=True)
class DeclareEntryInterest(Params):
    """Declare an interest in an agenda entry."""

    command: ClassVar[str] = "meetings.declare"
    meeting: str = param("ref", "Meeting")
    entry: str = param("choice", "In which entry", default="", required=True)
    nature: str = param(
        "text", "What the interest is", default="", required=True, max_length=1000, help="It is kept in the register."
    )


@dataclass(frozen=True)
class WithdrawEntryInterest(Params):
    """Undo a declaration made in error."""

    command: ClassVar[str] = "meetings.withdraw_interest"
    meeting: str = param("ref", "Meeting")
    entry: str = param("choice", "In which entry", default="", required=True)
