"""The cards of meetings: one, as it stands in every room, lists, and the way to the calendar."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

from core.cards import Block, Bold, Button, Buttons, Card, Facts, Line, Link, Listing, Menu, Params, Text
from core.lists import Page, turning
from core.meetings.agenda_params import (
    AddEntry,
    Apologise,
    AskPaper,
    Attend,
    DeclareEntryInterest,
    DraftAgenda,
    ForwardPlan,
    ListPapers,
    PublishAgenda,
    SendSubstitute,
    ShowAgenda,
    ShowAttendance,
    WithdrawEntryInterest,
)
from core.meetings.models import AHEAD, Meeting
from core.meetings.naming import MARKS, line_words, name_of, say_length, say_state, say_where
from core.meetings.params import (
    CancelMeeting,
    ListMeetings,
    MoveMeeting,
    PlanMeeting,
    RenewCalendar,
    ShowCalendar,
    ShowMeeting,
)
from core.meetings.queries import Forecast, Shown
from core.meetings.session_params import BeginMeeting, ShowChair, ShowMinutes
from core.times import say_moment
from core.trails import ShowHistory, ShowTrace

ON_CARD = 12
"""Agenda entries that the shared card names; the agenda itself shows all."""


def meeting_card(shown: Shown, zone: ZoneInfo, say: str = "") -> Card:
    """One meeting: when and where, what it deals with, and who comes."""
    meeting = shown.meeting
    blocks: list[Block] = [Text((say,), "attention")] if say else []
    blocks += _standing(meeting)
    blocks.append(Facts(tuple(_facts(shown, zone))))
    blocks += _agenda(shown)
    blocks += _controls(meeting)
    return Card(title=name_of(meeting), blocks=tuple(blocks), summary=_summary(meeting, zone))


def _standing(meeting: Meeting) -> list[Block]:
    match meeting.state:
        case "cancelled":
            return [Text((Bold("Cancelled. "), meeting.cancelled_why), "bad")]
        case "open":
            return [Text((Bold("In session."),), "good")]
        case "ended":
            return [Text((f"{MARKS['ended']} {say_state(meeting).capitalize()}.",))]
        case "published":
            return [Text((f"{MARKS['published']} The agenda is out.",))]
    return []


def _facts(shown: Shown, zone: ZoneInfo) -> list[tuple[str, Line]]:
    meeting, names = shown.meeting, shown.names
    facts: list[tuple[str, Line]] = [
        ("When", (Bold(say_moment(meeting.starts_at, zone)), f", {say_length(meeting.minutes)}")),
        ("Where", (say_where(meeting),)),
    ]
    if meeting.link and meeting.state in (*AHEAD, "open"):
        facts.append(("Online", (Link("Join the meeting", meeting.link),)))
    if meeting.chair_id:
        deputy = f"; deputy {names.get(meeting.deputy_id, '')}" if meeting.deputy_id else ""
        facts.append(("Chair", (f"{names.get(meeting.chair_id, '')}{deputy}",)))
    if shown.group:
        facts.append(("Group", (f"{shown.group}; it advises and takes no decisions for the board",)))
    if meeting.state in AHEAD:
        facts.append(("Papers due", (say_moment(meeting.papers_due_at, zone),)))
    if shown.papers:
        facts.append(("Papers", (f"{shown.papers} in",)))
    if meeting.state != "cancelled":
        facts.append(("Coming", (say_forecast(shown.forecast),)))
    return facts


def say_forecast(forecast: Forecast) -> str:
    """Who comes and whether that will do, in one sentence without its stop."""
    said = f"{forecast.people} {'person' if forecast.people == 1 else 'people'}, {forecast.coming} of "
    said += f"{forecast.partners} partners with a vote"
    if forecast.apologies:
        said += f"; {forecast.apologies} {'sends' if forecast.apologies == 1 else 'send'} apologies"
    if forecast.needed is not None:
        lacking = forecast.needed - forecast.coming
        word = "is" if lacking == 1 else "are"
        met = f"the quorum of {forecast.needed} is there"
        said += f"; {met if lacking <= 0 else f'{lacking} more {word} needed for the quorum of {forecast.needed}'}"
    return said


def _agenda(shown: Shown) -> list[Block]:
    entries = shown.entries
    if not entries or shown.meeting.state == "cancelled":
        return []
    marks = {"done": "✅ ", "current": "▶ ", "parked": "⏸ "}
    lines: tuple[Line, ...] = tuple(
        (f"{marks.get(each.state, '')}{each.position}. ", Bold(each.title)) for each in entries[:ON_CARD]
    )
    title = "Agenda" if shown.meeting.state != "planned" else "Agenda, in draft"
    blocks: list[Block] = [Listing(lines, title=title, bullets=False, more=ShowAgenda(shown.meeting.ref))]
    if len(entries) > ON_CARD:
        blocks.append(Text((f"… and {len(entries) - ON_CARD} more on the agenda.",), "subtle"))
    return blocks


def _controls(meeting: Meeting) -> list[Block]:
    ref = meeting.ref
    look = [
        Button("Agenda", ShowAgenda(ref)),
        Button("Papers", ListPapers(ref)),
        Button("Who comes", ShowAttendance(ref)),
    ]
    trail = [Button("Where it comes from", ShowTrace(ref)), Button("History", ShowHistory(ref))]
    interest = [
        Button("Declare an interest", DeclareEntryInterest(ref), asks=True),
        Button("Withdraw an interest", WithdrawEntryInterest(ref), asks=True),
    ]
    match meeting.state:
        case "cancelled":
            return [Buttons(tuple(look[:2])), Menu("More", tuple(trail))]  # what was prepared can go elsewhere
        case "ended":
            return [Buttons((Button("Minutes", ShowMinutes(ref), style="primary"), *look)), Menu("More", tuple(trail))]
        case "open":
            chair = Button("Chair's card", ShowChair(ref))
            return [Buttons((Button("I am here", Attend(ref)), *look)), Menu("More", (chair, *interest, *trail))]
    coming = [
        Button("I'll come", Attend(ref), style="primary"),
        Button("Apologies", Apologise(ref)),
        Button("Send a substitute", SendSubstitute(ref), asks=True),
    ]
    running = [
        Button("Draft the agenda", DraftAgenda(ref)),
        Button("Add an entry", AddEntry(ref), asks=True),
        Button("Ask for a paper", AskPaper(ref), asks=True),
        Button("Publish the agenda", PublishAgenda(ref)),
        Button("Begin the meeting", BeginMeeting(ref)),
        Button("Move it", MoveMeeting(ref), asks=True),
        Button("Cancel it", CancelMeeting(ref), asks=True),
    ]
    calendar = Button("My calendar", ShowCalendar())
    return [Buttons((*coming, look[0])), Menu("More", (*look[1:], *interest, calendar, *running, *trail))]


def _summary(meeting: Meeting, zone: ZoneInfo) -> str:
    if meeting.state == "cancelled":
        return f"{name_of(meeting)} is cancelled: {meeting.cancelled_why}"
    return f"{name_of(meeting)}, {say_moment(meeting.starts_at, zone)}; {say_state(meeting)}."


def list_card(
    page: Page[Any], title: str, to: Callable[[str], Params], zone: ZoneInfo, *, may_plan: bool, sought: bool = False
) -> Card:
    """One page of meetings, with the way to each. sought: by words or a number, so that others may be there."""
    plan = [Button("Plan a meeting", PlanMeeting(), style="primary", asks=True)] if may_plan else []
    views = [
        Button("Past meetings", ListMeetings("past")),
        Button("Forward plan", ForwardPlan()),
        Button("My calendar", ShowCalendar()),
    ]
    ways = Buttons((*plan, *views))
    if not page.rows:
        words = "There are none. The chair or the coordinator plans one by typing meeting."
        if sought:
            words = "No meeting fits that. Type meetings alone to see those to come, or meetings past."
        return Card(title=title, blocks=(Text((words,)), ways), summary=f"{title}: none.")
    lines: tuple[Line, ...] = tuple(
        (f"{MARKS[each.state]} ", Bold(f"{each.number}. {each.title}"), line_words(each, zone)) for each in page.rows
    )
    blocks: list[Block] = [
        Listing(lines, bullets=False),
        Menu("Open a meeting", tuple(Button(_named(each, zone), ShowMeeting(each.ref)) for each in page.rows)),
        *turning(page, to),
        ways,
    ]
    word = "meeting" if page.total == 1 else "meetings"
    return Card(title=title, blocks=tuple(blocks), summary=f"{title}: {page.total} {word}.")


def _named(meeting: Meeting, zone: ZoneInfo) -> str:
    return f"{meeting.number}. {meeting.title}, {say_moment(meeting.starts_at, zone).split(',')[0]}"


def planned_card(made: list[Meeting], zone: ZoneInfo, rooms: str) -> Card:
    """What was planned, for who planned it."""
    first = made[0]
    if len(made) == 1:
        words = f"It begins {say_moment(first.starts_at, zone)}. {rooms}"
        title = name_of(first)
    else:
        words = f"{len(made)} meetings, from {say_moment(first.starts_at, zone)} on. {rooms}"
        title = f"{first.title}: a series"
    lines: tuple[Line, ...] = tuple((say_moment(each.starts_at, zone),) for each in made[:ON_CARD])
    more: list[Block] = [Listing(lines, more=ListMeetings())] if len(made) > 1 else []
    if len(made) > ON_CARD:
        more.append(Text((f"… and {len(made) - ON_CARD} more.",), "subtle"))
    ways = Buttons((Button("Draft the agenda", DraftAgenda(first.ref)), Button("Open it", ShowMeeting(first.ref))))
    return Card(title=title, blocks=(Text((words,)), *more, ways), summary=words)


def calendar_card(address: str) -> Card:
    """One's own address of the calendar, and how it is used."""
    words = (
        "Subscribe to this address in your calendar, and all meetings of the board stand there, moved and cancelled "
        "ones too. It is yours alone: whoever has it sees when the board meets."
    )
    renew = Button(
        "Make another address", RenewCalendar(), confirm="The address that you have now will stop working. Go on?"
    )
    blocks = (Text((words,)), Text((Bold(address),)), Buttons((renew,)))
    return Card(title="My calendar", blocks=blocks, summary=words)
