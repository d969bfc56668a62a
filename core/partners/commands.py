"""Joining a board, connecting a room, and choosing among several boards."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from core.cards import Bold, Button, Buttons, Card, Params, Text
from core.commands import STEERING, Command, Context, Person, param
from core.errors import Refused
from core.partners import actions, queries
from core.requests import Reply, Whisper


@dataclass(frozen=True)
class Join(Params):
    """Redeem a code, or (in a room, by the chair or the coordinator) connect the room."""

    command: ClassVar[str] = "partners.join"
    code: str = param(
        "line", "Your code", default="", free=True, max_length=60, help="From your coordinator's invitation."
    )


@dataclass(frozen=True)
class Arrived(Params):
    """The bot has been added to a conversation."""

    command: ClassVar[str] = "partners.arrived"


@dataclass(frozen=True)
class ChooseBoard(Params):
    """Which board is meant from now on, where nothing else tells."""

    command: ClassVar[str] = "partners.choose"
    board: str = param("ref", "Board")


async def join(context: Context, params: Join) -> Reply:
    """Make the account the invited member's; whoever steers the board connects the room in the same breath."""
    session = context.session
    if params.code:
        member = await actions.redeem(session, params.code, context.actor, context.place, context.now)
        person = await queries.person(session, member.id)
    else:
        person = await _steering(context)
    if person is None:
        raise Refused("Type join and the code from your invitation. Your coordinator can give you one.")
    partnership = await queries.partnership(session, person.board)
    lines = [f"You are {person.name} of {person.organisation_name}, {person.role} on the {partnership.name}."]
    if not context.place.personal and person.role in STEERING:
        room = await actions.connect_room(session, person.board, context.place, context.now)
        lines.append(f"{room.name} is now a room of the board: its agreements and outcomes are shown here.")
    lines.append("Type home to see what waits for you, or help for what you can ask.")
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


async def arrived(context: Context, params: Arrived) -> Reply:
    """Say what to do next, or that this room is connected already; and remember where a known person is reached."""
    if context.place.personal and context.actor.user:
        for person in await queries.persons_of(context.session, context.actor):
            await actions.note_seen(context.session, person.board, context.actor, context.place, context.now)
    room = await queries.room_at(context.session, context.place)
    if room is not None:
        words = "Folkmoot is here. The board's agreements and outcomes are shown in this room."
    elif context.place.personal:
        words = "Folkmoot is here. Type join and the code from your invitation, or help for what you can ask."
    else:
        words = (
            "Folkmoot is here. To connect this room to a board, its chair or coordinator types join, "
            "with the code if new here."
        )
    return Whisper(Card(title="Hello", blocks=(Text((words,)),), summary=words))


async def choose(context: Context, params: ChooseBoard) -> Reply:
    """Remember the board."""
    await actions.choose_board(context.session, context.me.board, context.actor, context.now)
    partnership = await queries.partnership(context.session, context.me.board)
    words = f"From now on you mean the {partnership.name}, unless you are in another board's room. Please ask again."
    return Whisper(Card(title=partnership.name, blocks=(Text((words,)),), summary=words))


def which_board(persons: Sequence[Person], names: dict[int, tuple[str, str]]) -> Card:
    """Ask someone of several boards which is meant."""
    buttons = tuple(Button(names[person.board][1], ChooseBoard(names[person.board][0])) for person in persons)
    words = "You are on several boards. Which one do you mean?"
    return Card(title="Which board?", blocks=(Text((Bold(words),)), Buttons(buttons)), summary=words)


COMMANDS: tuple[Command[Any], ...] = (
    Command(
        params=Join,
        handle=join,
        word="join",
        title="Join a board",
        help="Join with the code from your invitation; in a room, the chair or coordinator connects it.",
        example="join K7QF9-M2PXD",
        roles=frozenset(),
    ),
    Command(
        params=Arrived,
        handle=arrived,
        title="Hello",
        help="Say what to do next.",
        roles=frozenset(),
        repeatable=True,
    ),
    Command(
        params=ChooseBoard,
        handle=choose,
        title="Choose a board",
        help="Say which board you mean.",
        repeatable=True,
    ),
)
