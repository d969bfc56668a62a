"""The cards of the board as a whole: a trace, what a search finds, and mutual accountability."""

from collections.abc import Sequence

from core.actions.params import ListActions
from core.actions.queries import Kept
from core.cards import (
    Bar,
    Block,
    Bold,
    Button,
    Buttons,
    Card,
    Chart,
    Facts,
    Heading,
    Inline,
    Line,
    Listing,
    Menu,
    Text,
)
from core.items.params import ListItems
from core.items.queries import Answered
from core.overview.params import ShowAccounts
from core.overview.queries import Found
from core.overview.trace import Node, Trace
from core.paging import Place, turning
from core.texts import clipped
from core.trails import ShowTrace

PAGE = 20


def trace_card(found: Trace, ref: str, page: int = 0) -> Card:
    """The tree, with the thing that was asked for in bold, and the way to each; at first the page that it is on."""
    at = next((number for number, node in enumerate(found.nodes) if node.ref == ref), 0)
    here, last = found.nodes[at], -(-len(found.nodes) // PAGE)
    page = min(max(page or at // PAGE + 1, 1), last)
    shown = found.nodes[(page - 1) * PAGE : page * PAGE]
    lines = tuple(_line(node, node.ref == ref) for node in shown)
    blocks: list[Block] = [Text(("Theme: ", Bold(found.theme)))] if found.theme else []
    if len(found.nodes) == 1:
        blocks.append(Text(("Nothing came before it, and nothing has come of it yet.",), "subtle"))
    blocks.append(Listing(lines, bullets=False))
    if found.left and page == last:
        blocks.append(Text((f"… and {found.left} more; open one of them to follow it from there.",), "subtle"))
    options = tuple(Button(node.name, node.opens) for node in shown if node.opens is not None)
    if options:
        blocks.append(Menu("Open one of them", options))
    blocks += turning(page, last, lambda to: ShowTrace(ref, to))
    count = len(found.nodes) + found.left
    words = f"{here.name}: {count} {'thing' if count == 1 else 'things'} from its beginning to what came of it."
    return Card(title="From raised to done", blocks=tuple(blocks), summary=words)


def _line(node: Node, asked: bool) -> Line:
    name: Inline = Bold(node.name) if asked else node.name
    step = "    " * (node.depth - 1) + "↳ " if node.depth else ""
    return (f"{step}{node.mark} ", name, f" — {node.state}")


def found_card(words: str, found: Sequence[Found]) -> Card:
    """What was found, kind by kind."""
    title = f"Find “{words}”"
    if not found:
        said = "Nothing holds these words. Try fewer or shorter ones."
        return Card(title=title, blocks=(Text((said,)),), summary=said)
    blocks: list[Block] = []
    for each in found:
        lines: tuple[Line, ...] = tuple((name,) for name, _ in each.named)
        blocks += [Heading(f"{each.kind} ({each.total})"), Listing(lines)]
        if each.total > len(each.named):
            blocks.append(Buttons((Button(f"All {each.total}", each.every),)))
    options = tuple(Button(name, opens) for each in found for name, opens in each.named)
    blocks.append(Menu("Open one of them", options))
    total = sum(each.total for each in found)
    return Card(title=title, blocks=tuple(blocks), summary=f"{total} found for “{words}”.")


def accounts_card(kept: Sequence[Kept], items: Answered, params: ShowAccounts) -> Card:
    """What was promised and kept, so that a partner is glad to be shown it: what was kept comes first."""
    by = "theme" if params.by == "theme" else "organisation"
    other = "organisation" if by == "theme" else "theme"
    turn = Button(f"By {other}", ShowAccounts(other))
    title = f"Promises kept, by {by}"
    blocks: list[Block] = [Facts(tuple(_on_items(items)))] if items.raised else []
    if not kept:
        words = "Nobody has promised anything yet. An action that somebody accepts is the first promise."
        ways = Buttons((Button("Actions", ListActions()), turn))
        return Card(title=title, blocks=(Text((words,)), *blocks, ways), summary=words)
    place = Place(params.page, len(kept), PAGE)
    here = place.here(kept)
    bars = tuple(Bar(clipped(each.name, 60), each.kept, _note(each)) for each in here)
    promised, done = sum(each.promised for each in kept), sum(each.kept + each.kept_late for each in kept)
    words = f"{done} of {promised} promises kept so far."
    blocks = [
        Text((Bold(words), " Kept by their date, for each:")),
        Chart("", bars, out_of=max(each.promised for each in here)),
        *turning(place.page, place.last, lambda to: ShowAccounts(by, to)),
        *blocks,
        Buttons((turn, Button("What is over its date", ListActions("overdue")), Button("Items", ListItems("all")))),
    ]
    return Card(title=title, blocks=tuple(blocks), summary=words)


def _note(kept: Kept) -> str:
    parts = [f"of {kept.promised} promised"]
    if kept.kept_late:
        parts.append(f"{kept.kept_late} kept later")
    if kept.late:
        parts.append(f"{kept.late} still to come and glad of a hand")
    return "; ".join(parts)


def _on_items(items: Answered) -> list[tuple[str, Line]]:
    facts: list[tuple[str, Line]] = [("Items with a way on", (f"{items.settled} of {items.raised}",))]
    if items.days is not None:
        days = max(1, round(items.days))
        facts.append(("It took on average", (f"{days} {'day' if days == 1 else 'days'}",)))
    facts.append(("Led to doing", (f"{items.doing}, and {items.discussing} to a discussion at a meeting",)))
    return facts
