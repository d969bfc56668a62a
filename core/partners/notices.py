"""Telling those who steer a board that something of theirs cannot be reached: a room, a person, a workspace."""

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.cards import Bold, Card, Params, Text
from core.commands import Role, Sight, View, param
from core.outbox import Announcement, Outgoing, Posting, announce, announce_once
from core.partners import queries
from core.partners.models import Identity, Member, Room

_TOOLS = {"slack": "Slack", "teams": "Microsoft Teams"}
_HELP = {
    "slack": "Invite Folkmoot to the channel again, or choose another channel; then type join there.",
    "teams": "Add Folkmoot to the team again, or choose another channel; then type join there.",
}


@dataclass(frozen=True)
class RoomLost(Params):
    """A room takes no cards any more."""

    command: ClassVar[str] = "partners.room_lost"
    room: str = param("ref", "Room")
    reason: str = param("line", "Reason", default="", hidden=True)


@dataclass(frozen=True)
class Unreached(Params):
    """A member cannot be written to."""

    command: ClassVar[str] = "partners.unreached"
    member: str = param("ref", "Member")
    reason: str = param("line", "Reason", default="", hidden=True)


@dataclass(frozen=True)
class ShutOut(Params):
    """A whole workspace or tenant has shut Folkmoot out."""

    command: ClassVar[str] = "partners.shut_out"
    tool: str = param("line", "Tool", hidden=True)
    reason: str = param("line", "Reason", default="", hidden=True)


async def draw_room_lost(sight: Sight, view: RoomLost) -> Card | None:
    """What is lost and how to get it back; nothing once it is connected again."""
    found = await sight.session.execute(
        select(Room).where(Room.partnership_id == sight.board, Room.ref == view.room, Room.state == "lost")
    )
    room = found.scalar_one_or_none()
    if room is None:
        return None
    return room_lost_card(room.name, room.tool, view.reason)


async def draw_unreached(sight: Sight, view: Unreached) -> Card | None:
    """Who it is, and what helps; nothing once the person has left."""
    found = await sight.session.execute(
        select(Member.name).where(
            Member.partnership_id == sight.board, Member.ref == view.member, Member.left_at.is_(None)
        )
    )
    name = found.scalar_one_or_none()
    if name is None:
        return None
    return unreached_card(name, view.reason)


async def draw_shut_out(sight: Sight, view: ShutOut) -> Card | None:
    """Which tool, and that nothing is lost."""
    return shut_out_card(view.tool, view.reason)


def room_lost_card(name: str, tool: str, reason: str) -> Card:
    """Which room is lost, and how to get it back."""
    words = f"{name} in {_TOOLS[tool]} takes no cards any more, so the board's cards for it wait."
    return _card("A room can't be reached", words, _HELP[tool], reason)


def unreached_card(name: str, reason: str) -> Card:
    """Who cannot be written to."""
    help_ = "Folkmoot must be installed for that person, and the account be active. A new code lets them join anew."
    return _card("A member can't be reached", f"Folkmoot can't write to {name}.", help_, reason)


def shut_out_card(tool: str, reason: str) -> Card:
    """Which tool has shut us out, and that nothing is lost."""
    named = _TOOLS.get(tool, "A chat tool")
    words = f"{named} has shut Folkmoot out, so nothing is sent there for now. It waits until it works again."
    return _card(f"{named} can't be reached", words, "Ask whoever runs Folkmoot to renew its access.", reason)


def _card(title: str, words: str, help_: str, reason: str) -> Card:
    said = (Text((f"What was said: {reason}.",)),) if reason else ()
    return Card(title=title, blocks=(Text((Bold(words),)), Text((help_,)), *said), summary=words)


VIEWS: tuple[View[Any], ...] = (
    View(params=RoomLost, draw=draw_room_lost),
    View(params=Unreached, draw=draw_unreached),
    View(params=ShutOut, draw=draw_shut_out),
)


