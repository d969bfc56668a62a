"""What people can ask of reminders: how they are reminded themselves, and when the board's digest goes out."""

import datetime
from collections.abc import Mapping
from typing import Any

from core.cards import Card, Text
from core.commands import EVERYONE, STEERING, Command, Context, View
from core.errors import Incomplete, Refused
from core.partners.zones import parse_zone
from core.reminders import actions, queries, seeing
from core.reminders.actions import Wish
from core.reminders.cards import mine_card, say_rhythm
from core.reminders.models import Preference, clock_time
from core.reminders.params import ChangeReminders, MyReminders, SetDigest
from core.reminders.reading import parse_clock, parse_pause, parse_quiet, say_quiet
from core.reminders.views import ShowDigest, ShowReminder
from core.requests import Reply, Whisper

DEFAULT_QUIET = (18 * 60, 8 * 60)


async def mine(context: Context, params: MyReminders) -> Reply:
    """Show how this member is reminded, after keeping what was asked for."""
    if not (params.quiet or params.digest or params.pause or params.zone):
        return await _show(context)
    wish = Wish(
        quiet=parse_quiet(params.quiet) if params.quiet else None,
        digest=params.digest or None,
        zone=parse_zone(params.zone) if params.zone else None,
        pauses=bool(params.pause),
        paused_until=_pause(context, params.pause) if params.pause else None,
    )
    await actions.prefer(context.session, context.me, wish)
    return await _show(context, "Saved.")


async def change(context: Context, params: ChangeReminders) -> Reply:
    """Keep everything as the form says it."""
    wish = Wish(
        quiet=parse_quiet(params.quiet) if params.quiet else DEFAULT_QUIET,
        digest=params.digest,
        zone=parse_zone(params.zone) if params.zone else context.me.zone,
        pauses=True,
        paused_until=_pause(context, params.pause) if params.pause else None,
    )
    await actions.prefer(context.session, context.me, wish)
    return await _show(context, "Saved.")


def _pause(context: Context, text: str) -> datetime.datetime | None:
    try:
        return parse_pause(text, context.me.zone, context.now)
    except Refused as refusal:
        raise Incomplete({"pause": refusal.sentence}) from None


async def change_prefill(context: Context, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """What holds now."""
    ways = await queries.ways(context.session, context.me.board)
    now_kept = ways.of(context.me.member)
    filled = {"digest": now_kept.digest, "quiet": say_quiet(now_kept.quiet_from, now_kept.quiet_to)}
    return filled | {"pause": _paused(now_kept, context), "zone": now_kept.zone}


def _paused(preference: Preference, context: Context) -> str:
    if not preference.is_away(context.now) or preference.paused_until is None:
        return ""
    wall = preference.paused_until.astimezone(context.me.zone)
    return f"{wall:%Y-%m-%d %H:%M}"


async def _show(context: Context, note: str = "") -> Reply:
    ways = await queries.ways(context.session, context.me.board)
    person = queries.by_own_clock(context.me, ways)
    planned = []
    for occurrence in await queries.planned(context.session, person, context.now):
        entry = await queries.entry_of(context.sight, person, occurrence)
        if entry is not None:
            planned.append((occurrence.due_at, entry))
    return Whisper(mine_card(ways.of(person.member), planned, person.zone, context.now, note))


async def set_digest(context: Context, params: SetDigest) -> Reply:
    """Keep when the board's digest goes out."""
    weekday = None if params.day == "off" else int(params.day)
    minute = parse_clock(params.time) if params.time else None
    rhythm = await actions.set_rhythm(context.session, context.me.board, weekday, minute, context.now)
    words = say_rhythm(rhythm)
    return Whisper(Card(title="Weekly digest", blocks=(Text((words,)),), summary=words))


async def digest_prefill(context: Context, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """The rhythm as it is."""
    rhythm = (await queries.ways(context.session, context.me.board)).rhythm
    day = "off" if rhythm.weekday is None else str(rhythm.weekday)
    return {"day": day, "time": f"{clock_time(rhythm.minute):%H:%M}"}


VIEWS: tuple[View[Any], ...] = (
    View(params=ShowReminder, draw=seeing.draw_reminder, draw_all=seeing.draw_reminders),
    View(params=ShowDigest, draw=seeing.draw_digest),
)

COMMANDS: tuple[Command[Any], ...] = (
    Command(
        params=MyReminders,
        handle=mine,
        word="reminders",
        title="Your reminders",
        help="See and change how you are reminded: quiet hours, a daily or weekly digest, a pause.",
        example='reminders quiet:18-08 digest:daily pause:"2 weeks"',
        roles=EVERYONE,
        repeatable=True,
    ),
    Command(
        params=ChangeReminders,
        handle=change,
        title="Change your reminders",
        help="Change how you are reminded.",
        repeatable=True,
        prefill=change_prefill,
        roles=EVERYONE,
    ),
    Command(
        params=SetDigest,
        handle=set_digest,
        word="digest",
        title="Weekly digest",
        help="Set when the board's weekly digest goes out, or switch it off.",
        example="digest Monday time:9:00",
        roles=STEERING,
        opens_form=True,
        repeatable=True,
        prefill=digest_prefill,
    ),
)
