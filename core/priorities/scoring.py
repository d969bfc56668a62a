"""Scoring by the board's weighted criteria: each one's own until all have scored, or the chair ends it."""

import datetime
from collections.abc import Mapping, Sequence

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from core.commands import STEERING, VOICES, Person
from core.errors import Refused
from core.outbox import changed
from core.priorities import queries
from core.priorities.models import Priority, PriorityScore
from core.register.actions import append


def worth(points: Mapping[str, float], criteria: Sequence[tuple[str, float]]) -> float | None:
    """One member's points as a weighted average of 0 to 5; None where none of them is by these criteria."""
    said = [(points[name], weight) for name, weight in criteria if name in points and weight > 0]
    total = sum(weight for _, weight in said)
    return sum(value * weight for value, weight in said) / total if total else None


def average(scores: Sequence[tuple[int, float]]) -> float | None:
    """The average over organisations (key and worth of each score); of several members of one, theirs first.

    So that a partner with many members weighs no more than one with a single representative.
    """
    by_partner: dict[int, list[float]] = {}
    for organisation, value in scores:
        by_partner.setdefault(organisation, []).append(value)
    means = [sum(values) / len(values) for values in by_partner.values()]
    return round(sum(means) / len(means), 4) if means else None


def check_scorer(priority: Priority, person: Person) -> None:
    """Refuse who has no voice, and what is not open to scoring."""
    if person.role not in VOICES or not person.votes:
        raise Refused("Only those who speak for a voting organisation score priorities.")
    if priority.stage != "proposed":
        raise Refused(f"This priority is at {priority.stage}; only proposed ones are scored.")
    if not priority.scoring:
        raise Refused("Scoring has ended here. The chair can open it again.")


async def score(
    session: AsyncSession, priority: Priority, by: Person, points: Mapping[str, int], now: datetime.datetime
) -> bool:
    """Keep what this member says, in place of what he or she said before; whether all have scored by now."""
    check_scorer(priority, by)
    await session.execute(
        delete(PriorityScore).where(
            PriorityScore.partnership_id == by.board,
            PriorityScore.priority_id == priority.id,
            PriorityScore.member_id == by.member,
        )
    )
    session.add(
        PriorityScore(
            partnership_id=by.board,
            priority_id=priority.id,
            member_id=by.member,
            organisation_id=by.organisation,
            points=dict(points),
            at=now,
        )
    )
    await session.flush()
    have = {each.organisation_id for each in await queries.scores(session, priority)}
    if not set(await queries.scorers(session, by.board)) <= have:
        await changed(session, priority.ref)
        return False
    await _settle(session, priority, by, now, "all organisations have scored")
    return True


async def end_scoring(session: AsyncSession, priority: Priority, by: Person, now: datetime.datetime) -> None:
    """Let the scores be seen before all have scored."""
    if by.role not in STEERING:
        raise Refused("Only the chair or the coordinator can end the scoring.")
    if not priority.scoring:
        raise Refused("Scoring has ended already.")
    if not await queries.scores(session, priority):
        raise Refused("Nobody has scored it yet, so there is nothing to be seen.")
    await _settle(session, priority, by, now, "ended by the chair or the coordinator")


async def open_scoring(session: AsyncSession, priority: Priority, by: Person, now: datetime.datetime) -> None:
    """Let it be scored again; what was said before holds until it is said anew."""
    if by.role not in STEERING:
        raise Refused("Only the chair or the coordinator can open the scoring again.")
    if priority.stage != "proposed":
        raise Refused(f"This priority is at {priority.stage}; only proposed ones are scored.")
    if priority.scoring:
        raise Refused("It can be scored already.")
    priority.score, priority.scoring = None, True
    await _record(session, priority, by, now, "scoring opened again", "")


async def _settle(session: AsyncSession, priority: Priority, by: Person, now: datetime.datetime, why: str) -> None:
    criteria = await queries.criteria(session, priority.partnership_id)
    said = [(each.organisation_id, worth(each.points, criteria)) for each in await queries.scores(session, priority)]
    priority.scoring = False
    await session.flush()
    priority.score = average([(organisation, value) for organisation, value in said if value is not None])
    value = f"{priority.score:.1f} of 5" if priority.score is not None else "no score"
    await _record(session, priority, by, now, "scoring ended", f"{value}; {why}")


async def _record(
    session: AsyncSession, priority: Priority, by: Person, now: datetime.datetime, kind: str, note: str
) -> None:
    await session.flush()
    await append(
        session, priority.partnership_id, kind, subject=priority.ref, title=priority.title, now=now, by=by,
        detail={"note": note},
    )  # fmt: skip
    await changed(session, priority.ref)
