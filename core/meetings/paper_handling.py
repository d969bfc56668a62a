"""Handlers: papers, coming or not, and interests in agenda entries."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from core.agreements.proposing import said
from core.cards import Card, Option
from core.commands import Context, Sight
from core.errors import Incomplete, Refused
from core.meetings import agenda, attending, papers, queries
from core.meetings.agenda_handling import for_running
from core.meetings.agenda_models import Paper, PaperReader
from core.meetings.agenda_params import (
    Apologise,
    AskPaper,
    Attend,
    DeclareEntryInterest,
    DropPaper,
    HandIn,
    ListPapers,
    SendSubstitute,
    ShowAttendance,
    ShowPaper,
    WithdrawEntryInterest,
)
from core.meetings.models import Meeting
from core.meetings.paper_cards import attendance_card, paper_card, papers_card
from core.meetings.params import ShowMeeting
from core.partners import queries as partners
from core.requests import Replace, Reply, Whisper
from core.texts import some


async def paper_choices(context: Context, given: Mapping[str, Any]) -> Mapping[str, tuple[Option, ...]]:
    """Members, and the entries of the meeting that the form is about."""
    session, board = context.session, context.me.board
    people = await partners.member_options(session, board)
    meeting = await queries.find(session, board, str(given.get("meeting", "")))
    entries = tuple(
        Option(f"{each.position}. {each.title}"[:150], each.ref) for each in await queries.entries(session, meeting)
    )
    return {"author": people, "readers": people, "member": people, "entry": entries}


async def ask(context: Context, params: AskPaper) -> Reply:
    """Ask somebody for a paper."""
    me, session = context.me, context.session
    meeting = await for_running(context, params.meeting)
    members = {each.ref: each for each in await partners.members(session, me.board)}
    entries = {each.ref: each for each in await queries.entries(session, meeting)}
    if params.author not in members:
        raise Incomplete({"author": "That person is no longer on this board. Choose somebody else."})
    try:
        paper = await papers.ask(
            session, meeting, me, context.now, title=params.title, author=members[params.author],
            entry=entries.get(params.entry), restricted=params.restricted,
            readers=[members[ref].id for ref in params.readers if ref in members],
        )  # fmt: skip
    except Refused as refusal:
        raise Incomplete(refusal.problems) if refusal.problems else refusal from None
    return said(f"Paper {paper.number}: {paper.title}", f"{members[params.author].name} is asked for it.")


async def _meeting_of(context: Context, paper: Paper) -> Meeting:
    found = await context.session.execute(select(Meeting).where(Meeting.id == paper.meeting_id))
    return found.scalar_one()


async def hand_in_prefill(context: Context, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """What was handed in before, or what is known of its author."""
    me = context.me
    paper = await papers.find(context.session, me, str(given.get("paper", "")))
    names = ("report_of", "summary", "wants", "body", "link", "implications", "recommendations", "contact", "dated")
    found = {name: getattr(paper, name) for name in names}
    return {**found, "report_of": paper.report_of or f"{me.name}, {me.organisation_name}"}


async def hand_in(context: Context, params: HandIn) -> Reply:
    """Hand it in, or change what was."""
    me = context.me
    paper = await papers.find(context.session, me, params.paper, to_change=True)
    meeting = await _meeting_of(context, paper)
    sheet = papers.Sheet(
        report_of=params.report_of,
        dated=params.dated or context.now.astimezone(me.zone).date(),
        summary=params.summary,
        wants=params.wants,
        contact=params.contact,
        implications=params.implications,
        recommendations=params.recommendations,
        body=params.body,
        link=params.link,
    )
    try:
        await papers.hand_in(context.session, paper, meeting, sheet, me, context.now)
    except Refused as refusal:
        raise Incomplete(refusal.problems) if refusal.problems else refusal from None
    return said(f"Paper {paper.number}: {paper.title}", "It is in. Whoever may read it finds it among the papers.")


async def draw_paper(sight: Sight, params: ShowPaper) -> Card | None:
    """The card as it stands; it is sent to nobody but its author."""
    found = await sight.session.execute(
        select(Paper).where(Paper.partnership_id == sight.board, Paper.ref == params.paper)
    )
    paper = found.scalar_one_or_none()
    if paper is None:
        return None
    meetings = await sight.session.execute(select(Meeting).where(Meeting.id == paper.meeting_id))
    names = await queries.names_of(sight.session, sight.board)
    readers = await sight.session.execute(
        select(PaperReader.member_id).where(PaperReader.partnership_id == sight.board, PaperReader.paper_id == paper.id)
    )
    zone = partners.zone_of((await partners.partnership(sight.session, sight.board)).timezone)
    listed = sorted(names.get(each, "") for each in readers.scalars())
    return paper_card(
        paper, meetings.scalar_one(), names.get(paper.author_id or 0, ""), zone, params.page, params.say,
        readers=some(listed, 8),
    )  # fmt: skip


async def show(context: Context, params: ShowPaper) -> Reply:
    """One paper, for who may see it."""
    await papers.find(context.session, context.me, params.paper)
    card = await draw_paper(context.sight, params)
    if card is None:
        raise Refused(papers.NOT_YOURS)
    return Whisper(card)


async def show_list(context: Context, params: ListPapers) -> Reply:
    """The papers of a meeting."""
    session, me = context.session, context.me
    meeting = await queries.find(session, me.board, params.meeting)
    await queries.check_sees(session, meeting, me)
    found = await papers.of_meeting(session, me, meeting)
    names = await queries.names_of(session, me.board)
    return Whisper(papers_card(found, meeting, names, params.page, may_run=queries.may_run(meeting, me)))


async def drop(context: Context, params: DropPaper) -> Reply:
    """It is not wanted any more."""
    paper = await papers.find(context.session, context.me, params.paper, to_change=True)
    meeting = await _meeting_of(context, paper)
    queries.check_runs(meeting, context.me)
    title = f"Paper {paper.number}: {paper.title}"
    await papers.drop(context.session, paper, meeting, context.me, context.now)
    return said(title, "It is not wanted any more, and its author need not write it.")


async def _reply(context: Context, ref: str, kind: str, note: str, **more: Any) -> Reply:
    me = context.me
    meeting = await queries.find(context.session, me.board, ref)
    await queries.check_sees(context.session, meeting, me)
    try:
        await attending.reply(context.session, meeting, me, kind, context.now, **more)
    except Refused as refusal:
        raise Incomplete(refusal.problems) if refusal.problems else refusal from None
    return Replace(ShowMeeting(meeting.ref), me.board, note)


async def attend(context: Context, params: Attend) -> Reply:
    """One comes."""
    return await _reply(context, params.meeting, "yes", "You are expected. Thank you for saying so.")


async def apologise(context: Context, params: Apologise) -> Reply:
    """One can't come."""
    note = "Your apologies will be in the minutes. You can still send a substitute."
    return await _reply(context, params.meeting, "apologies", note)


