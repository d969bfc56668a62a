"""Handlers: promising, seeing and listing actions."""

import datetime
from collections.abc import Mapping
from typing import Any

from core.actions import queries
from core.actions.cards import action_card, list_card
from core.actions.making import Promise, add
from core.actions.params import AddAction, ListActions, ShowAction
from core.actions.queries import FILTERS, Wanted
from core.cards import Card, Option, Text
from core.commands import Context, Sight
from core.errors import Incomplete, Refused
from core.partners import queries as partners
from core.partners.models import Member
from core.requests import Reply, Whisper
from core.texts import number_in
from core.themes.queries import theme_options, themes
from core.times import read_date, reads_as_moment, say_date
from core.trails import known

TITLES = {
    "mine": "My actions",
    "ours": "My organisation's actions",
    "overdue": "Actions over their date",
    "blocked": "Blocked actions",
    "done": "Actions done",
    "dropped": "Actions dropped",
    "all": "All actions",
    "unowned": "Actions that need an owner",
}
_DATE_WORDS = 6


async def add_choices(context: Context, _given: Mapping[str, Any]) -> Mapping[str, tuple[Option, ...]]:
    """Who and which themes there are to choose from."""
    board = context.me.board
    return {
        "owner": await partners.member_options(context.session, board),
        "theme": await theme_options(context.session, board),
    }


def dated(title: str, context: Context) -> tuple[str, datetime.date | None]:
    """A title without its "by 30 Nov", and that date; as it was if nothing in it reads as one."""
    words = title.split()
    for at in range(len(words) - 1, -1, -1):
        if words[at].lower() not in ("by", "until", "before"):
            continue
        for end in range(min(len(words), at + 1 + _DATE_WORDS), at + 1, -1):
            said = " ".join(words[at + 1 : end]).rstrip(",;.")
            if reads_as_moment(said):
                return " ".join([*words[:at], *words[end:]]), read_date(said, context.me.zone, context.now)
    return title, None


async def add_action(context: Context, params: AddAction) -> Reply:
    """Promise it; whoever else is named is asked first."""
    me, session = context.me, context.session
    title, due = params.title, params.due
    if due is None:
        try:
            title, due = dated(title, context)
        except Refused as refusal:
            raise Incomplete({"due": refusal.sentence}) from None
    if due is None or not title:
        raise Incomplete({"due": ""} if due is None else {"title": ""})
    owner = await _owner(context, params.owner)
    theme = {each.ref: each.id for each in await themes(session, me.board)}.get(params.theme)
    wanted = Promise(
        title=title,
        due_on=due,
        owner=owner,
        organisation_id=owner.organisation_id,
        detail=params.detail if params.detail != title else "",
        theme_id=theme,
        level=params.level,
        place=params.place,
        repeats="" if params.repeats == "once" else params.repeats,
        source=await known(session, me.board, params.source),
        link=params.link,
    )
    action = await add(session, wanted, me, context.now)
    own = owner.id == me.member
    whose = "It is yours" if own else f"{owner.name} is asked to do it, and you hear the answer"
    words = f"{whose}; due {say_date(due)}. Everyone sees it in the board's rooms."
    return Whisper(Card(f"Action {action.number}: {action.title}", (Text((words,)),), words))


async def _owner(context: Context, ref: str) -> Member:
    me = context.me
    listed = await partners.members(context.session, me.board)
    found = next((each for each in listed if (each.ref == ref if ref else each.id == me.member)), None)
    if found is None:
        raise Incomplete({"owner": "That person is no longer on this board. Choose somebody else."})
    if found.role == "observer":
        raise Incomplete({"owner": "An observer reads and takes no actions. Choose somebody else."})
    return found


async def draw_action(sight: Sight, params: ShowAction) -> Card | None:
    """The card as it stands."""
    shown = await queries.shown(sight.session, sight.board, params.action)
    if shown is None:
        return None
    today = await queries.today_of(sight.session, sight.board, sight.now)
    return action_card(shown, today, params.say)


async def show(context: Context, params: ShowAction) -> Reply:
    """The card, for one person."""
    card = await draw_action(context.sight, params)
    if card is None:
        raise Refused(queries.NOT_YOURS)
    return Whisper(card)


async def show_list(context: Context, params: ListActions) -> Reply:
    """One page of the actions that are asked for; a number shows that one."""
    session, me = context.session, context.me
    wanted = await wanted_of(context, params)
    page = await queries.page(session, me.board, wanted, params.at)
    if wanted.number is not None and page.rows:
        return await show(context, ShowAction(page.rows[0].ref))
    names = await queries.names_of(session, me.board, page.rows)

    def to(at: str) -> ListActions:
        return ListActions(params.search, params.theme, params.owner, at)

    return Whisper(list_card(page, names, _title(wanted, params), to, wanted.today, sought=wanted.is_sought))


async def wanted_of(context: Context, params: ListActions) -> Wanted:
    """What a line or a button asks for: words that are filters, the rest to search by."""
    me = context.me
    said = params.search.split()
    filters = frozenset(word.lower() for word in said if word.lower() in FILTERS)
    words = " ".join(word for word in said if word.lower() not in FILTERS)
    number = number_in(words)
    theme = {each.ref: each.id for each in await themes(context.session, me.board)}.get(params.theme)
    members = await partners.members(context.session, me.board) if params.owner else ()
    owner = next((each.id for each in members if each.ref == params.owner), None)
    return Wanted(
        filters=filters,
        words=words if number is None else "",
        number=number,
        theme=theme,
        owner=owner,
        me=me,
        today=context.now.astimezone(me.zone).date(),
    )


def _title(wanted: Wanted, params: ListActions) -> str:
    title = next((title for word, title in TITLES.items() if word in wanted.filters), "Actions")
    if wanted.is_sought:
        title += f" with “{(wanted.words or str(wanted.number))[:60]}”"
    return title
