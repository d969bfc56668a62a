"""Handlers: what the chair, the coordinator, the proposer and the decider can do."""

import datetime
from collections.abc import Mapping
from typing import Any

from core.agreements import closing, queries, voting
from core.agreements.cards import units
from core.agreements.models import Agreement
from core.agreements.params import (
    Amend,
    Close,
    Confirm,
    Decide,
    Extend,
    Reopen,
    Withdraw,
)
from core.agreements.views import ShowAgreement
from core.commands import STEERING, Context
from core.errors import Refused
from core.requests import Replace, Reply
from core.times import say_moment


def _check_steers(context: Context, agreement: Agreement, what: str) -> None:
    """The chair, the coordinator, or who proposed it."""
    if context.me.role not in STEERING and agreement.proposer_id != context.me.member:
        raise Refused(f"Only the chair, the coordinator or who proposed it can {what}.")


async def amend(context: Context, params: Amend) -> Reply:
    """Put an amended text and ask everyone anew."""
    agreement = await queries.find(context.session, context.me.board, params.agreement, to_change=True)
    _check_steers(context, agreement, "amend the text")
    addressed = await voting.amend(
        context.session,
        agreement,
        context.me,
        text=params.text,
        why=params.why,
        closes_at=params.closes,
        now=context.now,
    )
    note = f"The amended text is out, and everyone is asked again. It addresses {units(addressed, 'objection')}."
    return Replace(ShowAgreement(agreement.ref), context.me.board, note)


async def amend_prefill(context: Context, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """The text as it stands, to be amended."""
    agreement = await queries.find(context.session, context.me.board, str(given.get("agreement", "")))
    return {"text": agreement.text}


async def extend(context: Context, params: Extend) -> Reply:
    """Move the deadline."""
    agreement = await queries.find(context.session, context.me.board, params.agreement, to_change=True)
    _check_steers(context, agreement, "move the deadline")
    await voting.extend(context.session, agreement, context.me, params.closes, params.why, context.now)
    note = f"It now closes on {say_moment(params.closes, context.me.zone)}."
    return Replace(ShowAgreement(agreement.ref), context.me.board, note)


async def extend_prefill(context: Context, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """A week more, from the deadline or from now."""
    agreement = await queries.find(context.session, context.me.board, str(given.get("agreement", "")))
    later = max(agreement.closes_at, context.now) + datetime.timedelta(days=7)
    return {"closes": later.isoformat()}


async def close(context: Context, params: Close) -> Reply:
    """Close before the deadline, on the record."""
    agreement = await queries.find(context.session, context.me.board, params.agreement, to_change=True)
    await closing.close_voting(
        context.session, agreement, context.me, context.now, why=params.why, statement=params.statement
    )
    note = f"Closed: {agreement.decision}." if agreement.state == "closed" else "Closed; the decision is now awaited."
    return Replace(ShowAgreement(agreement.ref), context.me.board, note)


async def reopen(context: Context, params: Reopen) -> Reply:
    """Ask again, on the record."""
    agreement = await queries.find(context.session, context.me.board, params.agreement, to_change=True)
    await closing.reopen(
        context.session, agreement, context.me, why=params.why, closes_at=params.closes, now=context.now
    )
    note = f"Reopened until {say_moment(params.closes, context.me.zone)}."
    return Replace(ShowAgreement(agreement.ref), context.me.board, note)


async def withdraw(context: Context, params: Withdraw) -> Reply:
    """Take a proposal off the table."""
    agreement = await queries.find(context.session, context.me.board, params.agreement, to_change=True)
    _check_steers(context, agreement, "withdraw it")
    await closing.withdraw(context.session, agreement, context.me, params.why, context.now)
    return Replace(ShowAgreement(agreement.ref), context.me.board, "The proposal is withdrawn.")


async def decide(context: Context, params: Decide) -> Reply:
    """The decider's word."""
    agreement = await queries.find(context.session, context.me.board, params.agreement, to_change=True)
    await closing.decide(
        context.session,
        agreement,
        context.me,
        passed=params.decision == "yes",
        statement=params.statement,
        now=context.now,
    )
    return Replace(ShowAgreement(agreement.ref), context.me.board, f"Decided: {agreement.decision}.")


async def confirm(context: Context, params: Confirm) -> Reply:
    """Record a ratification or an approval, or that it was refused."""
    agreement = await queries.find(context.session, context.me.board, params.agreement, to_change=True)
    confirmed = params.confirmed == "yes"
    await closing.confirm(
        context.session, agreement, context.me, confirmed=confirmed, note=params.note, now=context.now
    )
    note = "Recorded: it is confirmed." if confirmed else "Recorded: it was not confirmed."
    return Replace(ShowAgreement(agreement.ref), context.me.board, note)
