"""Setting a board up, step by step: what is done, what comes next, and the way back from each step."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.agreements.models import Agreement
from core.agreements.params import Propose
from core.cards import Block, Bold, Button, Buttons, Card, Divider, Line, Text
from core.commands import STEERING, Context, Person, Sight
from core.concerns import Entry
from core.membership.params import (
    AddOrganisations,
    ChangeBoard,
    EndSetUp,
    Invite,
    ListMembers,
    ListOrganisations,
    ListRooms,
    SetUp,
)
from core.partners import queries as partners
from core.partners.models import Identity, Member, Organisation, Partnership, Practice
from core.requests import Reply, Tool, Whisper, as_typed
from core.themes.commands import ProposeTheme
from core.themes.models import Theme

HOW_ROOMS = {
    "slack": "In Slack, invite Folkmoot to a channel and type /board join there.",
    "teams": "In Teams, add Folkmoot to a team's channel or group chat and type @Folkmoot join there.",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One step: whether it is done, its name, how it stands, and its buttons, the most useful first."""

    done: bool
    title: str
    words: str
    buttons: tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a board has been set up."""

    organisations: int
    voting: int
    members: int
    joined: int
    rooms: Sequence[str]
    themes: int
    agreements: int


async def progress(session: AsyncSession, board: int) -> Progress:
    """Count what there is."""
    voting = (await session.execute(select(Organisation.voting).where(Organisation.partnership_id == board))).scalars()
    votes = list(voting)
    present = select(Member.id).where(Member.partnership_id == board, Member.left_at.is_(None))
    joined = present.where(select(Identity.id).where(Identity.member_id == Member.id).exists())
    return Progress(
        organisations=len(votes),
        voting=sum(votes),
        members=await _count(session, present),
        joined=await _count(session, joined),
        rooms=[room.name for room in await partners.rooms(session, board)],
        themes=await _count(session, select(Theme.id).where(Theme.partnership_id == board)),
        agreements=await _count(session, select(Agreement.id).where(Agreement.partnership_id == board)),
    )


async def _count(session: AsyncSession, query: object) -> int:
    found = await session.execute(select(func.count()).select_from(query.subquery()))  # type: ignore[attr-defined]
    return int(found.scalar_one())


def steps_of(board: Partnership, made: Progress, tool: Tool) -> tuple[Step, ...]:
    """The steps in their order."""
    waiting = made.members - made.joined
    people = f"{_units(made.members, 'member')}, {made.joined} of them here already."
    if made.members == 1:
        people = "Only you so far. Each gets a code to join with."
    rooms = f"Cards are shown in {', '.join(made.rooms[:5])}{' and more' if len(made.rooms) > 5 else ''}."
    no_rooms = f"{HOW_ROOMS[tool]} Until then everyone gets the cards as direct messages."
    began = f"{_units(made.themes, 'theme')}, {_units(made.agreements, 'agreement')}."
    return (
        Step(
            True,
            board.name,
            _board_words(board),
            (Button("Change the board", ChangeBoard(board=board.ref), asks=True),),
        ),
        Step(
            made.organisations > 1,
            "Organisations",
            f"{_units(made.organisations, 'organisation')}, {made.voting} with a vote.",
            (
                Button("Add organisations", AddOrganisations(board=board.ref), asks=True),
                Button("See organisations", ListOrganisations()),
            ),
        ),
        Step(
            made.members > 1 and not waiting,
            "People",
            people,
            (Button("Invite someone", Invite(board=board.ref), asks=True), Button("See members", ListMembers())),
        ),
        Step(bool(made.rooms), "Rooms", rooms if made.rooms else no_rooms, (Button("See rooms", ListRooms()),)),
        Step(
            bool(made.themes or made.agreements),
            "First business",
            began if made.themes or made.agreements else "Propose a theme for the board, or put a first agreement.",
            (
                Button("Propose a theme", ProposeTheme(name=""), asks=True),
                Button("Propose an agreement", Propose(), asks=True),
            ),
        ),
    )


def _board_words(board: Partnership) -> str:
    parts = [board.place, board.timezone, f"each {board.voting_unit} votes"]
    return f"{', '.join(part for part in parts if part)}."


def _units(number: int, unit: str) -> str:
    return f"{number} {unit}{'' if number == 1 else 's'}"


def setup_card(board: Partnership, practice: Practice, made: Progress, tool: Tool) -> Card:
    """Every step with its mark, the next one first to be seen, and the way to be done with it."""
    steps = steps_of(board, made, tool)
    upcoming = next((step for step in steps if not step.done), None)
    blocks: list[Block] = []
    for step in steps:
        mark = "✅ " if step.done else "👉 " if step is upcoming else "▫️ "
        line: Line = (mark, Bold(step.title), f" — {step.words}")
        buttons = step.buttons
        if step is upcoming:
            first = buttons[0]
            buttons = (Button(first.label, first.does, style="primary", asks=first.asks), *buttons[1:])
        blocks += [Text(line), Buttons(buttons)]
    words = f"Next: {upcoming.title.lower()}." if upcoming else "Everything is set up."
    if practice.guided:
        blocks += [Divider(), Buttons((Button("We are set up", EndSetUp(board.ref)),))]
    typed = as_typed(tool, "setup")
    blocks.append(Text((f"You can come back to this at any time: type {typed}.",), "subtle"))
    return Card(title="Setting up the board", blocks=tuple(blocks), summary=f"{board.name}. {words}")


async def show_setup(context: Context, params: SetUp) -> Reply:
    """The steps as they stand."""
    return Whisper(await card_for(context, context.me.board))


async def card_for(context: Context, board: int) -> Card:
    """The setup card of this board."""
    session = context.session
    return setup_card(
        await partners.partnership(session, board),
        await partners.practice(session, board),
        await progress(session, board),
        context.actor.tool,
    )


async def end_setup(context: Context, params: EndSetUp) -> Reply:
    """Let home lead no more."""
    practice = await partners.practice(context.session, context.me.board)
    practice.guided = False
    words = f"Good. To change anything later, type {as_typed(context.actor.tool, 'setup')}."
    return Whisper(Card(title="Set up", blocks=(Text((words,)),), summary=words))


async def back(session: AsyncSession, board: int) -> tuple[Button, ...]:
    """The way back to the steps, as long as home leads through them."""
    practice = await partners.practice(session, board)
    return (Button("Back to setting up", SetUp()),) if practice.guided else ()


async def waiting(sight: Sight, person: Person) -> Sequence[Entry]:
    """What home says to whom steers a new board, until every step is done or somebody says that it is."""
    if person.role not in STEERING:
        return []
    practice = await partners.practice(sight.session, person.board)
    if not practice.guided:
        return []
    board = await partners.partnership(sight.session, person.board)
    steps = steps_of(board, await progress(sight.session, person.board), "slack")
    upcoming = next((step for step in steps if not step.done), None)
    if upcoming is None:
        return []
    done = sum(step.done for step in steps)
    line: Line = (Bold("Set the board up"), f" — {done} of {len(steps)} steps done. Next: {upcoming.title.lower()}.")
    return [Entry(line, (Button("Set up", SetUp(), style="primary"),))]
