"""Handlers: what can be done to an action by its card's buttons, in either tool."""

from collections.abc import Awaitable, Mapping
from typing import Any, TypeVar

from core.actions import doing, queries
from core.actions.making import Deed
from core.actions.params import (
    AcceptAction,
    AwaitAction,
    BlockAction,
    DeclineAction,
    DropAction,
    FinishAction,
    HandOver,
    MoveAction,
    ReopenAction,
    ReportAction,
    ShowAction,
    StartAction,
    UnblockAction,
)
from core.cards import Option
from core.commands import Context
from core.errors import Incomplete, Refused
from core.partners import queries as partners
from core.requests import Replace, Reply
from core.texts import number_in
from core.times import say_date

T = TypeVar("T")


async def _deed(context: Context, ref: str) -> Deed:
    action = await queries.find(context.session, context.me.board, ref, to_change=True)
    return Deed(context.session, action, context.me, context.now)


async def in_form(doing_it: Awaitable[T]) -> T:
    """Do it; a mistake in one field brings the form back with everything else as it was."""
    try:
        return await doing_it
    except Refused as refusal:
        raise Incomplete(refusal.problems) if refusal.problems else refusal from None


def _now(deed: Deed, note: str) -> Reply:
    return Replace(ShowAction(deed.action.ref), deed.by.board, note)


async def accept(context: Context, params: AcceptAction) -> Reply:
    """Say yes."""
    deed = await _deed(context, params.action)
    await doing.accept(deed)
    return _now(deed, f"Thank you. It is yours, by {say_date(deed.action.due_on)}.")


async def decline(context: Context, params: DeclineAction) -> Reply:
    """Say no, and why."""
    deed = await _deed(context, params.action)
    await doing.decline(deed, params.why)
    return _now(deed, "Understood. Who asked you is told.")


async def hand_over(context: Context, params: HandOver) -> Reply:
    """Ask somebody else."""
    deed = await _deed(context, params.action)
    found = [each for each in await partners.members(context.session, context.me.board) if each.ref == params.to]
    if not found:
        raise Incomplete({"to": "That person is no longer on this board. Choose somebody else."})
    await in_form(doing.hand_over(deed, found[0], params.why))
    if deed.action.owner_id == context.me.member == found[0].id:
        return _now(deed, "It is yours now.")
    return _now(deed, f"{found[0].name} is asked, and it stays where it is until the answer comes.")


async def start(context: Context, params: StartAction) -> Reply:
    """Begin."""
    deed = await _deed(context, params.action)
    await doing.start(deed)
    return _now(deed, "Noted: it has begun.")


async def report(context: Context, params: ReportAction) -> Reply:
    """How it goes."""
    deed = await _deed(context, params.action)
    await doing.report(deed, params.note)
    return _now(deed, "Noted. Everyone can read it on the card.")


async def block(context: Context, params: BlockAction) -> Reply:
    """What it waits for."""
    deed = await _deed(context, params.action)
    known = {each.ref: each for each in await partners.organisations(context.session, context.me.board)}
    whom = known.get(params.by)
    await doing.block(deed, params.why, whom.id if whom else None)
    return _now(deed, f"Noted, and {whom.name} is told." if whom else "Noted on the card.")


async def unblock(context: Context, params: UnblockAction) -> Reply:
    """It can go on."""
    deed = await _deed(context, params.action)
    await doing.unblock(deed)
    return _now(deed, "Good. It is in progress again.")


async def finish(context: Context, params: FinishAction) -> Reply:
    """It is done."""
    deed = await _deed(context, params.action)
    following = await doing.finish(deed, params.outcome)
    again = f" The next one is action {following.number}, due {say_date(following.due_on)}." if following else ""
    return _now(deed, f"Well done; a promise kept.{again}")


async def drop(context: Context, params: DropAction) -> Reply:
    """Give it up."""
    deed = await _deed(context, params.action)
    await doing.drop(deed, params.why)
    return _now(deed, "Dropped, with your reason on record.")


async def reopen(context: Context, params: ReopenAction) -> Reply:
    """Take it up again."""
    deed = await _deed(context, params.action)
    if params.due is None:
        raise Incomplete({"due": ""})
    await doing.reopen(deed, params.due, params.why)
    return _now(deed, f"Open again, due {say_date(params.due)}.")


async def move(context: Context, params: MoveAction) -> Reply:
    """Another date."""
    deed = await _deed(context, params.action)
    if params.due is None:
        raise Incomplete({"due": ""})
    await in_form(doing.move(deed, params.due, params.why))
    return _now(deed, f"It is due on {say_date(params.due)} now. The first date stays on its card.")


async def wait_for(context: Context, params: AwaitAction) -> Reply:
    """Another one comes first."""
    deed = await _deed(context, params.action)
    number = number_in(params.other.strip().removeprefix("Action"))
    other = await queries.by_number(context.session, context.me.board, number or 0)
    if other is None:
        raise Incomplete({"other": "There is no action with that number. Type actions all to see them."})
    await in_form(doing.wait_for(deed, other))
    return _now(deed, f"It waits for action {other.number} now, and its owner hears when that is done.")


async def member_choices(context: Context, _given: Mapping[str, Any]) -> Mapping[str, tuple[Option, ...]]:
    """Who can be asked."""
    return {"to": await partners.member_options(context.session, context.me.board)}


async def organisation_choices(context: Context, _given: Mapping[str, Any]) -> Mapping[str, tuple[Option, ...]]:
    """Whom it can wait for."""
    return {"by": await partners.organisation_options(context.session, context.me.board)}
