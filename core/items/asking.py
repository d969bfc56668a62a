"""Handlers: raising, seeing and listing items; the queue."""

import datetime

from core.actions.queries import find as find_action
from core.cards import Card, Text
from core.commands import STEERING, Context, Sight
from core.errors import Incomplete, Refused
from core.items import queries, triage
from core.items.cards import empty_queue_card, item_card, list_card, triage_card
from core.items.models import Item
from core.items.params import ListItems, RaiseItem, ShowItem, ShowQueue, TriageItem
from core.items.queries import FILTERS, Shown, Wanted
from core.priorities.queries import find as find_priority
from core.requests import Reply, Whisper
from core.texts import number_in
from core.themes.queries import themes

TITLES = {
    "waiting": "Items that wait",
    "mine": "My items",
    "ours": "My organisation's items",
    "agenda": "For the agenda of the next meeting",
    "parked": "Items that rest",
    "answered": "Items answered",
    "declined": "Items not taken up",
}


async def raise_item(context: Context, params: RaiseItem) -> Reply:
    """Raise it; the chair and the coordinator find its way on."""
    me = context.me
    if context.source == "button":  # it opens the form, whatever it carries
        raise Incomplete({})
    theme = {each.ref: each.id for each in await themes(context.session, me.board)}.get(params.theme)
    said = triage.Concern(
        title=params.title,
        detail="" if params.detail == params.title else params.detail,
        wants=params.wants,
        theme_id=theme,
        confidential=params.confidential,
        link=params.link,
    )
    item = await triage.raise_(context.session, said, me, context.now)
    who = "The chair alone sees it, and" if item.confidential else "The chair and the coordinator find its way on, and"
    words = f"Thank you. {who} you will hear what becomes of it."
    return Whisper(Card(f"Item {item.number}: {item.title}", (Text((words,)),), words))


async def with_its_end(sight: Sight, shown: Shown) -> Shown:
    """With the name of what it went into."""
    ref = shown.item.became
    kind, session, board = ref.partition("_")[0], sight.session, sight.board
    name = ""
    if kind == "pri":
        priority = await find_priority(session, board, ref)
        name = f"Priority {priority.number}, {priority.title}, at {priority.stage}"
    elif kind == "act":
        action = await find_action(session, board, ref)
        name = f"Action {action.number}, {action.title}, {action.state}"
    elif kind == "itm":
        other = await queries.shown(session, board, ref)
        name = f"Item {other.item.number}, {other.item.title}" if other else ""
    return Shown(shown.item, shown.raiser, shown.theme, shown.triaged_by, shown.supports, name)


async def _shown(sight: Sight, ref: str) -> Shown | None:
    shown = await queries.shown(sight.session, sight.board, ref)
    return await with_its_end(sight, shown) if shown else None


async def draw_item(sight: Sight, params: ShowItem) -> Card | None:
    """The card as it stands."""
    shown = await _shown(sight, params.item)
    return item_card(shown, params.say) if shown else None


async def draw_triage(sight: Sight, params: TriageItem) -> Card | None:
    """The card with every way on, as it stands."""
    shown = await _shown(sight, params.item)
    return triage_card(shown) if shown else None


async def show(context: Context, params: ShowItem) -> Reply:
    """The card, for one person; with every way on for who steers."""
    await queries.find(context.session, context.me, params.item)
    shown = await _shown(context.sight, params.item)
    if shown is None:
        raise Refused(queries.NOT_YOURS)
    return Whisper(triage_card(shown) if context.me.role in STEERING else item_card(shown))


async def show_triage(context: Context, params: TriageItem) -> Reply:
    """The card with every way on."""
    return await show(context, ShowItem(params.item))


async def show_queue(context: Context, params: ShowQueue) -> Reply:
    """The next one that waits; behind the last comes the first again."""
    found, total = await queries.queue(context.session, context.me, _today(context), after=params.after)
    if not found and total:
        found, total = await queries.queue(context.session, context.me, _today(context))
    if not found:
        return Whisper(empty_queue_card())
    shown = await _shown(context.sight, found[0].ref)
    if shown is None:
        return Whisper(empty_queue_card())
    return Whisper(triage_card(shown, ShowQueue(found[0].id) if total > 1 else None, total))


def _today(context: Context) -> datetime.date:
    return context.now.astimezone(context.me.zone).date()


async def show_list(context: Context, params: ListItems) -> Reply:
    """One page of the items that are asked for; a number shows that one."""
    said = params.search.split()
    filters = frozenset(word.lower() for word in said if word.lower() in FILTERS)
    words = " ".join(word for word in said if word.lower() not in FILTERS)
    number = number_in(words)
    theme = {each.ref: each.id for each in await themes(context.session, context.me.board)}.get(params.theme)
    wanted = Wanted(filters, words if number is None else "", number, theme, _today(context))
    page = await queries.page(context.session, context.me, wanted, params.at)
    if number is not None and page.rows:
        item: Item = page.rows[0]
        return await show(context, ShowItem(item.ref))
    title = next((title for word, title in TITLES.items() if word in filters), "Items")
    if words:
        title += f" with “{words[:60]}”"

    def to(at: str) -> ListItems:
        return ListItems(params.search, params.theme, at)

    return Whisper(list_card(page, title, to, wanted.today, sought=bool(words)))
