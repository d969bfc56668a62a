"""The agenda with its times, one entry of it, and the forward plan."""

import datetime
from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from core.cards import Block, Bold, Button, Buttons, Card, Facts, Heading, Line, Listing, Menu, Params, Prose, Text
from core.meetings.agenda_models import AgendaEntry
from core.meetings.agenda_params import (
    AddEntry,
    DraftAgenda,
    EditEntry,
    LeaveToLater,
    ListPapers,
    PublishAgenda,
    RemoveEntry,
    ShowAgenda,
    ShowEntry,
)
from core.meetings.models import AHEAD, Meeting
from core.meetings.naming import name_of, say_length
from core.meetings.params import ListMeetings, ShowMeeting
from core.meetings.queries import Shown
from core.paging import Place
from core.times import say_moment
from core.trails import ShowTrace

PAGE = 15
WANTS = {"decision": "to decide", "discussion": "to discuss", "noting": "to note"}


def starts(meeting: Meeting, entries: Sequence[AgendaEntry]) -> list[datetime.datetime]:
    """When each entry begins, one after the other from the meeting's beginning."""
    found, at = [], meeting.starts_at
    for entry in entries:
        found.append(at)
        at += datetime.timedelta(minutes=entry.minutes)
    return found


def say_sum(meeting: Meeting, entries: Sequence[AgendaEntry]) -> tuple[str, bool]:
    """What all entries take together, and whether the meeting is long enough for that."""
    total = sum(each.minutes for each in entries)
    over = total - meeting.minutes
    said = f"The entries take {say_length(total)} of {say_length(meeting.minutes)}"
    if over > 0:
        return f"{said}: {say_length(over)} too long.", False
    return f"{said}.", True


def line_of(entry: AgendaEntry, at: datetime.datetime, names: Mapping[int, str], zone: ZoneInfo) -> Line:
    """An entry in one line: when, what, who leads it, for what and how long."""
    lead = f", {names[entry.lead_id]}" if entry.lead_id is not None and entry.lead_id in names else ""
    mark = {"done": "✅ ", "current": "▶ ", "parked": "⏸ "}.get(entry.state, "")
    tail = f" — {WANTS[entry.wants]}, {entry.minutes} min{lead}"
    return (f"{mark}{at.astimezone(zone):%H:%M}  {entry.position}. ", Bold(entry.title), tail)


def agenda_card(shown: Shown, zone: ZoneInfo, page: int = 1, *, may_run: bool) -> Card:
    """The agenda, with the times that follow from it, and for who runs the meeting what can be done to it."""
    meeting, entries = shown.meeting, shown.entries
    title = f"Agenda: {name_of(meeting)}"
    change = [Button("Add an entry", AddEntry(meeting.ref), asks=True)] if meeting.state in (*AHEAD, "open") else []
    if meeting.state in AHEAD:
        again = "Fill it with what waits" if entries else "Draft it from what waits"
        change += [Button(again, DraftAgenda(meeting.ref)), Button("Publish the agenda", PublishAgenda(meeting.ref))]
    see = [Button("The meeting", ShowMeeting(meeting.ref)), Button("Papers", ListPapers(meeting.ref))]
    ways = Buttons((*(change if may_run else ()), *see))
    if not entries:
        words = "There is no agenda yet. The chair or the coordinator drafts it from what waits for a meeting."
        return Card(title=title, blocks=(Text((words,)), ways), summary=words)
    place = Place(page, len(entries), PAGE)
    times = starts(meeting, entries)
    here = place.here(list(zip(entries, times, strict=True)))
    said, fits = say_sum(meeting, entries)
    draft = "In draft. " if meeting.state == "planned" else ""
    blocks: list[Block] = [
        Text((f"{draft}{say_moment(meeting.starts_at, zone)}.",), "subtle"),
        Listing(tuple(line_of(entry, at, shown.names, zone) for entry, at in here), bullets=False),
        Text((said,), "subtle" if fits else "attention"),
        Menu("Open an entry", tuple(Button(f"{each.position}. {each.title}", ShowEntry(each.ref)) for each, _ in here)),
        *place.turning(lambda to: ShowAgenda(meeting.ref, to)),
        ways,
    ]
    word = "entry" if len(entries) == 1 else "entries"
    return Card(title=title, blocks=tuple(blocks), summary=f"{title}: {len(entries)} {word}. {said}")