async def substitute(context: Context, params: SendSubstitute) -> Reply:
    """Somebody else comes instead."""
    members = {each.ref: each for each in await partners.members(context.session, context.me.board)}
    someone = members.get(params.member)
    told = " and hears of it" if someone else ""
    note = f"{someone.name if someone else params.name} is expected instead of you{told}."
    return await _reply(context, params.meeting, "substitute", note, substitute=someone, name=params.name)


async def show_attendance(context: Context, params: ShowAttendance) -> Reply:
    """Who comes."""
    session, me = context.session, context.me
    meeting = await queries.find(session, me.board, params.meeting)
    await queries.check_sees(session, meeting, me)
    people, heard = await queries.invited(session, meeting), await queries.replies(session, meeting)
    names, forecast = await queries.names_of(session, me.board), await queries.forecast(session, meeting)
    return Whisper(attendance_card(meeting, people, heard, names, forecast, params.page))


async def declare(context: Context, params: DeclareEntryInterest) -> Reply:
    """Declare an interest in an entry."""
    me = context.me
    entry, meeting = await agenda.find_entry(context.session, me.board, params.entry, to_change=True)
    if meeting.ref != params.meeting:
        raise Refused("That entry is on another agenda now. Open the agenda anew.")
    count = await attending.declare(context.session, meeting, entry, me, params.nature, context.now)
    below = f" It takes no part in {count} open {'vote' if count == 1 else 'votes'} below it." if count else ""
    note = f"{me.organisation_name} has declared an interest in entry {entry.position}; it is on record.{below}"
    return Replace(ShowMeeting(meeting.ref), me.board, note)


async def withdraw(context: Context, params: WithdrawEntryInterest) -> Reply:
    """Undo a declaration made in error."""
    me = context.me
    entry, meeting = await agenda.find_entry(context.session, me.board, params.entry, to_change=True)
    try:
        await attending.withdraw(context.session, meeting, entry, me, context.now)
    except Refused as refusal:
        raise Incomplete(refusal.problems) if refusal.problems else refusal from None
    return Replace(ShowMeeting(meeting.ref), me.board, "The declaration is withdrawn, on record.")
