"""Arriving in a conversation, and choosing among several boards."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from core.cards import Bold, Button, Buttons, Card, Params, Text
from core.commands import EVERYONE, Command, Context, Person, param
from core.partners import actions, queries
from core.requests import Reply, Whisper


@dataclass(frozen=True)
class Arrived(Params):
    """The bot has been added to a conversation."""

    command: ClassVar[str] = "partners.arrived"


@dataclass(frozen=True)
class ChooseBoard(Params):
    """Which board is meant from now on, where nothing else tells."""

    command: ClassVar[str] = "partners.choose"
    board: str = param("ref", "Board")


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
    return await choose_for(context, context.me.board)


async def choose_for(context: Context, board: int) -> Reply:
    """Remember that this account means this board, which is one of its own."""
    await actions.choose_board(context.session, board, context.actor, context.now)
    partnership = await queries.partnership(context.session, board)
    words = f"From now on you mean the {partnership.name}, unless you are in another board's room. Please ask again."
    return Whisper(Card(title=partnership.name, blocks=(Text((words,)),), summary=words))


def which_board(persons: Sequence[Person], names: dict[int, tuple[str, str]]) -> Card:
    """Ask someone of several boards which is meant."""
    buttons = tuple(Button(names[person.board][1], ChooseBoard(names[person.board][0])) for person in persons)
    words = "You are on several boards. Which one do you mean?"
    return Card(title="Which board?", blocks=(Text((Bold(words),)), Buttons(buttons)), summary=words)


COMMANDS: tuple[Command[Any], ...] = (
    Command(
        params=Arrived,
        handle=arrived,
        title="Hello",
        help="Say what to do next.",
        roles=EVERYONE,
        open_to_strangers=True,
        repeatable=True,
    ),
    Command(
        params=ChooseBoard,
        handle=choose,
        title="Choose a board",
        help="Say which board you mean.",
        repeatable=True,
        roles=EVERYONE,
    ),
)
