"""What can be asked of reminders: the parameters of each command."""

from dataclasses import dataclass
from typing import ClassVar

from core.cards import Option, Params
from core.commands import param
from core.partners.zones import read_zone
from core.reminders.reading import read_clock, read_quiet

DIGESTS = (
    Option("Daily: as they fall due, on one card a day", "daily"),
    Option("Weekly: in the weekly digest only", "weekly"),
    Option("Off: no reminders and no digest", "off"),
)
DAYS = (
    Option("Monday", "0"),
    Option("Tuesday", "1"),
    Option("Wednesday", "2"),
    Option("Thursday", "3"),
    Option("Friday", "4"),
    Option("Off", "off"),
)


@dataclass(frozen=True)
class MyReminders(Params):
    """See how one is reminded, or change some of it."""

    command: ClassVar[str] = "reminders.mine"
    quiet: str = param(
        "line", "Quiet hours", default="", max_length=20, check=read_quiet, help="From and to, such as 18-08."
    )
    digest: str = param("choice", "Reminders come", default="", choices=DIGESTS)
    pause: str = param(
        "line", "Pause until", default="", max_length=60, help="Such as 2 weeks, or 12 January; off ends a pause."
    )
    zone: str = param(
        "line", "Your time zone", default="", max_length=60, check=read_zone, help="If it isn't the board's."
    )


@dataclass(frozen=True)
class ChangeReminders(Params):
    """The same as a form: what is left empty is set back."""

    command: ClassVar[str] = "reminders.change"
    digest: str = param("choice", "Reminders come", default="", required=True, choices=DIGESTS)
    quiet: str = param(
        "line",
        "Quiet hours",
        default="",
        max_length=20,
        check=read_quiet,
        help="From and to, such as 18-08; empty for 18:00-08:00.",
    )
    pause: str = param(
        "line", "Pause until", default="", max_length=60, help="Such as 2 weeks, or 12 January; empty for no pause."
    )
    zone: str = param(
        "line", "Your time zone", default="", max_length=60, check=read_zone, help="Empty for the board's."
    )


@dataclass(frozen=True)
class SetDigest(Params):
    """When the board's digest goes out."""

    command: ClassVar[str] = "reminders.set_digest"
    day: str = param("choice", "The digest goes out on", default="", required=True, free=True, choices=DAYS)
    time: str = param("line", "At", default="", max_length=20, check=read_clock, help="In working hours, such as 9:00.")
