"""Looking for words in everything that a board has."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from core.actions import queries as actions
from core.actions.cards import name_of as action_name
from core.actions.params import ListActions, ShowAction
from core.agreements import queries as agreements
from core.agreements.cards import name_of as agreement_name
from core.agreements.views import ListAgreements, ShowAgreement
from core.cards import Params
from core.commands import Person
from core.items import queries as items
from core.items.cards import name_of as item_name
from core.items.params import ListItems, ShowItem
from core.priorities import queries as priorities
from core.priorities.params import ShowPipeline, ShowPriority
from core.texts import squashed
from core.themes.commands import ListThemes, ShowTheme
from core.themes.queries import themes

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Found:
    """What was found of one kind: the first of them with the way to each, how many in all, and the way to them."""

    kind: str
    named: Sequence[tuple[str, Params]]
    total: int
    every: Params


async def find(session: AsyncSession, person: Person, words: str) -> list[Found]:
    """Everything whose words hold these, kind by kind, kinds without any left out."""
    board = person.board
    raised = await items.page(session, person, items.Wanted(words=words), size=SHOWN)
    piped = await priorities.pipeline(session, board, words=words, limit=SHOWN)
    agreed, agreed_total = await agreements.agreements(session, board, search=words, limit=SHOWN)
    promised = await actions.page(session, board, actions.Wanted(filters=frozenset({"all"}), words=words), size=SHOWN)
    named = [each for each in await themes(session, board) if squashed(words) in squashed(each.name)]
    found = [
        Found("Themes", [(each.name, ShowTheme(each.ref)) for each in named[:SHOWN]], len(named), ListThemes()),
        Found("Items", [(item_name(each), ShowItem(each.ref)) for each in raised.rows], raised.total, ListItems(words)),
        Found(
            "Priorities",
            [(f"Priority {each.number}: {each.title}", ShowPriority(each.ref)) for each in piped.lines],
            piped.total,
            ShowPipeline(words),
        ),
        Found(
            "Agreements",
            [(agreement_name(each), ShowAgreement(each.ref)) for each in agreed],
            agreed_total,
            ListAgreements(words),
        ),
        Found(
            "Actions",
            [(action_name(each), ShowAction(each.ref)) for each in promised.rows],
            promised.total,
            ListActions(f"all {words}"),
        ),
    ]
    return [each for each in found if each.total]
