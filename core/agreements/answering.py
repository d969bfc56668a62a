"""Handlers: what a partner can do while voting is open."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from core.agreements import queries, voting
from core.agreements.cards import label_of
from core.agreements.casting import Ballot, Taken, cast_all
from core.agreements.params import (
    Answer,
    Cast,
    DeclareInterest,
    TakeBack,
    WithdrawInterest,
)
from core.agreements.rules import POSITIONS, Position, Rule
from core.agreements.views import ShowAgreement
from core.cards import Option
from core.commands import Context
from core.errors import Refused
from core.requests import Replace, Reply


def _ballot(context: Context, params: Cast | Answer) -> Ballot:
    why = "" if context.source == "button" else f"Please say why you {params.position}."
    return Ballot(context.me, params.agreement, params.position, params.reason, context.now, why)


def _recorded(board: int, ballot: Ballot, taken: Taken) -> Reply:
    word = label_of(Position(ballot.position))
    if taken.counts:
        note = f"Recorded for {taken.voter}: {word}. Receipt {taken.receipt}."
    else:
        note = (
            f"Your answer ({word}) is on record, but {taken.said_by} answered as representative of "
            f"{taken.voter}, and that stands. Receipt {taken.receipt}."
        )
    return Replace(ShowAgreement(ballot.agreement), board, note)


async def cast_together(session: AsyncSession, asked: Sequence[tuple[Context, Cast]]) -> list[Reply | Refused]:
    """Clicks on stances that came at the same time, each with its own answer or refusal."""
    ballots = [_ballot(context, params) for context, params in asked]
    return [
        taken if isinstance(taken, Refused) else _recorded(ballot.person.board, ballot, taken)
        for ballot, taken in zip(ballots, await cast_all(session, ballots), strict=True)
    ]


async def cast(context: Context, params: Cast) -> Reply:
    """A click on a stance."""
    return await _one(context, params)


async def answer(context: Context, params: Answer) -> Reply:
    """A stance from a form, with its reason."""
    return await _one(context, params)


async def _one(context: Context, params: Cast | Answer) -> Reply:
    ballot = _ballot(context, params)
    (taken,) = await cast_all(context.session, [ballot])
    if isinstance(taken, Refused):
        raise taken
    return _recorded(context.me.board, ballot, taken)


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
