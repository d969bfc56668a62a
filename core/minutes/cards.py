"""The chair's card while a meeting is in session, and the minutes as everyone reads them."""

import datetime
import math
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from core.agreements.params import Confirm
from core.cards import Block, Bold, Button, Buttons, Card, Facts, Heading, Line, Listing, Menu, Prose, Text
from core.meetings.agenda_cards import WANTS
from core.meetings.agenda_models import AgendaEntry
from core.meetings.agenda_params import AddEntry, DeclareEntryInterest, ShowAgenda, ShowAttendance, ShowEntry
from core.meetings.cards import say_forecast
from core.meetings.gathering import MINUTES
from core.meetings.models import Meeting
from core.meetings.naming import name_of, say_length, say_state
from core.meetings.params import ShowMeeting
from core.meetings.queries import Shown
from core.meetings.session_params import (
    ApproveMinutes,
    AskCorrection,
    Circulate,
    EditSection,
    EndMeeting,
    MinutesAsFile,
    NextEntry,
    NoteDecision,
    ParkMatter,
    PromiseAction,
    PutAgreement,
    RecordPresent,
    Redraft,
    SettleCorrection,
    ShowMinutes,
    StartPoll,
    TakeNote,
)
from core.minutes.models import MinuteCorrection, MinuteSection, SessionNote
from core.paging import paged, turning
from core.texts import lines_of
from core.times import say_date

A_LIST = 4_000  # characters of corrections in one list
MENU = 90  # corrections to choose from; those after them come up as these are settled
LAST = 5  # notes that the chair's card shows
KINDS = {"note": "📝", "decision": "✅", "agreement": "🗳️", "poll": "📊", "action": "▶", "parked": "⏸"}


def chair_card(
    shown: Shown, notes: Sequence[SessionNote], last: Meeting | None, now: datetime.datetime, zone: ZoneInfo
) -> Card:
    """What whoever chairs has in hand: the entry that is being dealt with, its time, and what can be done."""
    meeting = shown.meeting
    title = f"In the chair: {name_of(meeting)}"
    if meeting.state != "open":
        words = f"This meeting is {say_state(meeting)}."
        ways = Buttons((Button("The meeting", ShowMeeting(meeting.ref)), Button("Minutes", ShowMinutes(meeting.ref))))
        return Card(title=title, blocks=(Text((words,)), ways), summary=words)
    current = next((each for each in shown.entries if each.id == meeting.current_id), None)
    following = next((each for each in shown.entries if each.state == "waiting"), None)
    blocks: list[Block] = [*_now_at(shown, current, now, zone)] if current or following is None else []
    facts: list[tuple[str, Line]] = []
    if following is not None:
        facts.append(("Next", (f"{following.position}. {following.title}",)))
    facts.append(("Here", (say_forecast(shown.forecast),)))
    blocks.append(Facts(tuple(facts)))
    if notes:
        lines: tuple[Line, ...] = tuple((f"{KINDS[each.kind]} ", _short(each)) for each in notes[-LAST:])
        blocks.append(Listing(lines, title="Noted so far", bullets=False))
    blocks += _in_hand(meeting, current, last, following)
    here = f"at {current.position}. {current.title}" if current else "through its agenda"
    return Card(title=title, blocks=tuple(blocks), summary=f"{name_of(meeting)} is {here}.")


def _short(note: SessionNote) -> str:
    said = f"{note.number}: {note.text}" if note.number else note.text
    return said if len(said) <= 150 else f"{said[:149].rstrip()}…"


def _now_at(shown: Shown, current: AgendaEntry | None, now: datetime.datetime, zone: ZoneInfo) -> list[Block]:
    if current is None:
        return [Text((Bold("The agenda is through."), " End the meeting when there is nothing else."), "good")]
    began = shown.meeting.current_at or now
    ends = began + datetime.timedelta(minutes=current.minutes)
    left = math.ceil((ends - now).total_seconds() / 60)
    until = f"until {ends.astimezone(zone):%H:%M}"
    if left > 0:
        time = Text((f"{say_length(left)} left, {until}.",), "plain")
    else:
        over = f"{say_length(-left)} over its time" if left else "Its time is over"
        time = Text((f"{over}, which was {until}.",), "attention")
    lead = shown.names.get(current.lead_id or 0, "")
    tail = f" — {WANTS[current.wants]}{f', {lead}' if lead else ''}"
    return [Text((Bold(f"{current.position}. {current.title}"), tail)), time]


