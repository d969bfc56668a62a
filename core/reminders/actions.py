"""Changing how people and boards want to be reminded."""

import datetime
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.commands import Person
from core.outbox import Outgoing
from core.reminders.models import Digest, Preference, Rhythm
from core.reminders.queries import default_preference, default_rhythm
from core.reminders.views import ShowDigest, digest_key


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a member asks for; None leaves it as it is."""

    quiet: tuple[int, int] | None = None
    digest: str | None = None
    zone: ZoneInfo | None = None
    pauses: bool = False
    paused_until: datetime.datetime | None = None  # with `pauses`: until then, or None to end a pause


async def prefer(session: AsyncSession, person: Person, wish: Wish) -> Preference:
    """Keep what this member asks for."""
    found = await session.execute(
        select(Preference).where(Preference.member_id == person.member, Preference.partnership_id == person.board)
    )
    preference = found.scalar_one_or_none()
    if preference is None:
        preference = default_preference(person.board, person.member)
        session.add(preference)
    if wish.quiet is not None:
        preference.quiet_from, preference.quiet_to = wish.quiet
    if wish.digest is not None:
        preference.digest = wish.digest
    if wish.zone is not None:
        # The board's own zone is not kept, so that the member moves along if the board's is put right.
        preference.zone = "" if wish.zone == person.zone else wish.zone.key
    if wish.pauses:
        preference.paused_until = wish.paused_until
    await session.flush()
    return preference


async def set_rhythm(
    session: AsyncSession, board: int, weekday: int | None, minute: int | None, now: datetime.datetime
) -> Rhythm:
    """Keep when the board's digest goes out; one that is planned by the old rhythm is planned anew."""
    rhythm = (await session.execute(select(Rhythm).where(Rhythm.partnership_id == board))).scalar_one_or_none()
    if rhythm is None:
        rhythm = default_rhythm(board)
        session.add(rhythm)
    rhythm.weekday = weekday
    rhythm.minute = rhythm.minute if minute is None else minute
    await session.flush()
    upcoming = await session.execute(
        select(Digest).where(Digest.partnership_id == board, Digest.due_at > now).with_for_update()
    )
    for digest in upcoming.scalars():
        await session.execute(
            delete(Outgoing).where(
                Outgoing.partnership_id == board,
                Outgoing.view == ShowDigest.command,
                Outgoing.key.startswith(f"{digest_key(board, digest.day)}:"),
                Outgoing.state == "waiting",
            )
        )
        await session.delete(digest)
    await session.flush()
    return rhythm
