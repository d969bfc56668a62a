"""What can be asked of meetings as such: planning, moving, cancelling, seeing, and the calendar."""

import datetime
from dataclasses import dataclass
from typing import ClassVar

from core.cards import Option, Params
from core.commands import param
from core.errors import Refused
from core.trails import read_link

NOT_SAID = datetime.datetime.min.replace(tzinfo=datetime.UTC)
"""The default of a moment that a form insists on, but a button that opens it does not have."""

WAYS = (Option("In person", "in person"), Option("Online", "online"), Option("In person and online", "both"))
RHYTHMS = (
    Option("Once", "once"),
    Option("Every week", "weekly"),
    Option("Every two weeks", "fortnightly"),
    Option("Every month, such as each second Tuesday", "monthly"),
    Option("Every month on the same date", "monthly by date"),
    Option("Every three months, such as each second Tuesday", "quarterly"),
    Option("Every year, such as in May on the second Tuesday", "yearly"),
)


def check_link(text: str) -> str:
    """An https link. Raises Refused for anything else."""
    if text and not read_link(text):
        raise Refused("Give a link that begins with https://, such as https://example.org/room.")
    return text


@dataclass(frozen=True)
class PlanMeeting(Params):
    """Plan one meeting or a series."""

    command: ClassVar[str] = "meetings.plan"
    title: str = param(
        "line", "What is it called", default="", required=True, free=True, max_length=200, help="Such as: Board meeting"
    )
    when: datetime.datetime = param(
        "moment",
        "When it begins",
        default=NOT_SAID,
        required=True,
        help="Such as Tue 12 Jan 10:00; of a series the first.",
        tail=True,
    )
    minutes: int = param("number", "How many minutes", default=120, help="From 5 to 1440.")
    repeats: str = param("choice", "It comes", default="once", choices=RHYTHMS)
    until: datetime.date | None = param("date", "The last one is by", default=None, help="Empty for no end.")
    skip_holidays: bool = param("toggle", "Leave out bank holidays", default=True)
    way: str = param("choice", "People meet", default="in person", choices=WAYS)
    place: str = param("line", "Where", default="", help="Room and address.")
    link: str = param("line", "Link to join online", default="", max_length=500, check=check_link)
    chair: str = param("choice", "Who chairs", default="", mark="@", help="The board's chair, if you leave it.")
    deputy: str = param("choice", "Deputy chair", default="")
    group: str = param("choice", "For a task and finish group", default="", help="Empty for the whole board.")
    papers: int = param("number", "Papers are due, working days before", default=7, help="From 0 to 40.")
    rule: str = param("line", "Another rhythm, as an RRULE", default="", hidden=True, max_length=200)


@dataclass(frozen=True)
class ShowMeeting(Params):
    """One meeting. say: what whoever is told of it hears first."""

    command: ClassVar[str] = "meetings.show"
    meeting: str = param("ref", "Meeting")
    say: str = param("text", "Said", default="", hidden=True, max_length=1000)


@dataclass(frozen=True)
class ListMeetings(Params):
    """The meetings to come, or those that were."""

    command: ClassVar[str] = "meetings.list"
    search: str = param(
        "line", "Which", default="", free=True, help="past, all or cancelled; a number, or words of the title."
    )
    at: str = param("line", "From", default="", hidden=True, max_length=60)


@dataclass(frozen=True)
class MoveMeeting(Params):
    """Another time or place."""

    command: ClassVar[str] = "meetings.move"
    meeting: str = param("ref", "Meeting")
    when: datetime.datetime = param("moment", "When it begins", default=NOT_SAID, required=True)
    minutes: int = param("number", "How many minutes", default=120)
    way: str = param("choice", "People meet", default="in person", choices=WAYS)
    place: str = param("line", "Where", default="")
    link: str = param("line", "Link to join online", default="", max_length=500, check=check_link)
    chair: str = param("choice", "Who chairs", default="")
    deputy: str = param("choice", "Deputy chair", default="")
    why: str = param("text", "Why", default="", required=True, max_length=1000, help="Everyone it concerns is told.")


@dataclass(frozen=True)
class CancelMeeting(Params):
    """It does not take place."""

    command: ClassVar[str] = "meetings.cancel"
    meeting: str = param("ref", "Meeting")
    why: str = param("text", "Why", default="", required=True, max_length=1000, help="Everyone it concerns is told.")
    series: bool = param("toggle", "All later ones of the series too", default=False)


@dataclass(frozen=True)
class ShowCalendar(Params):
    """One's own address of the board's calendar."""

    command: ClassVar[str] = "meetings.calendar"


@dataclass(frozen=True)
class RenewCalendar(Params):
    """Another address, because the old one went astray."""

    command: ClassVar[str] = "meetings.renew_calendar"