def _in_hand(
    meeting: Meeting, current: AgendaEntry | None, last: Meeting | None, following: AgendaEntry | None
) -> list[Block]:
    ref = meeting.ref
    on = Button("Next entry", NextEntry(ref, current.ref if current else ""), style="primary")
    row = [on] if current or following else []
    decide = [] if meeting.group_id else [Button("Note a decision", NoteDecision(ref), asks=True)]
    put = [] if meeting.group_id else [Button("Put an agreement", PutAgreement(ref), asks=True)]
    row += [
        *decide,
        Button("Promise an action", PromiseAction(ref), asks=True),
        Button("Take a note", TakeNote(ref), asks=True),
    ]
    more = [
        *put,
        Button("Start a poll", StartPoll(ref), asks=True),
        Button("Park a matter", ParkMatter(ref), asks=True),
    ]
    if current is not None:
        more.append(Button("What this entry is about", ShowEntry(current.ref)))
        if current.kind == "agreement":
            row.insert(1, Button("Ratified or not", Confirm(current.about), asks=True))
        if current.about == MINUTES and last is not None:
            row.insert(1, Button("Approve the minutes", ApproveMinutes(last.ref, at=ref)))
            more.append(Button("Read those minutes", ShowMinutes(last.ref)))
    more += [
        Button("Who is here", RecordPresent(ref), asks=True),
        Button("Declare an interest", DeclareEntryInterest(ref), asks=True),
        Button("Add an entry", AddEntry(ref), asks=True),
        Button("Agenda", ShowAgenda(ref)),
        Button("Who comes", ShowAttendance(ref)),
    ]
    # Its question needs a button: neither tool can ask back behind an entry of a menu.
    end = Button("End the meeting", EndMeeting(ref), confirm="End the meeting, close its polls, and draft its minutes?")
    return [Buttons(tuple(row)), Menu("More", tuple(more)), Buttons((end,))]


def paragraphs(section: MinuteSection) -> list[str]:
    """What a section says, a paragraph each, with its number."""
    return [f"{section.position}.{place}  {line}" for place, line in enumerate(lines_of(section.text), start=1)]


def minutes_card(
    shown: Shown,
    sections: Sequence[MinuteSection],
    corrections: Sequence[MinuteCorrection],
    zone: ZoneInfo,
    page: int = 1,
    say: str = "",
    *,
    may_run: bool = False,
) -> Card:
    """The minutes, a page at a time, and what can be done to them."""
    meeting = shown.meeting
    title = f"Minutes: {name_of(meeting)}"
    if not sections:
        words = "There are no minutes yet. They are drafted when the meeting ends."
        back = Buttons((Button("The meeting", ShowMeeting(meeting.ref)),))
        return Card(title=title, blocks=(Text((words,)), back), summary=words)
    blocks: list[Block] = [Text((say,), "attention")] if say else []
    blocks.append(Text((_state(meeting, zone),), "good" if meeting.record == "approved" else "subtle"))
    parts: list[list[Block]] = [
        [Heading(f"{each.position}. {each.title}"), Prose("\n".join(paragraphs(each)) or "—")] for each in sections
    ]
    parts += _corrections(corrections, shown)
    pages = paged(parts)
    page = min(max(1, page), len(pages))
    heads = {block.text for block in pages[page - 1] if isinstance(block, Heading)}
    here = [each for each in sections if f"{each.position}. {each.title}" in heads]
    blocks += [*pages[page - 1], *turning(page, len(pages), lambda to: ShowMinutes(meeting.ref, to))]
    blocks += _ways(meeting, here, corrections, may_run)
    return Card(title=title, blocks=tuple(blocks), summary=f"{title}. {_state(meeting, zone)}")


def _state(meeting: Meeting, zone: ZoneInfo) -> str:
    day = say_date(meeting.starts_at.astimezone(zone).date())
    match meeting.record:
        case "draft":
            return f"Draft of the minutes of {day}. Only those who run the meeting change them."
        case "circulated":
            return f"Draft minutes of {day}, open to corrections until a later meeting approves them."
    return f"Minutes of {day}, approved."


def _corrections(corrections: Sequence[MinuteCorrection], shown: Shown) -> list[list[Block]]:
    """What was asked for, in lists that are each short enough for a page."""
    marks = {"asked": "○", "made": "✅", "not made": "✖"}
    lists: list[list[Line]] = []
    room = 0
    for each in corrections:
        said = f": {each.text} — {each.state}{f': {each.answer}' if each.answer else ''}"
        room -= len(said)
        if room < 0:
            lists.append([])
            room = A_LIST - len(said)
        lists[-1].append((f"{marks[each.state]} ", Bold(shown.names.get(each.member_id or 0, "Somebody")), said))
    return [[Listing(tuple(lines), title="Corrections", bullets=False)] for lines in lists]


def _ways(
    meeting: Meeting, sections: Sequence[MinuteSection], corrections: Sequence[MinuteCorrection], may_run: bool
) -> list[Block]:
    row = [Button("As a document", MinutesAsFile(meeting.ref)), Button("The meeting", ShowMeeting(meeting.ref))]
    if meeting.record == "circulated":
        row.insert(0, Button("Ask for a correction", AskCorrection(meeting.ref), asks=True))
    blocks: list[Block] = []
    if may_run and meeting.record in ("draft", "circulated"):
        if meeting.record == "draft":
            row.insert(0, Button("Circulate them", Circulate(meeting.ref), style="primary"))
            row.append(Button("Draft them anew", Redraft(meeting.ref)))
            row.append(Button("Who was there", RecordPresent(meeting.ref), asks=True))
        edits = tuple(Button(f"{each.position}. {each.title}", EditSection(each.ref), asks=True) for each in sections)
        if edits:
            blocks.append(Menu("Change a section", edits))
        asked = [each for each in corrections if each.state == "asked"]
        if asked:
            settle = tuple(Button(each.text[:70], SettleCorrection(each.ref), asks=True) for each in asked[:MENU])
            blocks.append(Menu("What came of a correction", settle))
    return [Buttons(tuple(row)), *blocks]
