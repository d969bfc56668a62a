"""What people can ask of themes: see them, and propose one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from core.cards import (
    Block,
    Bold,
    Button,
    Buttons,
    Card,
    Facts,
    Line,
    Listing,
    Menu,
    Option,
    Params,
    Prose,
    Text,
)
from core.commands import EVERYONE, STEERING, Command, Context, param
from core.errors import Incomplete, Refused
from core.paging import Place
from core.partners import queries as partners
from core.register.actions import append
from core.requests import Reply, Whisper
from core.themes import actions, queries
from core.themes.models import Theme

PAGE = 20
STATES = {"proposed": "proposed", "agreed": "agreed ✅", "retired": "retired"}


@dataclass(frozen=True)
class ListThemes(Params):
    """The board's themes."""

    command: ClassVar[str] = "themes.list"
    page: int = param("number", "Page", default=1, hidden=True)


@dataclass(frozen=True)
class ShowTheme(Params):
    """One theme."""

    command: ClassVar[str] = "themes.show"
    theme: str = param("ref", "Theme")


@dataclass(frozen=True)
class ProposeTheme(Params):
    """A new theme, to be agreed by an agreement."""

    command: ClassVar[str] = "themes.propose"
    name: str = param("line", "Name of the theme", free=True, max_length=200)
    scope: str = param("text", "Scope", default="", max_length=3000, help="What belongs to it, and what it is for.")
    lead: str = param("choice", "Lead organisation", default="", help="Who sponsors it.")
    objectives: str = param("text", "Objectives", default="", max_length=3000, help="One on each line.")
    projects: str = param("text", "Existing work", default="", max_length=3000, help="One on each line.")


async def list_themes(context: Context, params: ListThemes) -> Reply:
    """One page of the themes, with the way to each."""
    listed = await queries.themes(context.session, context.me.board)
    if not listed:
        words = "This board has no themes yet. The coordinator adds one: theme and its name."
        return Whisper(Card(title="Themes", blocks=(Text((words,)),), summary=words))
    place = Place(params.page, len(listed), PAGE)
    found = place.here(listed)
    items: tuple[Line, ...] = tuple(
        (
            Bold(f"{theme.number}. {theme.name}"),
            f" — {STATES[theme.state]}" + (f", led by {theme.lead}" if theme.lead else ""),
        )
        for theme in found
    )
    menu = Menu("Open a theme", tuple(Button(theme.name, ShowTheme(theme.ref)) for theme in found))
    blocks: list[Block] = [Listing(items, bullets=False), menu]
    blocks += place.turning(ListThemes)
    count = sum(theme.state == "agreed" for theme in listed)
    word = "theme" if len(listed) == 1 else "themes"
    return Whisper(Card(title="Themes", blocks=tuple(blocks), summary=f"{len(listed)} {word}, {count} agreed."))


async def show_theme(context: Context, params: ShowTheme) -> Reply:
    """One theme in full."""
    found = await queries.theme(context.session, context.me.board, params.theme)
    if found is None:
        raise Refused("That theme is not one of this board's. Type themes to see those that are.")
    return Whisper(theme_card(*found))


def theme_card(theme: Theme, lead: str) -> Card:
    """A theme: its state, scope, lead, objectives and existing work."""
    facts: list[tuple[str, Line]] = [("State", (STATES[theme.state],))]
    if lead:
        facts.append(("Lead", (lead,)))
    blocks: list[Block] = [Facts(tuple(facts))]
    if theme.scope:
        blocks.append(Prose(theme.scope))
    if theme.objectives:
        blocks.append(Listing(tuple((each,) for each in theme.objectives), title="Objectives"))
    if theme.projects:
        blocks.append(Listing(tuple((each,) for each in theme.projects), title="Existing work"))
    blocks.append(Buttons((Button("All themes", ListThemes()),)))
    return Card(
        title=f"Theme {theme.number}: {theme.name}",
        blocks=tuple(blocks),
        summary=f"{theme.name}, {theme.state}.",
    )


async def propose_theme(context: Context, params: ProposeTheme) -> Reply:
    """Add a theme to what the board may agree."""
    session, me = context.session, context.me
    lead = {partner.ref: partner.id for partner in await partners.organisations(session, me.board)}.get(params.lead)
    try:
        theme = await actions.propose_theme(
            session,
            me.board,
            name=params.name,
            now=context.now,
            scope=params.scope,
            lead_id=lead,
            objectives=_lines(params.objectives),
            projects=_lines(params.projects),
        )
    except Refused as refusal:
        raise Incomplete(refusal.problems) from None
    await append(session, me.board, "theme", subject=theme.ref, title=theme.name, now=context.now, by=me)
    words = f"{theme.name} is now a proposed theme. It becomes agreed when an agreement that names it passes."
    return Whisper(Card(title="Theme proposed", blocks=(Text((words,)),), summary=words))


def _lines(text: str) -> list[str]:
    return [line.strip(" -•\t") for line in text.splitlines() if line.strip(" -•\t")]


async def _lead_choices(context: Context, _given: Mapping[str, Any]) -> Mapping[str, tuple[Option, ...]]:
    return {"lead": await partners.organisation_options(context.session, context.me.board)}


COMMANDS: tuple[Command[Any], ...] = (
    Command(
        params=ListThemes,
        handle=list_themes,
        word="themes",
        title="Themes",
        help="List the board's themes.",
        example="themes",
        reads=True,
        roles=EVERYONE,
    ),
    Command(params=ShowTheme, handle=show_theme, title="Theme", help="See a theme.", reads=True, roles=EVERYONE),
    Command(
        params=ProposeTheme,
        handle=propose_theme,
        word="theme",
        numbers="themes",
        title="Propose a theme",
        help="Propose a theme for the board to agree.",
        example='theme Smart cities lead:"Middlesex University"',
        submit="Propose",
        roles=STEERING,
        opens_form=True,
        choices=_lead_choices,
    ),
)
