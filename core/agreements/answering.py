"""Handlers: what a partner can do while voting is open."""

from collections.abc import Mapping
from typing import Any

from core.agreements import queries, voting
from core.agreements.cards import label_of
from core.agreements.params import (
    Answer,
    Cast,
    DeclareInterest,
    TakeBack,
    WithdrawInterest,
)
from core.agreements.rules import OBJECTIONS, POSITIONS, Position, Rule
from core.agreements.views import ShowAgreement
from core.cards import Option
from core.commands import Context
from core.errors import Incomplete
from core.requests import Replace, Reply


async def _stand(context: Context, ref: str, position: str, reason: str) -> Reply:
    me = context.me
    agreement = await queries.find(context.session, me.board, ref, to_change=True)
    agreement.check_takes_stances(context.now)
    if position in OBJECTIONS and position in POSITIONS[Rule(agreement.rule)] and not reason:
        await voting.voter_for(context.session, agreement, me)
        raise Incomplete({"reason": "" if context.source == "button" else f"Please say why you {position}."})
    done = await voting.cast(context.session, agreement, me, position, reason, context.now)
    word = label_of(Position(position))
    if done.counts:
        note = f"Recorded for {done.elector.name}: {word}. Receipt {done.stance.receipt}."
    else:
        note = (
            f"Your answer ({word}) is on record, but {done.elector.said_by} answered as representative of "
            f"{done.elector.name}, and that stands. Receipt {done.stance.receipt}."
        )
    return Replace(ShowAgreement(agreement.ref), me.board, note)


async def cast(context: Context, params: Cast) -> Reply:
    """A click on a stance."""
    return await _stand(context, params.agreement, params.position, params.reason)


async def answer(context: Context, params: Answer) -> Reply:
    """A stance from a form, with its reason."""
    return await _stand(context, params.agreement, params.position, params.reason)


async def answer_choices(context: Context, given: Mapping[str, Any]) -> Mapping[str, tuple[Option, ...]]:
    """The positions of this agreement's rule."""
    agreement = await queries.find(context.session, context.me.board, str(given.get("agreement", "")))
    positions = POSITIONS[Rule(agreement.rule)]
    return {"position": tuple(Option(label_of(position), position.value) for position in positions)}


async def take_back(context: Context, params: TakeBack) -> Reply:
    """Leave the question unanswered again."""
    agreement = await queries.find(context.session, context.me.board, params.agreement, to_change=True)
    elector = await voting.take_back(context.session, agreement, context.me, context.now)
    note = f"Taken back: {elector.name} has no answer now."
    return Replace(ShowAgreement(agreement.ref), context.me.board, note)


async def declare_interest(context: Context, params: DeclareInterest) -> Reply:
    """Recuse one's organisation."""
    agreement = await queries.find(context.session, context.me.board, params.agreement, to_change=True)
    elector = await voting.declare_interest(context.session, agreement, context.me, params.nature, context.now)
    note = f"Recorded: {elector.name} has declared an interest and takes no part in this vote."
    return Replace(ShowAgreement(agreement.ref), context.me.board, note)


async def withdraw_interest(context: Context, params: WithdrawInterest) -> Reply:
    """Undo a declaration made in error."""
    agreement = await queries.find(context.session, context.me.board, params.agreement, to_change=True)
    elector = await voting.withdraw_interest(context.session, agreement, context.me, context.now)
    note = f"The declared interest is withdrawn: {elector.name} can answer again."
    return Replace(ShowAgreement(agreement.ref), context.me.board, note)
