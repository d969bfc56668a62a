"""Joining a board and connecting a room; whoever comes later is shown what is open."""

from dataclasses import dataclass
from typing import Any, ClassVar

from core.agreements import opening as agreements
from core.cards import Card, Params, Text
from core.commands import STEERING, Command, Context, Person, param
from core.errors import Refused
from core.partners import actions, queries
from core.polls import opening as polls
from core.requests import Reply, Whisper, as_typed


@dataclass(frozen=True)
class Join(Params):
    """Redeem a code, or (in a room, by the chair or the coordinator) connect the room."""

    command: ClassVar[str] = "home.join"
    code: str = param(
        "line", "Your code", default="", free=True, max_length=60, help="From your coordinator's invitation."
    )


async def join(context: Context, params: Join) -> Reply:
    """Make the account the invited member's; whoever steers the board connects the room in the same breath."""
    session = context.session
    if params.code:
        member = await actions.redeem(session, params.code, context.actor, context.place, context.now)
        person = await queries.person(session, member.id)
    else:
        person = await _steering(context)
    if person is None:
        typed = as_typed(context.actor.tool, "join")
        raise Refused(f"Type {typed} and the code from your invitation. Your coordinator can give you one.")
    partnership = await queries.partnership(session, person.board)
    lines = [f"You are {person.name} of {person.organisation_name}, {person.role} on the {partnership.name}."]
    if not context.place.personal and person.role in STEERING:
        room = await actions.connect_room(session, person.board, context.place, context.now)
        if room.connected_now:
            await agreements.show_what_is_open(session, person.board, context.now, room=room.room.id)
            await polls.show_what_is_open(session, person.board, context.now, room=room.room.id)
        lines.append(f"{room.room.name} is now a room of the board: its agreements and outcomes are shown here.")
    elif params.code and not await queries.rooms(session, person.board):
        # A board without rooms speaks to people one by one, and this one has missed what was said.
        await agreements.show_what_is_open(session, person.board, context.now, member=person.member)
        await polls.show_what_is_open(session, person.board, context.now, member=person.member)
    tool = context.actor.tool
    lines.append(
        f"Type {as_typed(tool, 'home')} to see what waits for you, or {as_typed(tool, 'help')} for what you can ask."
    )
    return Whisper(Card(title="Welcome", blocks=tuple(Text((line,)) for line in lines), summary=" ".join(lines)))


async def _steering(context: Context) -> Person | None:
    """Who typed join without a code in a room may be connecting it: the chair or coordinator of a board."""
    persons = await queries.persons_of(context.session, context.actor)
    steering = [person for person in persons if person.role in STEERING]
    if len(steering) > 1:
        room = await queries.room_at(context.session, context.place)
        steering = [each for each in steering if room is None or each.board == room.partnership_id]
    if len(steering) > 1 and not await queries.has_chosen(context.session, context.actor):
        raise Refused(
            "You steer several boards. Say home in a direct message to choose one, then type join here again."
        )
    if persons and not steering:
        raise Refused("You are on the board already. Only the chair or the coordinator connects a room.")
    return steering[0] if steering else None


JOIN: Command[Any] = Command(
    params=Join,
    handle=join,
    word="join",
    title="Join a board",
    help="Join with the code from your invitation; in a room, the chair or coordinator connects it.",
    example="join K7QF9-M2PXD",
    roles=frozenset(),
)