def entry_card(
    entry: AgendaEntry,
    meeting: Meeting,
    names: Mapping[int, str],
    theme: str,
    opens: Params | None,
    declared: Sequence[str],
    *,
    may_run: bool,
) -> Card:
    """One entry: for what, how long, who leads it, what it is about, and who has declared an interest."""
    facts: list[tuple[str, Line]] = [
        ("Meeting", (name_of(meeting),)),
        ("Input requested", (WANTS[entry.wants],)),
        ("Time", (say_length(entry.minutes),)),
    ]
    if entry.lead_id is not None and entry.lead_id in names:
        facts.append(("Led by", (names[entry.lead_id],)))
    if theme:
        facts.append(("Theme", (theme,)))
    if declared:
        facts.append(("Interests declared", (", ".join(declared),)))
    blocks: list[Block] = [Facts(tuple(facts))]
    if entry.detail:
        blocks.append(Prose(entry.detail, more=ShowEntry(entry.ref)))
    ways = [Button("What it is about", opens)] if opens else []
    ways += [Button("Agenda", ShowAgenda(meeting.ref)), Button("Where it comes from", ShowTrace(entry.ref))]
    if may_run and meeting.state in (*AHEAD, "open"):
        ways.append(Button("Change it", EditEntry(entry.ref), asks=True))
    if may_run and meeting.state in (*AHEAD, "cancelled"):
        ways.append(Button("Leave to another meeting", LeaveToLater(entry.ref), asks=True))
    if may_run and meeting.state in AHEAD:
        ways.append(Button("Take it off", RemoveEntry(entry.ref), confirm="Take this entry off the agenda?"))
    blocks.append(Buttons(tuple(ways)))
    title = f"{entry.position}. {entry.title}"
    return Card(title=title, blocks=tuple(blocks), summary=f"{name_of(meeting)}, entry {title}.")


def forward_card(
    plan: Sequence[tuple[Meeting, Sequence[AgendaEntry]]], unplaced: Sequence[str], zone: ZoneInfo
) -> Card:
    """What the next meetings will deal with, and what waits and is on no agenda."""
    title = "Forward plan"
    ways = Buttons((Button("Meetings", ListMeetings()),))
    if not plan and not unplaced:
        words = "No meeting is planned and nothing waits for one."
        return Card(title=title, blocks=(Text((words,)), ways), summary=words)
    blocks: list[Block] = []
    for meeting, entries in plan:
        blocks.append(Heading(f"{say_moment(meeting.starts_at, zone)}: {meeting.title}"))
        own = [each for each in entries if each.kind != "standing"]
        lines: tuple[Line, ...] = tuple((Bold(each.title), f" — {WANTS[each.wants]}") for each in own)
        empty = Text(("Nothing yet but its standing entries." if entries else "Nothing yet.",), "subtle")
        blocks.append(Listing(lines, more=ShowAgenda(meeting.ref)) if lines else empty)
    if unplaced:
        lines = tuple((each,) for each in unplaced)
        blocks.append(Listing(lines, title="Waits for a meeting and is on no agenda"))
    if plan:
        opens = tuple(Button(f"Agenda of {name_of(each)}", ShowAgenda(each.ref)) for each, _ in plan)
        blocks.append(Menu("Open an agenda", opens))
    count = sum(each.kind != "standing" for _, entries in plan for each in entries)
    words = f"{count} {'entry' if count == 1 else 'entries'} on the next agendas, {len(unplaced)} waiting."
    return Card(title=title, blocks=(*blocks, ways), summary=f"{title}: {words}")
