"""The end of an agreement, and what may still happen to it: deciding, confirming, reopening, withdrawing."""

import datetime

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from core.agreements import queries
from core.agreements.models import Agreement, Objection
from core.agreements.opening import announce_card
from core.agreements.outcome import on_record, say_outcome
from core.agreements.rules import Result, Rule, tally, verdict
from core.agreements.views import ShowAgreement, ShowOutcome
from core.commands import Person
from core.errors import Refused
from core.outbox import announce, changed
from core.partners import queries as partners
from core.register.actions import CLOCK, append
from core.themes.actions import agree_themes, unagree_themes


async def close_voting(
    session: AsyncSession,
    agreement: Agreement,
    by: Person | str,
    now: datetime.datetime,
    *,
    why: str = "",
    statement: str = "",
) -> None:
    """Count and conclude; the agreement's row is locked by the caller, so no stance can slip in behind the tally.

    With the rule advice and a quorum, the vote only ends here: the decider is asked. Raises Refused when
    voting is not open.
    """
    if agreement.state != "open":
        raise Refused("Voting on this is not open, so there is nothing to close.")
    # Who closes may have looked at the clock and then waited for the lock while another server took stances:
    # a closing is never dated before what it counts.
    now = max(now, await queries.last_said_at(session, agreement) or now)
    electors = await queries.electors(session, agreement)
    count = tally(agreement.terms(), [elector.standing() for elector in electors])
    result = verdict(agreement.terms(), count)
    if agreement.rule == Rule.ADVICE and (result is not Result.NO_QUORUM or not _asked_for_quorum(agreement)):
        await _await_decision(session, agreement, by, now, why=why, statement=statement)
        return
    await _conclude(session, agreement, result, by, now, why=why, statement=statement)


def _asked_for_quorum(agreement: Agreement) -> bool:
    return bool(
        agreement.quorum_number
        or agreement.quorum_share
        or agreement.required_organisations
        or agreement.required_sectors
    )


async def _await_decision(
    session: AsyncSession, agreement: Agreement, by: Person | str, now: datetime.datetime, *, why: str, statement: str
) -> None:
    agreement.state = "deciding"
    await append(
        session,
        agreement.partnership_id,
        "advice closed",
        subject=agreement.ref,
        title=agreement.title,
        now=now,
        by=by,
        detail={"why": why, "statement": statement},
    )
    await changed(session, *agreement.shown_on())
    if agreement.decider_id is not None:
        await announce(
            session,
            agreement.partnership_id,
            ShowAgreement(agreement.ref),
            key=f"decide:{agreement.ref}:{now.isoformat()}",
            now=now,
            members=(agreement.decider_id,),
            subject=agreement.ref,
        )


async def _conclude(
    session: AsyncSession,
    agreement: Agreement,
    result: Result,
    by: Person | str,
    now: datetime.datetime,
    *,
    why: str = "",
    statement: str = "",
) -> None:
    """Write the outcome: the decision's number, what passes with it, and its announcement."""
    electors = await queries.electors(session, agreement)
    count = tally(agreement.terms(), [elector.standing() for elector in electors])
    await session.execute(
        update(Objection)
        .where(
            Objection.partnership_id == agreement.partnership_id,
            Objection.agreement_id == agreement.id,
            Objection.state == "raised",
        )
        .values(state="stands", settled_at=now)
    )
    agreement.state, agreement.result, agreement.closed_at = "closed", result.value, now
    agreement.statement = statement or say_outcome(agreement, result, count)
    agreement.confirmed = None
    entry = await append(
        session,
        agreement.partnership_id,
        "decision",
        subject=agreement.ref,
        title=agreement.title,
        now=now,
        by=by,
        detail=on_record(agreement, electors, count, why, await queries.references(session, agreement)),
    )
    agreement.decision = entry.number
    if result is Result.PASSED and agreement.effect == "binding":
        keys = await queries.theme_keys(session, agreement)
        await agree_themes(session, agreement.partnership_id, keys, agreement.ref)
    await changed(session, *agreement.shown_on())
    await announce_outcome(session, agreement, now)


async def announce_outcome(session: AsyncSession, agreement: Agreement, now: datetime.datetime) -> None:
    """Tell every room how it ended; on a board without rooms, every member who may vote."""
    board = agreement.partnership_id
    rooms = tuple(room.id for room in await partners.rooms(session, board))
    members = () if rooms else tuple(member.id for member in await partners.members(session, board))
    await announce(
        session,
        board,
        ShowOutcome(agreement.ref, agreement.decision or ""),
        key=f"outcome:{agreement.ref}:{agreement.decision}:{now.isoformat()}",
        now=now,
        rooms=rooms,
        members=members,
        subject=agreement.ref,  # it stays live, so that it can say when the decision was reopened
    )


