"""Meetings as the partnership file plans them: read, checked, and written into the database."""

import datetime
from collections.abc import Mapping
from zoneinfo import ZoneInfo

from sqlalchemy import select

from core.errors import Refused
from core.exchange.drafts import Keys
from core.exchange.entries import Entry, distinct
from core.exchange.parts import AgendaPart, MeetingPart
from core.exchange.proposals import Known, day_of, moment_of, person_of
from core.exchange.rows import Writing
from core.exchange.shapes import Mistake, same
from core.meetings import agenda
from core.meetings.gathering import MOST, Wanted
from core.meetings.models import WAYS, Meeting, MeetingSeries
from core.meetings.params import RHYTHMS, check_link
from core.meetings.planning import (
    FEWEST,
    MOST_MINUTES,
    MOST_PAPERS_DAYS,
    Plan,
    check_plan,
    usual_chair,
    write_meeting,
    write_series,
)
from core.meetings.rhythm import rule_for
from core.priorities.models import TaskGroup


def read_meetings(whole: Entry, known: Known, groups: Mapping[str, str]) -> tuple[MeetingPart, ...]:
    """All `[[meetings]]`. Raises Mistake."""
    entries = whole.each("meetings", "a meeting")
    found = [_meeting(entry, known, groups) for entry in entries]
    distinct((entry, "title", f"{each.title} on {each.day}") for entry, each in zip(entries, found, strict=True))
    return tuple(found)


def _meeting(entry: Entry, known: Known, groups: Mapping[str, str]) -> MeetingPart:
    entry.only(
        "title", "starts", "minutes", "repeats", "rule", "until", "skip_bank_holidays", "way", "place", "link",
        "chair", "deputy", "task_group", "papers_due", "agenda",
    )  # fmt: skip
    starts_at = moment_of(entry, "starts", known.zone, None)
    day = starts_at.astimezone(known.zone).date()
    part = MeetingPart(
        line=entry.line,
        title=entry.line_text("title", 200, needed=True),
        starts_at=starts_at,
        day=day,
        minutes=entry.number("minutes", FEWEST, MOST_MINUTES, 120),
        way=entry.choice("way", WAYS, WAYS[0]),
        place=entry.line_text("place", 300),
        link=_link(entry),
        chair=person_of(entry, "chair", known.members),
        deputy=person_of(entry, "deputy", known.members),
        group=entry.named("task_group", groups, "a task group"),
        papers=entry.number("papers_due", 0, MOST_PAPERS_DAYS, 7),
        rule=_rule(entry, day),
        skips_holidays=entry.flag("skip_bank_holidays", otherwise=True),
        agenda=tuple(_agenda(each, known) for each in entry.each("agenda", "an agenda entry", most=MOST)),
    )
    if part.chair is not None and part.chair == part.deputy:
        raise entry.wrong("deputy", "chair and deputy chair are two people; name somebody else for one of them.")
    return part


def _link(entry: Entry) -> str:
    try:
        return check_link(entry.line_text("link", 500))
    except Refused as refusal:
        raise entry.wrong("link", refusal.sentence) from None


def _rule(entry: Entry, day: datetime.date) -> str:
    """The series' rule; empty for one meeting. A rhythm is said in words or as an RRULE, not both."""
    until = day_of(entry, "until") if "until" in entry.values else None
    repeats = entry.choice("repeats", [str(each.value) for each in RHYTHMS], "once")
    written = entry.line_text("rule", 200)
    if until is not None and until < day:
        raise entry.wrong("until", "the last one can't be before the first; write a later day.")
    if written and "repeats" in entry.values:
        raise entry.wrong("rule", "a series has either repeats or a rule; take one of them out.")
    if until is not None and not written and repeats == "once":
        raise entry.wrong(
            "until", 'one meeting has no last one; write repeats = "quarterly" or such, or take until out.'
        )
    try:
        return rule_for(repeats, written, day, until)
    except Refused as refusal:
        raise entry.wrong("rule", refusal.sentence) from None


def _agenda(entry: Entry, known: Known) -> AgendaPart:
    entry.only("title", "detail", "input_requested", "minutes", "theme", "lead")
    return AgendaPart(
        title=entry.line_text("title", 300, needed=True),
        detail=entry.long_text("detail", 3_000),
        wants=entry.choice("input_requested", ("decision", "discussion", "noting"), "discussion"),
        minutes=entry.number("minutes", 0, agenda.LONGEST, 10),
        theme=entry.named("theme", known.themes, "a theme"),
        lead=person_of(entry, "lead", known.members),
    )


async def write_meetings(writing: Writing, parts: tuple[MeetingPart, ...], keys: Keys, zone: ZoneInfo) -> None:
    """Write what is new, known by title and day; what was planned here before may have been moved since, and stays.

    Raises Mistake for one meeting that would have begun already, and for a series without any meeting to come.
    """
    known = await _known(writing)
    rows = await writing.session.execute(
        select(TaskGroup.name, TaskGroup.id).where(TaskGroup.partnership_id == writing.board)
    )
    groups = {same(name): key for name, key in rows.tuples()}
    for part in parts:
        if (same(part.title), part.day) in known:
            continue
        plan = await _plan(writing, part, keys, groups)
        if part.rule:
            try:
                made = await write_series(writing.session, writing.board, zone, plan, writing.now)
            except Refused as refusal:
                raise Mistake(part.line, refusal.sentence) from None
        elif part.starts_at <= writing.now:
            raise Mistake(part.line, "this meeting would have begun already; write a time to come, or take it out.")
        else:
            made = [await write_meeting(writing.session, writing.board, plan, writing.now, zone, day=part.day)]
        for each in part.agenda:
            await agenda.add(writing.session, made[0], _wanted(each, keys), writing.now)
        writing.added["meetings"] += len(made)


async def _known(writing: Writing) -> set[tuple[str, datetime.date | None]]:
    """Titles and days of series and of single meetings."""
    series = await writing.session.execute(
        select(MeetingSeries.title, MeetingSeries.begins_on).where(MeetingSeries.partnership_id == writing.board)
    )
    single = await writing.session.execute(
        select(Meeting.title, Meeting.day).where(Meeting.partnership_id == writing.board, Meeting.series_id.is_(None))
    )
    return {(same(title), day) for title, day in (*series.tuples(), *single.tuples())}


async def _plan(writing: Writing, part: MeetingPart, keys: Keys, groups: Mapping[str, int]) -> Plan:
    named = keys.members[part.chair] if part.chair is not None else None
    plan = Plan(
        title=part.title,
        starts_at=part.starts_at,
        minutes=part.minutes,
        way=part.way,
        place=part.place,
        link=part.link,
        chair_id=named or await usual_chair(writing.session, writing.board),
        deputy_id=keys.members[part.deputy] if part.deputy is not None else None,
        group_id=groups[same(part.group)] if part.group else None,
        papers_days=part.papers,
        rule=part.rule,
        skips_holidays=part.skips_holidays,
    )
    try:
        check_plan(plan)
    except Refused as refusal:
        raise Mistake(part.line, refusal.sentence) from None
    return plan


def _wanted(part: AgendaPart, keys: Keys) -> Wanted:
    return Wanted(
        title=part.title,
        detail=part.detail,
        wants=part.wants,
        minutes=part.minutes,
        theme_id=keys.themes[same(part.theme)] if part.theme else None,
        lead_id=keys.members[part.lead] if part.lead is not None else None,
    )
