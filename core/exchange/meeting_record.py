"""The registers of meetings in the document to read: the forward plan, attendance, and declared interests."""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from zoneinfo import ZoneInfo

from core.documents import Block, Heading, Table
from core.exchange.gatherings import agendas, attendance, board_meetings, interests
from core.exchange.plain import Row, moment_in
from core.meetings.attending import was_there
from core.texts import listed
from core.times import say_date, say_moment


def meeting_registers(exported: Row, now: datetime.datetime, zone: ZoneInfo) -> Iterator[Block]:
    """A heading and a table for each of the three that has anything in it."""
    yield from _table("Forward plan", ("Meeting", "Begins", "Agenda", "For"), _ahead(exported, now, zone), (4, 4, 8, 3))
    there = ("Meeting", "Date", "Present", "Substitutes", "Apologies")
    yield from _table("Attendance", there, _there(exported, zone), (3, 3, 6, 4, 4))
    declared = ("Organisation", "In", "Nature", "Declared")
    yield from _table("Interests declared", declared, _declared(exported, zone), (4, 6, 6, 4))


def _table(title: str, columns: tuple[str, ...], rows: Iterable[Sequence[str]], widths: tuple[int, ...]) -> list[Block]:
    lines = tuple(tuple((cell,) for cell in row) for row in rows)
    return [Heading(title), Table(columns, lines, title, widths)] if lines else []


def _ahead(exported: Row, now: datetime.datetime, zone: ZoneInfo) -> Iterator[Sequence[str]]:
    """The meetings to come, and what each deals with besides its standing entries."""
    entries = [each for each in agendas(exported) if each["kind"] != "standing"]
    for meeting in board_meetings(exported):
        begins = moment_in(meeting["starts_at"])
        if meeting["state"] not in ("planned", "published") or begins < now:
            continue
        name, when = f"{meeting['number']}. {meeting['title']}", say_moment(begins, zone)
        own = [each for each in entries if each["meeting"]["id"] == meeting["id"]]
        yield from ((name, when, each["title"], each["input_requested"]) for each in own)
        if not own:
            yield (name, when, "Nothing yet.", "")


def _there(exported: Row, zone: ZoneInfo) -> Iterator[Sequence[str]]:
    """Who was there at each meeting that is over, as recorded, else as announced."""
    replies = list(attendance(exported))
    for meeting in board_meetings(exported):
        if meeting["state"] != "ended":
            continue
        own = [each for each in replies if each["meeting"]["id"] == meeting["id"]]
        there = [each for each in own if was_there(each["present"], each["reply"])]
        instead = [f"{each['substitute']} for {each['member']}" for each in own if each["substitute"]]
        sorry = [each for each in own if each["reply"] == "apologies"]
        yield (
            f"{meeting['number']}. {meeting['title']}",
            say_date(moment_in(meeting["starts_at"]).astimezone(zone).date()),
            _names(there) or "Nobody is recorded.",
            listed(instead),
            _names(sorry),
        )


def _names(rows: Iterable[Row]) -> str:
    return listed(sorted(str(each["member"]) for each in rows))


def _declared(exported: Row, zone: ZoneInfo) -> Iterator[Sequence[str]]:
    for each in interests(exported):
        said = say_moment(moment_in(each["declared_at"]), zone)
        if each["withdrawn_at"]:
            said += f"; withdrawn {say_moment(moment_in(each['withdrawn_at']), zone)}"
        yield (each["organisation"], each["where"], each["nature"], said)