async def close_if_due(session: AsyncSession, board: int, ref: str, now: datetime.datetime) -> bool:
    """Close an agreement whose deadline has come; False when somebody else was quicker."""
    agreement = await queries.find(session, board, ref, to_change=True)
    if agreement.state != "open" or agreement.closes_at > now:
        return False
    await close_voting(session, agreement, CLOCK, now)
    return True


async def decide(
    session: AsyncSession,
    agreement: Agreement,
    person: Person,
    *,
    passed: bool,
    statement: str,
    now: datetime.datetime,
) -> None:
    """The decider's word, after the advice. Raises Refused for anyone else or at another time."""
    if agreement.rule != Rule.ADVICE or agreement.decider_id != person.member:
        raise Refused("Only the person named to decide can do this.")
    if agreement.state == "open":
        raise Refused("Advice is still coming in. You can decide once voting has closed.")
    if agreement.state != "deciding":
        raise Refused("This has been decided already.")
    result = Result.PASSED if passed else Result.NOT_PASSED
    await _conclude(session, agreement, result, person, now, statement=statement)


async def confirm(
    session: AsyncSession,
    agreement: Agreement,
    person: Person,
    *,
    confirmed: bool,
    note: str,
    now: datetime.datetime,
) -> None:
    """Record that a pass was ratified, or approved by the partner it waited for, or that it was not. Raises Refused."""
    if agreement.state != "closed" or agreement.result != Result.PASSED or agreement.effect == "binding":
        raise Refused("Nothing is waiting to be ratified or approved here.")
    if agreement.confirmed is not None:
        raise Refused("That has been recorded already.")
    agreement.confirmed = confirmed
    word = "ratified" if agreement.effect == "ratify" else "approved"
    await append(
        session,
        agreement.partnership_id,
        word if confirmed else f"not {word}",
        subject=agreement.ref,
        title=agreement.title,
        now=now,
        by=person,
        detail={"decision": agreement.decision, "note": note, "awaited": agreement.effect_detail},
    )
    if confirmed:
        keys = await queries.theme_keys(session, agreement)
        await agree_themes(session, agreement.partnership_id, keys, agreement.ref)
    await changed(session, *agreement.shown_on())
    await announce_outcome(session, agreement, now)


async def reopen(
    session: AsyncSession,
    agreement: Agreement,
    person: Person,
    *,
    why: str,
    closes_at: datetime.datetime,
    now: datetime.datetime,
) -> None:
    """Ask again, on the record: stances stand as they were and may be changed, and what had passed is open again.

    The earlier decision keeps its number; the next closing is a decision with a number of its own. Raises Refused.
    """
    if agreement.state not in ("closed", "deciding"):
        raise Refused("Only an agreement that has closed can be reopened.")
    if closes_at <= now:
        raise Refused("The new closing time has already passed.", field="closes")
    await append(
        session,
        agreement.partnership_id,
        "reopened",
        subject=agreement.ref,
        title=agreement.title,
        now=now,
        by=person,
        detail={"decision": agreement.decision, "why": why, "closes": closes_at.isoformat()},
    )
    await unagree_themes(session, agreement.partnership_id, await queries.theme_keys(session, agreement), agreement.ref)
    for theme, ref in await queries.agreed_elsewhere(session, agreement):
        await agree_themes(session, agreement.partnership_id, [theme], ref)
    await session.execute(
        update(Objection)
        .where(
            Objection.partnership_id == agreement.partnership_id,
            Objection.agreement_id == agreement.id,
            Objection.state == "stands",
        )
        .values(state="raised", settled_at=None)
    )
    agreement.state, agreement.result, agreement.closed_at = "open", None, None
    agreement.closes_at, agreement.statement, agreement.confirmed = closes_at, "", None
    await changed(session, *agreement.shown_on())
    await announce_card(session, agreement, now)


async def withdraw(
    session: AsyncSession, agreement: Agreement, person: Person, why: str, now: datetime.datetime
) -> None:
    """Take a proposal off the table, on the record. Raises Refused once it has closed."""
    if agreement.state not in ("draft", "open", "deciding"):
        raise Refused("This has ended already, so it can't be withdrawn. The chair can reopen it.")
    if agreement.state == "open":
        agreement.check_takes_stances(now)  # what the deadline has decided is not withdrawn behind its back
    agreement.state = "withdrawn"
    await append(
        session,
        agreement.partnership_id,
        "withdrawn",
        subject=agreement.ref,
        title=agreement.title,
        now=now,
        by=person,
        detail={"why": why},
    )
    await changed(session, *agreement.shown_on())
    if agreement.proposer_id is not None and agreement.proposer_id != person.member:
        await announce(
            session,
            agreement.partnership_id,
            ShowOutcome(agreement.ref),
            key=f"withdrawn:{agreement.ref}",
            now=now,
            members=(agreement.proposer_id,),
        )
