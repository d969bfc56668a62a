"""What people can ask of the board as a whole: where things come from, words, and promises kept."""

from typing import Any

from core.actions import queries as actions
from core.commands import EVERYONE, Command, Context
from core.errors import Refused
from core.items import queries as items
from core.overview import queries
from core.overview.cards import accounts_card, found_card, trace_card
from core.overview.params import Find, ShowAccounts
from core.overview.trace import trace
from core.requests import Reply, Whisper
from core.trails import ShowTrace


async def show_trace(context: Context, params: ShowTrace) -> Reply:
    """Where it came from and what came of it."""
    found = await trace(context.session, context.me, params.about)
    if found is None:
        raise Refused("That is not on this board. Type find and a word of its title.")
    return Whisper(trace_card(found, params.about, params.page))


async def find(context: Context, params: Find) -> Reply:
    """Everything that holds these words."""
    return Whisper(found_card(params.words, await queries.find(context.session, context.me, params.words)))


async def show_accounts(context: Context, params: ShowAccounts) -> Reply:
    """What was promised and kept."""
    session, me = context.session, context.me
    today = context.now.astimezone(me.zone).date()
    kept = await actions.kept_by(session, me.board, today, theme=params.by == "theme")
    return Whisper(accounts_card(kept, await items.answered(session, me.board), params))


COMMANDS: tuple[Command[Any], ...] = (
    Command(
        params=Find,
        handle=find,
        word="find",
        title="Find",
        help="Look for words in items, priorities, agreements, actions and themes.",
        example="find copthall",
        submit="Find",
        opens_form=True,
        reads=True,
        roles=EVERYONE,
    ),
    Command(
        params=ShowAccounts,
        handle=show_accounts,
        word="accountability",
        title="Promises kept",
        help="See what was promised and kept, by organisation or by theme.",
        example="accountability theme",
        reads=True,
        roles=EVERYONE,
    ),
    Command(
        params=ShowTrace, handle=show_trace, title="Trace", help="See where it comes from.", reads=True, roles=EVERYONE
    ),
)
