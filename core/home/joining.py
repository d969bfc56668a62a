"""Joining a board, founding one and connecting a room; whoever comes later is shown what is open."""

from dataclasses import dataclass
from typing import Any, ClassVar

from core.cards import Button, Buttons, Card, Params, Text
from core.commands import EVERYONE, STEERING, Command, Context, Person, param
from core.concerns import Home
from core.errors import Refused
from core.membership import founding, guessing
from core.membership.params import Found, SetUp
from core.membership.records import record
from core.membership.setup import card_for
from core.overview.opening import show_what_is_open
from core.partners import actions, queries
from core.requests import Reply, Tool, Whisper, as_typed


@dataclass(frozen=True)
class Join(Params):
    """Redeem a code, or (in a room, by the chair or the coordinator) connect the room."""

    command: ClassVar[str] = "home.join"
    code: str = param(
        "line", "Your code", default="", free=True, max_length=60, help="From your coordinator's invitation."
    )


async def join(context: Context, params: Join) -> Reply:
    """Make the account the invited member's, or let it found a board; whoever steers one connects the room."""
    if not params.code:
        person = await _steering(context)
        if person is None:
            return await _no_code(context)
        return await _welcome(context, person)
    await guessing.check_may_try(context)
    session = context.session
    member = await actions.redeem(session, params.code, context.actor, context.place, context.now)
    if member is not None:
        person = await queries.person(session, member.id)
        if person is None:
            raise RuntimeError("who has just joined is not on the board")
        detail = {"member": member.ref, "tool": context.actor.tool}
        await record(session, person, person.board, context.now, "A member joined", member.ref, **detail)
        return await _welcome(context, person, new=True)
    if await founding.claim(session, params.code, context.actor, context.now):
        return may_found(context.actor.tool)
    await guessing.note_wrong(context)
    return _refused(guessing.NOT_GOOD.format(as_typed(context.actor.tool, "join")))


def _refused(sentence: str) -> Whisper:
    """What a refusal looks like, of something that was counted and so can't be undone."""
    return Whisper(Card(title="Not done", blocks=(Text((sentence,)),), summary=sentence))


async def _no_code(context: Context) -> Reply:
    if await founding.claimed(context.session, context.actor, context.now) is not None:
        return may_found(context.actor.tool)
    typed = as_typed(context.actor.tool, "join")
    raise Refused(f"Type {typed} and the code from your invitation. Your coordinator can give you one.")


def may_found(tool: Tool) -> Whisper:
    """Whoever holds a founding code may found a board now, or later."""
    words = "Your code lets you found a partnership: its board, with you as the coordinator."
    typed = as_typed(tool, "found")
    later = f"It takes a few lines, and everything can be changed afterwards. To do it later, type {typed}."
    blocks = (
        Text((words,)),
        Text((later,), "subtle"),
        Buttons((Button("Found a partnership", Found(), style="primary", asks=True),)),
    )
    return Whisper(Card(title="Found a partnership", blocks=blocks, summary=words))


async def _welcome(context: Context, person: Person, *, new: bool = False) -> Reply:
    """Who one is, and what has become of the room."""
    session = context.session
    partnership = await queries.partnership(session, person.board)
    lines = [f"You are {person.name} of {person.organisation_name}, {person.role} on the {partnership.name}."]
    steers = person.role in STEERING
    if not context.place.personal and steers:
        room = await actions.connect_room(session, person.board, context.place, context.now)
        if room.connected_now:
            await show_what_is_open(session, person.board, context.now, room=room.room.id)
            await record(
                session, person, person.board, context.now, "A room was connected", room.room.ref, name=room.room.name
            )
        name = "This room" if room.room.name == actions.UNNAMED else room.room.name
        lines.append(f"{name} is now a room of the board: its agreements and outcomes are shown here.")
    elif new and not await queries.rooms(session, person.board):
        # A board without rooms speaks to people one by one, and this one has missed what was said.
        await show_what_is_open(session, person.board, context.now, member=person.member)
    tool = context.actor.tool
    lines.append(
        f"Type {as_typed(tool, 'home')} to see what waits for you, or {as_typed(tool, 'help')} for what you can ask."
    )
    if new:
        lines.append(f"If you use Folkmoot in another chat tool too, type {as_typed(tool, 'link')} to be one person.")
    guided = steers and (await queries.practice(session, person.board)).guided
    way = Button("Set up", SetUp()) if guided else Button("Home", Home())
    texts = tuple(Text((line,)) for line in lines)
    return Whisper(Card(title="Welcome", blocks=(*texts, Buttons((way,))), summary=" ".join(lines)))


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


async def found(context: Context, params: Found) -> Reply:
    """Found the board; the next thing to be seen is how it is set up."""
    person = await founding.found_board(context, params)
    return Whisper(await card_for(context, person.board))


async def found_prefill(context: Context, given: Any) -> dict[str, Any]:
    """The founder's name as the tool knows it. Raises Refused for an account that holds no code."""
    await founding.check_holds_code(context)
    return {"you": context.actor.name}


JOIN: Command[Any] = Command(
    params=Join,
    handle=join,
    word="join",
    title="Join a board",
    help="Join with the code from your invitation; in a room, the chair or coordinator connects it.",
    example="join K7QF9-M2PXD",
    roles=EVERYONE,
    open_to_strangers=True,
)
FOUND: Command[Any] = Command(
    params=Found,
    handle=found,
    word="found",
    title="Found a partnership",
    help="Found a partnership, with a founding code from whoever runs Folkmoot.",
    example="found",
    submit="Found it",
    roles=EVERYONE,
    open_to_strangers=True,
    opens_form=True,
    prefill=found_prefill,
)
