"""Handlers: reading the minutes, writing, circulating, correcting and approving them."""

from collections.abc import Mapping
from typing import Any

from core.agreements.proposing import said
from core.cards import Card
from core.commands import Context, Sight
from core.errors import Incomplete, Refused
from core.meetings import queries as meetings
from core.meetings.agenda import lock_both
from core.meetings.session_params import (
    ApproveMinutes,
    AskCorrection,
    Circulate,
    EditSection,
    Redraft,
    SettleCorrection,
    ShowChair,
    ShowMinutes,
)
from core.minutes import drafting, recording
from core.minutes.cards import minutes_card
from core.minutes.handling import sitting_of
from core.minutes.session import Sitting
from core.partners import queries as partners
from core.requests import Replace, Reply, Whisper


async def _card(sight: Sight, params: ShowMinutes, *, may_run: bool = False) -> Card | None:
    shown = await meetings.shown(sight.session, sight.board, params.meeting)
    if shown is None:
        return None
    sections = await recording.sections(sight.session, shown.meeting)
    asked = await recording.corrections(sight.session, shown.meeting)
    zone = partners.zone_of((await partners.partnership(sight.session, sight.board)).timezone)
    return minutes_card(shown, sections, asked, zone, params.page, params.say, may_run=may_run)


async def draw(sight: Sight, params: ShowMinutes) -> Card | None:
    """The minutes as they stand; a draft is sent to nobody but those who may change it."""
    meeting = await meetings.find(sight.session, sight.board, params.meeting)
    return await _card(sight, params, may_run=meeting.record == "draft")


async def show(context: Context, params: ShowMinutes) -> Reply:
    """The minutes; a draft is for those who run the meeting."""
    me = context.me
    meeting = await meetings.find(context.session, me.board, params.meeting)
    await meetings.check_sees(context.session, meeting, me)
    may_run = meetings.may_run(meeting, me)
    if meeting.record == "draft" and not may_run:
        raise Refused("The minutes are being drafted. You will see them when they go round.")
    card = await _card(context.sight, params, may_run=may_run)
    if card is None:
        raise Refused(meetings.NOT_YOURS)
    return Whisper(card)


async def edit_prefill(context: Context, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the section says."""
    section, _ = await recording.find_section(context.session, context.me.board, str(given.get("section", "")))
    return {"title": section.title, "text": section.text}


async def edit(context: Context, params: EditSection) -> Reply:
    """Write a section anew."""
    section, meeting = await recording.find_section(context.session, context.me.board, params.section)
    meetings.check_runs(meeting, context.me)
    sitting = Sitting(context.session, meeting, context.me, context.now)
    await recording.edit(section, sitting, params.title, params.text)
    return await show(context, ShowMinutes(meeting.ref))


async def redraft(context: Context, params: Redraft) -> Reply:
    """Draft them anew."""
    sitting = await sitting_of(context, params.meeting)
    if sitting.meeting.record != "draft":
        raise Refused("Only a draft that does not go round yet is drafted anew. Change its sections instead.")
    await drafting.draft(context.session, sitting.meeting)
    return await show(context, ShowMinutes(params.meeting))


async def circulate(context: Context, params: Circulate) -> Reply:
    """They go round."""
    sitting = await sitting_of(context, params.meeting)
    await recording.circulate(sitting)
    note = "The minutes go round. Everyone can ask for corrections, and you hear of each."
    return Replace(ShowMinutes(params.meeting), context.me.board, note)


async def ask_correction(context: Context, params: AskCorrection) -> Reply:
    """Ask for a correction."""
    me = context.me
    meeting = await meetings.find(context.session, me.board, params.meeting, to_change=True)
    await meetings.check_sees(context.session, meeting, me)
    await recording.ask_correction(Sitting(context.session, meeting, me, context.now), params.text)
    note = "Thank you. It is asked for, and you hear what comes of it."
    return Replace(ShowMinutes(meeting.ref), me.board, note)


async def settle(context: Context, params: SettleCorrection) -> Reply:
    """What came of a correction."""
    correction, meeting = await recording.find_correction(context.session, context.me.board, params.correction)
    meetings.check_runs(meeting, context.me)
    sitting = Sitting(context.session, meeting, context.me, context.now)
    try:
        await recording.settle(sitting, correction, params.made, params.answer)
    except Refused as refusal:
        raise Incomplete(refusal.problems) if refusal.problems else refusal from None
    return said("Correction", f"It is {params.made}, on record; who asked for it is told.")


async def approve(context: Context, params: ApproveMinutes) -> Reply:
    """The meeting that is in session approves the minutes of an earlier one."""
    session, me = context.session, context.me
    if params.at:
        await lock_both(session, me.board, params.meeting, params.at)
    meeting = await meetings.find(session, me.board, params.meeting, to_change=True)
    at = (
        await meetings.find(session, me.board, params.at, to_change=True)
        if params.at
        else await recording.open_meeting(session, me, meeting, context.now)
    )
    if at is None:
        raise Refused("Minutes are approved at the next meeting. Begin that one first.")
    meetings.check_runs(at, me)
    await recording.approve(Sitting(session, meeting, me, context.now), at)
    return Replace(ShowChair(at.ref), me.board, f"The minutes of meeting {meeting.number} are approved.")
