"""From the bytes of a partnership file to what it says, or to the line of its first mistake. No database here."""

import re
import tomllib
import zoneinfo
from collections.abc import Mapping
from typing import Any

from core.errors import Refused
from core.exchange.entries import Entry, distinct
from core.exchange.lines import Lines
from core.exchange.people import read_members, read_rooms
from core.exchange.proposals import Known, read_agreements
from core.exchange.shapes import BoardFile, Mistake, OrganisationPart, ThemePart, same
from core.exchange.work import read_work
from core.partners.queries import zone_of
from core.texts import either, quoted

LARGEST = 4 * 1024 * 1024  # bytes; a board of a thousand people has a quarter of that
SECTIONS = (
    "partnership", "organisations", "members", "rooms", "themes", "items", "priorities", "task_groups", "actions",
    "meetings", "agreements",
)  # fmt: skip
IN_CHAT = ("polls", "decisions", "register")
_WHERE = re.compile(r" \(at (?:line (\d+), column \d+|end of document)\)$")


def read_board(source: bytes, name: str = "the file") -> BoardFile:
    """Read and check a partnership file. `name` is what to call it where there is no line to tell.

    Raises Mistake (or Refused, for what is no text at all) with one sentence that says what to do.
    """
    text = _decoded(source, name)
    values = _parsed(text)
    whole = Entry(values, (), Lines(text), "a partnership file")
    for key in values:
        if key.lower() in IN_CHAT:
            raise whole.wrong(key, f"a partnership file brings no {key}; take them out and import it again.")
    whole.only(*SECTIONS)
    return _board(whole)


def _decoded(source: bytes, name: str) -> str:
    if len(source) > LARGEST:
        raise Refused(f"{name} is larger than {LARGEST // 1024 // 1024} MiB, so it is no partnership file.")
    try:
        text = source.decode("utf-8-sig")  # some editors begin a file with a mark
    except UnicodeDecodeError as error:
        line = source.count(b"\n", 0, error.start) + 1
        raise Mistake(line, "a letter here is not in UTF-8; save the file in UTF-8 and import it again.") from None
    return text.replace("\r\n", "\n")


def _parsed(text: str) -> Mapping[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        said = str(error)
        found = _WHERE.search(said)
        line = int(found[1]) if found and found[1] else text.rstrip().count("\n") + 1
        reason = said[: found.start()] if found else said
        raise Mistake(
            line, f"this can't be read as TOML ({reason.rstrip('.')}); check its quotes, brackets and = signs."
        ) from None
    except (ValueError, RecursionError):  # a number of thousands of digits, or brackets in brackets without end
        raise Refused("The file can't be read as TOML: a number is too long, or brackets are too deep.") from None


def _board(whole: Entry) -> BoardFile:
    if isinstance(whole.values.get("partnership"), list):
        raise whole.wrong("partnership", "a file holds one partnership; write [partnership] in single brackets.")
    head = whole.inner("partnership", "a partnership")
    if head is None:
        raise Mistake(1, 'the file needs a section [partnership] with a name = "…".')
    head.only(
        "name", "place", "timezone", "purpose", "voting_unit", "principles", "criteria", "convener",
    )  # fmt: skip
    name = head.line_text("name", 200, needed=True)
    timezone = _timezone(head)
    unit = head.choice("voting_unit", ("organisation", "member"), "organisation")
    organisations, organisation_names = _organisations(whole)
    members = read_members(whole, organisation_names)
    themes, theme_names = _themes(whole, organisation_names)
    known = Known(
        zone=zone_of(timezone),
        unit=unit,
        organisations={same(each.name): each for each in organisations},
        themes=theme_names,
        members=members,
    )
    return BoardFile(
        line=head.line,
        name=name,
        place=head.line_text("place", 200),
        purpose=head.long_text("purpose"),
        timezone=timezone,
        voting_unit=unit,
        principles=head.strings("principles"),
        criteria=_criteria(head),
        convener=head.named("convener", organisation_names, "an organisation"),
        organisations=organisations,
        members=members,
        rooms=read_rooms(whole),
        themes=themes,
        agreements=read_agreements(whole, known),
        work=read_work(whole, known),
    )


def _timezone(head: Entry) -> str:
    name = head.line_text("timezone", 60) or "Europe/London"
    try:
        return zoneinfo.ZoneInfo(name).key
    except (ValueError, OSError, zoneinfo.ZoneInfoNotFoundError):
        near = [zone for zone in zoneinfo.available_timezones() if name.lower() in zone.lower()]
        meant = either(sorted(near, key=len), most=3) if near else "a name such as Europe/London"
        raise head.wrong("timezone", f"{quoted(name)} is not a time zone; write {meant}.") from None


def _criteria(head: Entry) -> tuple[tuple[str, float], ...]:
    found = []
    entries = head.each("criteria", "a criterion")
    for entry in entries:
        entry.only("name", "weight")
        weight = entry.values.get("weight", 1)
        if isinstance(weight, bool) or not isinstance(weight, int | float) or not 0 < weight <= 1_000:
            raise entry.wrong("weight", "a criterion's weight is a number above 0, such as 3, without quotes.")
        found.append((entry.line_text("name", 200, needed=True), weight))
    distinct((entry, "name", name) for entry, (name, _) in zip(entries, found, strict=True))
    return tuple(found)


def _organisations(whole: Entry) -> tuple[tuple[OrganisationPart, ...], dict[str, str]]:
    found = []
    entries = whole.each("organisations", "an organisation")
    for entry in entries:
        entry.only("name", "sector", "voting")
        found.append(
            OrganisationPart(
                line=entry.line,
                name=entry.line_text("name", 200, needed=True),
                sector=entry.line_text("sector", 100),
                voting=entry.flag("voting", otherwise=True),
            )
        )
    names = distinct((entry, "name", each.name) for entry, each in zip(entries, found, strict=True))
    return tuple(found), names


def _themes(whole: Entry, organisations: Mapping[str, str]) -> tuple[tuple[ThemePart, ...], dict[str, str]]:
    found = []
    entries = whole.each("themes", "a theme")
    for entry in entries:
        entry.only("name", "scope", "lead", "objectives", "projects", "state")
        found.append(
            ThemePart(
                line=entry.line,
                name=entry.line_text("name", 200, needed=True),
                scope=entry.long_text("scope"),
                lead=entry.named("lead", organisations, "an organisation"),
                objectives=entry.strings("objectives"),
                projects=entry.strings("projects"),
                state=entry.choice("state", ("proposed", "agreed", "retired"), "proposed"),
            )
        )
    names = distinct((entry, "name", each.name) for entry, each in zip(entries, found, strict=True))
    return tuple(found), names
