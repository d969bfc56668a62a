"""What people can ask of the register: the decisions, newest first."""

from dataclasses import dataclass
from typing import Any, ClassVar

from core.cards import Block, Bold, Card, Params, Text
from core.commands import EVERYONE, Command, Context, param
from core.errors import Refused
from core.paging import Place
from core.register import queries
from core.requests import Reply, Whisper
from core.texts import clipped
from core.times import say_moment
from core.trails import ShowHistory

PAGE = 10
RESULTS = {"passed": "✅ agreed", "not passed": "❌ not agreed", "no quorum": "➖ no quorum"}


@dataclass(frozen=True)
class ListDecisions(Params):
    """The decision register."""

    command: ClassVar[str] = "register.decisions"
    page: int = param("number", "Page", default=1, hidden=True)


async def list_decisions(context: Context, params: ListDecisions) -> Reply:
    """One page of the decision register."""
    me = context.me
    total = await queries.count_decisions(context.session, me.board)
    if not total:
        words = "The board has taken no decisions yet. They are numbered here as agreements close."
        return Whisper(Card(title="Decisions", blocks=(Text((words,)),), summary=words))
    place = Place(params.page, total, PAGE)
    found = await queries.decisions(context.session, me.board, offset=place.start, limit=PAGE)
    blocks: list[Block] = []
    for entry in found:
        result = RESULTS.get(str(entry.detail.get("result")), "")
        blocks.append(Text((Bold(entry.number or ""), f" {entry.title} — {result}")))
        blocks.append(Text((f"{entry.detail.get('statement', '')} {say_moment(entry.at, me.zone)}",), "subtle"))
    blocks += place.turning(ListDecisions, back="Newer", on="Older")
    word = "decision" if total == 1 else "decisions"
    return Whisper(Card(title="Decisions", blocks=tuple(blocks), summary=f"{total} {word} in the register."))


async def show_history(context: Context, params: ShowHistory) -> Reply:
    """What has happened to one thing: who did what, when, and what was said with it; the newest first."""
    me = context.me
    page = max(1, params.page)
    found, total = await queries.page_about(
        context.session, me.board, params.about, offset=(page - 1) * PAGE, limit=PAGE
    )
    if not total:
        raise Refused("The register of this board says nothing of that yet.")
    place = Place(page, total, PAGE)
    if page > place.last:
        return await show_history(context, ShowHistory(params.about, place.last))
    blocks: list[Block] = []
    for entry in found:
        note = str(entry.detail.get("note") or entry.detail.get("why") or "")
        blocks.append(Text((Bold(entry.kind.capitalize()), f" — {entry.actor}, {say_moment(entry.at, me.zone)}")))
        if note:
            blocks.append(Text((clipped(note, 300),), "subtle"))
    blocks += place.turning(lambda to: ShowHistory(params.about, to), back="Newer", on="Older")
    title = found[0].title
    return Whisper(Card(f"History: {title}", tuple(blocks), f"{title}: {total} entries in the register."))


COMMANDS: tuple[Command[Any], ...] = (
    Command(
        params=ListDecisions,
        handle=list_decisions,
        word="decisions",
        title="Decisions",
        help="See the decision register, newest first.",
        example="decisions",
        reads=True,
        roles=EVERYONE,
    ),
    Command(
        params=ShowHistory,
        handle=show_history,
        title="History",
        help="See what happened to it.",
        reads=True,
        roles=EVERYONE,
    ),
)
