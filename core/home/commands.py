"""Home, which tells each person what waits, and help, made from the declarations of all commands."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from core.actions.params import ListActions
from core.agreements.params import Propose
from core.agreements.views import ListAgreements
from core.cards import Block, Bold, Button, Buttons, Card, Divider, Heading, Line, Listing, Params, Text
from core.commands import EVERYONE, VOICES, Command, Context, Role, param
from core.concerns import Entry, Home
from core.errors import Refused
from core.items.params import ListItems, RaiseItem
from core.overview.params import ShowAccounts
from core.partners import queries as partners
from core.polls.params import Launch
from core.polls.views import ListPolls
from core.priorities.params import ShowPipeline
from core.register.commands import ListDecisions
from core.reminders.concerns import CONCERNS
from core.requests import Reply, Whisper
from core.texts import nearest, quoted
from core.themes.commands import ListThemes

SHOWN = 10  # entries of what waits; a phone shows no more with pleasure


@dataclass(frozen=True)
class Help(Params):
    """What can be asked, or more on one word."""

    command: ClassVar[str] = "home.help"
    about: str = param("line", "About", default="", free=True, help="One of the words, for more on it.")


async def show_home(context: Context, params: Home) -> Reply:
    """What waits for this person, soonest first, and the ways on."""
    me = context.me
    partnership = await partners.partnership(context.session, me.board)
    blocks: list[Block] = [
        Text(("You are ", Bold(me.name), f", {me.role} for {me.organisation_name}."), "subtle"),
        Heading("Waiting for you"),
    ]
    waiting = [entry for concern in CONCERNS for entry in await concern.waiting(context.sight, me)]
    nothing = "Nothing: you have answered all that is open." if me.role in VOICES else "Nothing just now."
    blocks += _listed(waiting) or [Text((nothing,), "good")]
    buttons = [
        Button("Items", ListItems()),
        Button("Pipeline", ShowPipeline()),
        Button("Actions", ListActions()),
        Button("Agreements", ListAgreements()),
        Button("Polls", ListPolls()),
        Button("Decisions", ListDecisions()),
        Button("Themes", ListThemes()),
        Button("Promises kept", ShowAccounts()),
    ]
    blocks.append(Divider())
    if me.role is not Role.OBSERVER:
        raising = Button("Raise an item", RaiseItem(), style="primary", asks=True)
        asking = Button("Ask a quick question", Launch(), asks=True)
        blocks.append(Buttons((raising, Button("Propose an agreement", Propose(), asks=True), asking)))
    blocks.append(Buttons(tuple(buttons)))
    if partnership.purpose:
        blocks.append(Text((partnership.purpose,), "subtle"))
    count = len(waiting)
    words = f"{count} {'thing waits' if count == 1 else 'things wait'} for you." if count else "Nothing waits for you."
    return Whisper(Card(title=partnership.name, blocks=tuple(blocks), summary=f"{partnership.name}: {words}"))


def _listed(entries: Sequence[Entry]) -> list[Block]:
    blocks: list[Block] = []
    for entry in entries[:SHOWN]:
        blocks += [Text(entry.line), Buttons(entry.buttons[-1:])]
    if len(entries) > SHOWN:
        blocks.append(Text((f"… and {len(entries) - SHOWN} more.",), "subtle"))
    return blocks


def help_for(commands: Sequence[Command[Any]], usage: dict[str, str]) -> Command[Any]:
    """The help command for these commands; `usage` tells how each word is typed."""

    async def show_help(context: Context, params: Help) -> Reply:
        about = params.about.strip().lower().lstrip("/")
        said = {about, *about.split()}  # "agree please", "with agree"
        for command in commands:
            if command.word and command.word in said:
                return Whisper(_one(command, usage[command.word]))
        offered = [command for command in commands if command.word]
        if about and (meant := nearest(about, [command.word for command in offered])):
            raise Refused(f"I don't know {quoted(about)}. Did you mean help {meant}?")
        items: tuple[Line, ...] = tuple((Bold(command.word), f" — {command.help}") for command in offered)
        hint = "In Slack, put /board before the word. In Teams, mention Folkmoot first, or just type it in our chat."
        blocks = (
            Listing(items),
            Text((hint,), "subtle"),
            Text(
                ("For more on one of them, type help and the word, such as ", Bold("help agree"), "."),
                "subtle",
            ),
        )
        return Whisper(
            Card(
                title="What you can ask",
                blocks=blocks,
                summary=f"You can ask: {', '.join(c.word for c in offered)}.",
            )
        )

    return Command(
        params=Help,
        handle=show_help,
        word="help",
        title="Help",
        help="See what you can ask.",
        example="help agree",
        roles=EVERYONE,
        open_to_strangers=True,
        reads=True,
    )


def _one(command: Command[Any], usage: str) -> Card:
    blocks: list[Block] = [Text((command.help,)), Text(("Type: ", Bold(usage)))]
    if command.example:
        blocks.append(Text(("Such as: ", Bold(command.example)), "subtle"))
    blocks += [Text((paragraph,)) for paragraph in command.more]
    if command.opens_form:
        blocks.append(Text(("With nothing after the word, a form opens.",), "subtle"))
    return Card(title=command.word, blocks=tuple(blocks), summary=command.help)


HOME: Command[Any] = Command(
    params=Home,
    handle=show_home,
    word="home",
    title="Home",
    help="See what waits for you.",
    example="home",
    reads=True,
    roles=EVERYONE,
)
