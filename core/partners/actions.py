"""Changes to who belongs: running numbers, invitations, joining, connecting a room."""

import datetime
import hashlib
import secrets
from dataclasses import dataclass

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.db import DatabaseTime, insert_or, new_ref
from core.errors import Refused
from core.outbox import HELD_BY_HAND, Outgoing, Posting
from core.partners import queries
from core.partners.models import Counter, Identity, Invitation, Member, Room
from core.requests import Actor, Place

INVITATION_LASTS = datetime.timedelta(days=7)
_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # nothing that looks like something else on a phone


async def next_number(session: AsyncSession, board: int, name: str) -> int:
    """The next running number of this name in this partnership; its row stays locked until the commit."""
    wanted = insert_or(session, Counter).values(partnership_id=board, name=name, value=1)
    bumped = await session.execute(
        wanted.on_conflict_do_update(
            index_elements=["partnership_id", "name"], set_={"value": Counter.value + 1}
        ).returning(Counter.value)
    )
    return bumped.scalar_one()


def _hash(code: str) -> str:
    """Codes are compared without regard to dashes, blanks and case, as people read them out."""
    letters = "".join(letter for letter in code.upper() if letter.isalnum())
    return hashlib.sha256(letters.encode()).hexdigest()


async def invite(session: AsyncSession, member: Member, now: datetime.datetime) -> str:
    """A new code for this member, good once and for seven days; earlier unused ones stop working."""
    await session.execute(
        update(Invitation)
        .where(Invitation.member_id == member.id, Invitation.used_at.is_(None), Invitation.expires_at > now)
        .values(expires_at=now)
    )
    code = "".join(secrets.choice(_LETTERS) for _ in range(10))
    session.add(
        Invitation(
            partnership_id=member.partnership_id,
            member_id=member.id,
            code_hash=_hash(code),
            expires_at=now + INVITATION_LASTS,
            created_at=now,
        )
    )
    return f"{code[:5]}-{code[5:]}"


async def redeem(session: AsyncSession, code: str, actor: Actor, place: Place, now: datetime.datetime) -> Member:
    """Make this account the invited member's. Raises Refused for a code that is wrong, used or too old.

    All three get the same sentence, so that nobody learns which codes exist.
    """
    found = (
        (
            await session.execute(
                select(Invitation, Member)
                .join(Member, Member.id == Invitation.member_id)
                .where(Invitation.code_hash == _hash(code), Member.left_at.is_(None))
                .with_for_update(of=Invitation)
            )
        )
        .tuples()
        .one_or_none()
    )
    if found is None or found[0].used_at is not None or found[0].expires_at <= now:
        raise Refused(
            "That code is not good any more. Ask your coordinator for a new one, then type join and the code."
        )
    invitation, member = found
    for known in await queries.persons_of(session, actor):
        if known.board == member.partnership_id and known.member != member.id:
            raise Refused(
                f"This account already belongs to {known.name}. Use the account of {member.name} for this code."
            )
    invitation.used_at = now
    if not await _has_identity(session, member, actor):
        session.add(
            Identity(
                partnership_id=member.partnership_id,
                member_id=member.id,
                tool=actor.tool,
                workspace=actor.workspace,
                account=actor.user,
                conversation=place.conversation if place.personal else "",
                service_url=place.service_url,
                bot=place.bot,
                seen_at=now,
                created_at=now,
            )
        )
        await session.flush()
    return member


async def _has_identity(session: AsyncSession, member: Member, actor: Actor) -> bool:
    found = await session.execute(
        select(Identity.id).where(
            Identity.partnership_id == member.partnership_id,
            Identity.tool == actor.tool,
            Identity.workspace == actor.workspace,
            Identity.account == actor.user,
        )
    )
    return found.scalar_one_or_none() is not None


async def note_seen(session: AsyncSession, board: int, actor: Actor, place: Place, now: datetime.datetime) -> None:
    """Remember where this person was last met, so that direct messages go there."""
    reach = {"service_url": place.service_url, "bot": place.bot} if place.service_url else {}
    if place.personal:
        reach["conversation"] = place.conversation
    await session.execute(
        update(Identity)
        .where(
            Identity.partnership_id == board,
            Identity.tool == actor.tool,
            Identity.workspace == actor.workspace,
            Identity.account == actor.user,
        )
        .values(seen_at=now, **reach)
    )


@dataclass(frozen=True, slots=True)
class Connected:
    """A room of the board, and whether it has only now become one."""

    room: Room
    connected_now: bool


async def connect_room(session: AsyncSession, board: int, place: Place, now: datetime.datetime) -> Connected:
    """Make this conversation a room of the partnership. Raises Refused when it is another board's."""
    room = await queries.room_at(session, place)
    known = room is not None and room.state == "connected"
    if room is None:
        room = Room(
            partnership_id=board,
            ref=new_ref("room"),
            name=place.name or "this room",
            tool=place.tool,
            workspace=place.workspace,
            conversation=place.conversation,
            created_at=now,
        )
        session.add(room)
    elif room.partnership_id != board:
        raise Refused("This room already belongs to another board. Use a room of its own for each board.")
    if room.state == "lost":
        await _found_again(session, room, now)
    room.service_url, room.bot, room.state = place.service_url or room.service_url, place.bot or room.bot, "connected"
    await session.flush()
    return Connected(room, not known)


async def _found_again(session: AsyncSession, room: Room, now: datetime.datetime) -> None:
    """Send what was parked when the room was lost, and let its cards follow the state again.

    Cards of what is still open are left out: whoever connects a room is shown those anew.
    """
    await session.execute(
        update(Outgoing)
        .where(
            Outgoing.partnership_id == room.partnership_id,
            Outgoing.room_id == room.id,
            Outgoing.state == "parked",
            Outgoing.error.not_in(HELD_BY_HAND),
            Outgoing.subject.is_(None),
        )
        .values(state="waiting", attempts=0, due_at=now, error="")
        .execution_options(synchronize_session=False)
    )
    await session.execute(
        update(Posting)
        .where(
            Posting.partnership_id == room.partnership_id,
            Posting.tool == room.tool,
            Posting.workspace == room.workspace,
            Posting.conversation == room.conversation,
            Posting.state == "gone",
        )
        .values(state="live", attempts=0, edit_at=DatabaseTime())
        .execution_options(synchronize_session=False)
    )


async def choose_board(session: AsyncSession, board: int, actor: Actor, now: datetime.datetime) -> None:
    """Remember which of several boards this account means where nothing else tells."""
    await session.execute(
        update(Identity)
        .where(
            Identity.partnership_id == board,
            Identity.tool == actor.tool,
            Identity.workspace == actor.workspace,
            Identity.account == actor.user,
        )
        .values(chosen_at=now)
    )
