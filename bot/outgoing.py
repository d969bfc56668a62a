"""The outbox in the operator's hands: look at it, send again what was parked, and hold back what waits."""

import datetime
from collections.abc import Sequence

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import Refused
from core.outbox import HELD_BY_HAND, Outgoing, Pause
from core.texts import either, quoted

STATES = ("waiting", "claimed", "parked", "dead", "sent", "moot")
UNFINISHED = STATES[:4]


async def listed(session: AsyncSession, states: Sequence[str], limit: int) -> list[str]:
    """A line for each message in these states, those due first, under how many there are in every state."""
    for state in states:
        if state not in STATES:
            raise Refused(f"{quoted(state)} is no state of a message; choose {either(STATES)}.")
    counted = await session.execute(select(Outgoing.state, func.count()).group_by(Outgoing.state))
    counts = dict(counted.tuples().all())
    rows = await session.execute(
        select(Outgoing)
        .where(Outgoing.state.in_(states or UNFINISHED))
        .order_by(Outgoing.state, Outgoing.due_at, Outgoing.id)
        .limit(limit)
    )
    lines = [", ".join(f"{state} {counts.get(state, 0)}" for state in STATES)]
    pauses = await session.execute(select(Pause).order_by(Pause.since))
    lines += [
        f"paused   {each.since:%Y-%m-%dT%H:%M:%SZ} {each.lane} by the {each.who} {each.reason}".rstrip()
        for each in pauses.scalars()
    ]
    lines += [
        f"{row.state:<8} {row.due_at:%Y-%m-%dT%H:%M:%SZ} attempts {row.attempts} {row.key} {row.error}".rstrip()
        for row in rows.scalars()
    ]
    return lines


async def replay(session: AsyncSession, key: str, now: datetime.datetime) -> int:
    """Send this message again, or with an empty key all that are parked; how many that are. Raises Refused."""
    if not key:
        found = await session.execute(select(Outgoing).where(Outgoing.state == "parked").with_for_update())
        rows = list(found.scalars())
    else:
        row = await _row(session, key)
        if row.state not in ("parked", "dead"):
            raise Refused(f"{quoted(key, 80)} is {row.state}; only what is parked or dead can be sent again.")
        rows = [row]
    for row in rows:
        row.state, row.attempts, row.due_at, row.error, row.lane = "waiting", 0, now, "", ""
        row.owner, row.leased_until = None, None
    await session.flush()
    return len(rows)


async def park(session: AsyncSession, key: str) -> None:
    """Hold this message back until it is replayed. Raises Refused unless it is waiting."""
    row = await _row(session, key)
    if row.state != "waiting":
        raise Refused(f"{quoted(key, 80)} is {row.state}; only what is waiting can be parked.")
    row.state, row.error = "parked", HELD_BY_HAND[0]
    await session.flush()


async def pause(session: AsyncSession, lane: str, now: datetime.datetime) -> bool:
    """Send nothing through this workspace or tenant until told otherwise; whether it was not so already.

    lane: the tool and the workspace's or tenant's id, `slack:T012AB3CD`. Raises Refused for anything else.
    """
    tool, _, workspace = lane.partition(":")
    if tool not in ("slack", "teams") or not workspace or len(lane) > 120:
        raise Refused(f"{quoted(lane, 80)} is no workspace; write slack: or teams: and its id, as in slack:T012AB3CD.")
    known = (await session.execute(select(Pause).where(Pause.lane == lane).with_for_update())).scalar_one_or_none()
    if known is not None:
        already, known.who = known.who == "operator", "operator"
        return not already
    session.add(Pause(lane=lane, reason="", who="operator", since=now, probe_at=now))
    return True


async def resume(session: AsyncSession, lane: str) -> bool:
    """Send through it again, whoever paused it; whether it was paused."""
    gone = await session.execute(delete(Pause).where(Pause.lane == lane).returning(Pause.lane))
    return gone.scalar_one_or_none() is not None


async def _row(session: AsyncSession, key: str) -> Outgoing:
    found = await session.execute(select(Outgoing).where(Outgoing.key == key).with_for_update())
    row = found.scalar_one_or_none()
    if row is None:
        raise Refused(f"There is no message {quoted(key, 80)}; see: folkmoot outbox list")
    return row
