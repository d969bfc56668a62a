"""Handlers: the boards that one is on, and the rooms of a board."""

from collections.abc import Sequence

from sqlalchemy import select, update

from core.cards import Block, Bold, Button, Buttons, Card, Line, Listing, Menu, Option, Text
from core.commands import STEERING, Context
from core.errors import Refused
from core.membership.lookup import TOOLS
from core.membership.params import Disconnect, ListBoards, ListRooms
from core.membership.records import noted, said
from core.membership.setup import HOW_ROOMS, back
from core.outbox import Outgoing, Posting
from core.partners import queries as partners
from core.partners.commands import ChooseBoard, choose_for
from core.partners.models import Room
from core.requests import Reply, Whisper, as_typed
from core.texts import either, matching, quoted

ROW = 4  # boards with a button each; more are in a menu


async def boards(context: Context, params: ListBoards) -> Reply:
    """The boards of this account; with a name, that one is meant from now on."""
    session = context.session
    persons = await partners.persons_of(session, context.actor)
    if not persons:
        typed = as_typed(context.actor.tool, "join")
        raise Refused(
            f"You are on no board yet. Ask your board's coordinator for a code, then type {typed} and the code."
        )
    names = await partners.board_names(session, [person.board for person in persons])
    if params.name:
        options = [Option(names[person.board][1], str(person.board)) for person in persons]
        chosen = matching(params.name, options)
        if chosen is None:
            labels = either([option.label for option in options])
            raise Refused(f"{quoted(params.name)} is none of your boards; choose {labels}.")
        return await choose_for(context, int(chosen.value))
    has_chosen = await partners.has_chosen(session, context.actor)
    lines: tuple[Line, ...] = tuple(
        (
            Bold(names[person.board][1]),
            f" — {person.role} for {person.organisation_name}",
            " (the one you mean)" if number == 0 and (has_chosen or len(persons) == 1) else "",
        )
        for number, person in enumerate(persons)
    )
    blocks: list[Block] = [Listing(lines)]
    if len(persons) > 1:
        ways = tuple(
            Button(f"Use {names[person.board][1]}", ChooseBoard(names[person.board][0]))
            for person in persons[1 if has_chosen else 0 :]
        )
        blocks.append(Buttons(ways) if len(ways) <= ROW else Menu("Use another one", ways))
        blocks.append(Text(("In a board's own room, that board is meant without asking.",), "subtle"))
    words = "You are on one board." if len(persons) == 1 else f"You are on {len(persons)} boards."
    return Whisper(Card(title="Your boards", blocks=tuple(blocks), summary=words))


async def rooms(context: Context, params: ListRooms) -> Reply:
    """The board's rooms, and how to connect one."""
    found = await partners.rooms(context.session, context.me.board)
    tool = context.actor.tool
    blocks: list[Block] = []
    if found:
        blocks.append(Listing(tuple((Bold(room.name), f" in {TOOLS[room.tool]}") for room in found)))
    else:
        blocks.append(Text(("No room is connected, so everyone gets the board's cards as direct messages.",)))
    blocks.append(Text((HOW_ROOMS[tool],), "subtle"))
    if context.me.role in STEERING:
        blocks += _ways_off(found)
        if way := await back(context.session, context.me.board):
            blocks.append(Buttons(way))
    words = f"{len(found)} {'room' if len(found) == 1 else 'rooms'}."
    return Whisper(Card(title="Rooms", blocks=tuple(blocks), summary=words))


def _ways_off(found: Sequence[Room]) -> list[Block]:
    ways = tuple(
        Button(
            f"Disconnect {room.name} in {TOOLS[room.tool]}",
            Disconnect(room.ref),
            confirm=f"Show no more of the board's cards in {room.name}? Typing join there connects it again.",
        )
        for room in found
    )
    if not ways:
        return []
    return [Buttons(ways) if len(ways) <= ROW else Menu("Disconnect a room", ways)]


async def disconnect(context: Context, params: Disconnect) -> Reply:
    """No more cards there, and those that stand there change no more."""
    session, board = context.session, context.me.board
    query = select(Room).where(Room.partnership_id == board, Room.state != "left").with_for_update()
    if params.room:
        query = query.where(Room.ref == params.room)
    elif context.place.personal:
        return await rooms(context, ListRooms())
    else:
        place = context.place
        query = query.where(
            Room.tool == place.tool, Room.workspace == place.workspace, Room.conversation == place.conversation
        )
    room = (await session.execute(query)).scalar_one_or_none()
    if room is None:
        raise Refused("This is no room of the board. Type rooms to see those that are.")
    room.state = "left"
    await session.execute(
        update(Posting)
        .where(
            Posting.partnership_id == board,
            Posting.tool == room.tool,
            Posting.workspace == room.workspace,
            Posting.conversation == room.conversation,
        )
        .values(state="gone")
        .execution_options(synchronize_session=False)
    )
    await session.execute(
        update(Outgoing)
        .where(Outgoing.partnership_id == board, Outgoing.room_id == room.id, Outgoing.state.in_(("waiting", "parked")))
        .values(state="moot", error="the room was disconnected")
        .execution_options(synchronize_session=False)
    )
    await session.flush()
    await noted(context, "A room was disconnected", room.ref, name=room.name)
    left = await partners.rooms(session, board)
    after = "" if left else " It was the last one, so everyone now gets the cards as direct messages."
    words = (
        f"{room.name} is no longer a room of the board: no cards come here, and those that stand here stay as they are."
    )
    return said("Disconnected", f"{words}{after}", "Typing join in the room connects it again.")
