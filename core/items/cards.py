"""The cards of items: one, as it stands in every room; one with every way on; and lists."""

import datetime
from collections.abc import Callable
from typing import Any

from core.cards import Block, Bold, Button, Buttons, Card, Facts, Line, Listing, Menu, Params, Prose, Text
from core.items.models import Item
from core.items.params import (
    AnswerItem,
    DeclineItem,
    ListItems,
    MergeItem,
    ParkItem,
    RaiseItem,
    ReopenItem,
    ShowItem,
    SupportItem,
    ToAction,
    ToAgenda,
    ToPipeline,
    UnsupportItem,
    WithdrawItem,
)
from core.items.queries import Shown
from core.lists import Page, turning
from core.texts import some
from core.times import say_date
from core.trails import ShowHistory, ShowTrace, link_line

STATES = {
    "raised": "waits for its way on",
    "agenda": "for the agenda of the next meeting",
    "pipeline": "in the pipeline",
    "action": "being done",
    "answered": "answered",
    "parked": "rests",
    "declined": "not taken up",
    "merged": "part of another item",
    "withdrawn": "withdrawn",
}
MARKS = {
    "raised": "✋",
    "agenda": "📅",
    "pipeline": "▶",
    "action": "◐",
    "answered": "✅",
    "parked": "⏸",
    "declined": "✖",
    "merged": "↪",
    "withdrawn": "✖",
}
_GOOD = ("pipeline", "action", "answered", "agenda")


def name_of(item: Item) -> str:
    """What people call it: its number and title."""
    return f"Item {item.number}: {item.title}"


def _state(item: Item) -> str:
    until = f" until {say_date(item.parked_until)}" if item.parked_until else ""
    return STATES[item.state] + until


def _head(shown: Shown, say: str = "") -> list[Block]:
    item = shown.item
    blocks: list[Block] = [Text((say,), "attention")] if say else []
    if item.state == "raised":
        blocks.append(Text((f"Raised by {shown.raiser or 'a partner'}; {STATES['raised']}.",)))
    else:
        line: Line = (Bold(f"{MARKS[item.state]} {_state(item).capitalize()}"), f"{': ' if shown.became else '.'}")
        blocks.append(Text((*line, shown.became), "good" if item.state in _GOOD else "plain"))
    if item.answer:
        blocks.append(Prose(item.answer, more=ShowItem(item.ref)))
    facts: list[tuple[str, Line]] = [("Input requested", (item.wants,))]
    if item.state != "raised":
        facts.append(("Raised by", (shown.raiser or "a partner",)))
    if shown.theme:
        facts.append(("Theme", (shown.theme,)))
    if shown.triaged_by and item.state != "withdrawn":
        facts.append(("By", (shown.triaged_by,)))
    if shown.supports:
        facts.append(("Have this too", (Bold(str(len(shown.supports))), f": {some(shown.supports, 12)}")))
    if item.confidential:
        facts.append(("Seen by", ("the chair and who raised it, nobody else",)))
    if item.link:
        facts.append(("From", link_line(item.link)))
    blocks.append(Facts(tuple(facts)))
    if item.detail:
        blocks.append(Prose(item.detail, more=ShowItem(item.ref)))
    return blocks


def _see(ref: str) -> tuple[Button, ...]:
    return (Button("What came of it", ShowTrace(ref)), Button("History", ShowHistory(ref)))


def item_card(shown: Shown, say: str = "") -> Card:
    """One item: who raised what, who has it too, and what came of it."""
    item = shown.item
    ref = item.ref
    blocks = _head(shown, say)
    if item.state in ("raised", "parked", "agenda"):
        rare = [Button("We don't have it after all", UnsupportItem(ref))] if shown.supports else []
        rare += [Button("Take it back", WithdrawItem(ref), asks=True), *_see(ref)]
        blocks.append(Buttons((Button("We have this too", SupportItem(ref)),)))
        blocks.append(Menu("More", tuple(rare)))
    else:
        blocks.append(Buttons((*_see(ref), Button("Look at it again", ReopenItem(ref), asks=True))))
    return Card(title=name_of(item), blocks=tuple(blocks), summary=f"{name_of(item)}. {_state(item).capitalize()}.")


def triage_card(shown: Shown, queue: Params | None = None, waiting: int = 0) -> Card:
    """One item with every way on; once it has found one, what that was. queue: the way to the next one that waits."""
    item = shown.item
    ref = item.ref
    blocks = _head(shown)
    if item.state in ("raised", "parked", "agenda"):
        blocks.append(
            Buttons(
                (
                    Button("Into the pipeline", ToPipeline(ref), style="primary", asks=True),
                    Button("Make it an action", ToAction(ref), asks=True),
                    *([] if item.state == "agenda" else [Button("On the agenda", ToAgenda(ref), asks=True)]),
                    Button("Answer", AnswerItem(ref), asks=True),
                )
            )
        )
        rare = (
            Button("Park it", ParkItem(ref), asks=True),
            Button("Decline", DeclineItem(ref), asks=True),
            Button("Merge into another", MergeItem(ref), asks=True),
            *_see(ref),
        )
        blocks.append(Menu("Other ways", rare))
    else:
        blocks.append(Buttons((*_see(ref), Button("Look at it again", ReopenItem(ref), asks=True))))
    if queue is not None:
        blocks.append(Buttons((Button("Next", queue),)))
    words = f"{name_of(item)}. {_state(item).capitalize()}."
    if waiting:
        words = f"{waiting} {'item waits' if waiting == 1 else 'items wait'}. {words}"
        blocks.insert(0, Text((f"{waiting} {'item waits' if waiting == 1 else 'items wait'} for a way on.",), "subtle"))
    return Card(title=name_of(item), blocks=tuple(blocks), summary=words)


def empty_queue_card() -> Card:
    """Nothing waits."""
    words = "Nothing waits for its way on. Well done."
    return Card("Items that wait", (Text((words,), "good"), Buttons((Button("All items", ListItems("all")),))), words)


def list_card(
    page: Page[Any], title: str, to: Callable[[str], Params], today: datetime.date, *, sought: bool = False
) -> Card:
    """One page of a list of items, with the way to each. sought: by words or a number, so that others may be there."""
    new = Button("Raise an item", RaiseItem(), style="primary", asks=True)
    if not page.rows:
        words = "There are none. Whatever matters to a partner can be raised here."
        if sought:
            words = "No item fits that. Type items alone, or with mine, waiting, parked or answered."
        return Card(title=title, blocks=(Text((words,)), Buttons((new,))), summary=f"{title}: none.")
    lines: tuple[Line, ...] = tuple(
        (f"{MARKS[each.state]} ", Bold(f"{each.number}. {each.title}"), f" — {_state(each)}") for each in page.rows
    )
    waits = sum(each.waits(today) for each in page.rows)
    ways = [new, Button("Mine", ListItems("mine")), Button("Waiting", ListItems("waiting"))]
    blocks: list[Block] = [
        Listing(lines, bullets=False),
        Menu("Open an item", tuple(Button(name_of(each), ShowItem(each.ref)) for each in page.rows)),
        *turning(page, to),
        Buttons(tuple(ways)),
    ]
    word = "item" if page.total == 1 else "items"
    waiting = f", {waits} on this page waiting" if waits else ""
    return Card(title=title, blocks=tuple(blocks), summary=f"{title}: {page.total} {word}{waiting}.")