async def lose_room(session: AsyncSession, room: int, reason: str, now: datetime.datetime, occasion: str) -> None:
    """Send this room nothing more until somebody types join there, and tell the coordinator once."""
    lost = await session.execute(
        update(Room)
        .where(Room.id == room, Room.state == "connected")
        .values(state="lost")
        .returning(Room.partnership_id, Room.ref)
        .execution_options(synchronize_session=False)
    )
    for board, ref in lost.tuples():
        view = RoomLost(ref, reason)
        told = await _steering(session, board)
        await announce(session, board, view, key=f"lost:{room}:{occasion}", now=now, members=told)


async def lose_room_at(
    session: AsyncSession, posting: Posting, reason: str, now: datetime.datetime, occasion: str
) -> None:
    """The same for the room in which this card stands, if it is one."""
    found = await session.execute(
        select(Room.id).where(
            Room.partnership_id == posting.partnership_id,
            Room.tool == posting.tool,
            Room.workspace == posting.workspace,
            Room.conversation == posting.conversation,
        )
    )
    for room in found.scalars():
        await lose_room(session, room, reason, now, occasion)


async def member_unreached(session: AsyncSession, board: int, member: int, reason: str, now: datetime.datetime) -> None:
    """Tell the coordinator, once for each person and reason."""
    found = await session.execute(select(Member).where(Member.partnership_id == board, Member.id == member))
    person = found.scalar_one_or_none()
    key = f"unreached:{member}:{reason[:80]}"
    if person is None or await _told(session, board, key):
        return
    told = tuple(each for each in await _steering(session, board) if each != member)
    await announce(session, board, Unreached(person.ref, reason), key=key, now=now, members=told)


async def shut_out(session: AsyncSession, lane: str, reason: str, now: datetime.datetime) -> None:
    """Tell those who steer the boards that live in this workspace, in whatever other tool they can be reached."""
    view = ShutOut(lane.partition(":")[0], reason)
    await tell_boards_of(session, lane, view, key=f"shut:{lane}:{now:%Y%m%d%H%M%S}", now=now)


async def tell_boards_of(session: AsyncSession, lane: str, view: Params, *, key: str, now: datetime.datetime) -> None:
    """Tell every board that lives in this workspace, once for each key, in a place elsewhere that still works.

    The coordinator, else the chair; if neither can be reached elsewhere, the board's rooms in other workspaces.
    """
    tool, _, workspace = lane.partition(":")
    rooms = select(Room.partnership_id).where(Room.tool == tool, Room.workspace == workspace, Room.state != "left")
    people = select(Identity.partnership_id).where(Identity.tool == tool, Identity.workspace == workspace)
    for board in (await session.execute(rooms.union(people))).scalars().all():
        told = await _steering(session, board, not_by=lane)
        others = () if told else await queries.rooms(session, board)
        elsewhere = [each.id for each in others if f"{each.tool}:{each.workspace}" != lane]
        named = f"{key}:{board}"[-180:]
        wanted = [Announcement(view, named, now, room=room) for room in elsewhere]
        wanted += [Announcement(view, named, now, member=member) for member in told]
        await announce_once(session, board, wanted, now)


async def _told(session: AsyncSession, board: int, key: str) -> bool:
    found = await session.execute(
        select(Outgoing.id).where(Outgoing.partnership_id == board, Outgoing.key.startswith(f"{key}:", autoescape=True))
    )
    return found.first() is not None


async def _steering(session: AsyncSession, board: int, *, not_by: str = "") -> tuple[int, ...]:
    """The coordinators; the chair where there is none. not_by: a lane by which nobody can be told now."""
    shut: Collection[str] = (not_by,) if not_by else ()
    for role in (Role.COORDINATOR, Role.CHAIR):
        people: Sequence[Member] = await queries.members(session, board, role)
        known = await queries.member_addresses(session, {each.id for each in people}, shut)
        reached = {key for key, each in known.items() if f"{each.tool}:{each.workspace}" != not_by}
        if told := tuple(each.id for each in people if each.id in reached):
            return told
    return ()
