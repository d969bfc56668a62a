"""A neutral card as an Adaptive Card that Teams takes: version 1.5, under 80 KB, readable on a phone.

What is too long is shortened in sight, with a button to see the rest. A card that is still too heavy is drawn
again with smaller allowances, and in the end with its title and summary alone, so that it always sends.
"""

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, assert_never

import orjson

from adapters.teams import buttons, payload
from adapters.teams.buttons import Where
from adapters.teams.elements import Json, columns, heading, paragraphs, rich, root
from adapters.teams.text import clean, cut
from core.cards import (
    Bar,
    Block,
    Bold,
    Button,
    Buttons,
    Card,
    Chart,
    Choose,
    Columns,
    Divider,
    Facts,
    Form,
    Heading,
    Input,
    Line,
    Listing,
    Menu,
    Option,
    Params,
    Prose,
    Table,
    Text,
    plain,
)

HEAVIEST: Final = 72 * 1024
"""Bytes of a card as UTF-16: Teams takes messages of 100 KB, 80 are safe, and envelope and blanks need a little."""
NOTE_WEIGHT: Final = 4_096
"""Room for a note of 500 characters and what is around it, generously."""
DRAWINGS: Final = 16
BAR_CELLS: Final = 12
MOST_CHOICES: Final = 500


@dataclass(frozen=True, slots=True)
class Allowance:
    """How much of each growing thing is drawn; `whole` is for prose and listings that nothing else shows."""

    rows: int
    items: int
    prose: int
    lines: int
    words: int
    options: int
    blocks: int
    whole: int


_ALLOWANCES: Final = (
    Allowance(rows=30, items=30, prose=2_000, lines=30, words=3_000, options=24, blocks=60, whole=20_000),
    Allowance(rows=15, items=15, prose=1_000, lines=15, words=1_000, options=12, blocks=40, whole=4_000),
    Allowance(rows=8, items=8, prose=400, lines=8, words=200, options=6, blocks=25, whole=400),
    Allowance(rows=4, items=4, prose=150, lines=4, words=120, options=3, blocks=15, whole=150),
)


def weight(card: Mapping[str, Any]) -> int:
    """The bytes of a card as Teams counts them, in UTF-16."""
    return len(orjson.dumps(card).decode().encode("utf-16-le"))


def render(card: Card, *, where: Where = "chat", note: str = "") -> Json:
    """The card as a dict. `note` is a line for who clicked alone."""
    for allowance in _ALLOWANCES:
        made = _drawn(card, allowance, where, note)
        # UTF-16 is never more than twice UTF-8, so a light card needs no second count.
        if len(orjson.dumps(made)) * 2 <= HEAVIEST or weight(made) <= HEAVIEST:
            return made
    body = [
        heading(card.title, "Large"),
        rich((card.summary,), longest=1_000),
        rich(("This is too much to show here. Type home to find it in parts.",), "subtle"),
    ]
    return root(body, card.summary)


class Drawings:
    """Cards drawn once for all who are shown them: sixty clicks that share a card differ only in their notes."""

    def __init__(self, where: Where) -> None:
        self._where = where
        self._kept: OrderedDict[int, tuple[Card, Json, bool]] = OrderedDict()  # the card too, so that its id stays its

    def noted(self, card: Card, note: str) -> Json:
        """The same as `render`."""
        kept = self._kept.get(id(card))
        if kept is None:
            drawn = render(card, where=self._where)
            kept = self._kept[id(card)] = (card, drawn, len(orjson.dumps(drawn)) * 2 + NOTE_WEIGHT <= HEAVIEST)
            if len(self._kept) > DRAWINGS:
                self._kept.popitem(last=False)
        _, drawn, roomy = kept
        if not roomy:
            return render(card, where=self._where, note=note)
        return {**drawn, "body": [*drawn["body"], _note(note)]} if note else drawn


def _note(words: str) -> Json:
    return {**rich((words,), "subtle", longest=500), "separator": True}


def _drawn(card: Card, allowance: Allowance, where: Where, note: str) -> Json:
    body = [heading(card.title, "Large")] if card.title else []
    separated = False
    for index, block in enumerate(card.blocks):
        if index == allowance.blocks:
            body.append(rich((f"… and {len(card.blocks) - allowance.blocks} more parts",), "subtle"))
        if index >= allowance.blocks and not isinstance(block, Buttons):
            continue  # buttons stay, or there would be no way on
        if isinstance(block, Divider):
            separated = True
            continue
        for element in _block(block, allowance, where):
            if separated:
                element["separator"], separated = True, False
            body.append(element)
    if note:
        body.append(_note(note))
    return root(body or [rich((card.summary or "Nothing to show.",))], card.summary or card.title)


def elements(block: Block, *, where: Where = "chat") -> Iterator[Json]:
    """One block in full allowance, as for the introduction of a form."""
    return _block(block, _ALLOWANCES[1], where)


def _block(block: Block, allowance: Allowance, where: Where) -> Iterator[Json]:  # noqa: C901 - a case for each
    match block:
        case Heading():
            yield heading(block.text, "Medium")
        case Text():
            yield rich(block.line, block.tone, longest=allowance.words)
        case Prose():
            yield from _prose(block, allowance, where)
        case Facts():
            yield from _facts(block, allowance, where)
        case Listing():
            yield from _listing(block, allowance, where)
        case Table():
            yield from _table(block, allowance, where)
        case Chart():
            yield from _chart(block, allowance)
        case Columns():
            yield from _columns(block, allowance)
        case Buttons():
            yield from buttons.rows(block.buttons[: allowance.options], where)
            yield from _rest(len(block.buttons) - allowance.options, None, len(block.buttons), where)
        case Menu():
            yield from buttons.menu(block.label, block.options[: allowance.options], where)
            yield from _rest(len(block.options) - allowance.options, None, len(block.options), where)
        case Choose():
            yield from _choose(block, where)
        case Divider():
            yield {"type": "Container", "items": [], "separator": True}
        case _:
            assert_never(block)


def _facts(block: Facts, allowance: Allowance, where: Where) -> Iterator[Json]:
    for label, value in block.pairs[: allowance.rows]:
        yield columns(
            (2, rich((Bold(label),), longest=80)),
            (5, rich(value, longest=allowance.words)),
            spacing="Small",
        )
    yield from _rest(len(block.pairs) - allowance.rows, None, len(block.pairs), where)


@lru_cache(maxsize=64)
def _choices(options: tuple[Option, ...]) -> list[Json]:
    """What a list offers; kept, because each click on a card draws it anew. Nobody changes it."""
    return [
        {"title": cut(clean(each.label).replace("](", "] ("), 200), "value": payload.option_value(each.value)}
        for each in options[:MOST_CHOICES]
    ]


def _choose(block: Choose, where: Where) -> Iterator[Json]:
    """A list to pick from and a button: what is picked goes along with the button's command."""
    field = Input(block.name, block.label, "choice")
    data = payload.of_form(Form("", block.does.command, (field,), fixed=block.does.packed()))
    name = payload.input_id(block.name)
    yield {
        "type": "Input.ChoiceSet",
        "id": name,
        "style": "compact",
        "label": cut(clean(block.label), 200),
        "choices": _choices(block.options),
    }
    if where == "dialog":
        press = buttons.submit(block.submit, data)
    else:
        press = buttons.execute(block.submit, block.does.command, data)
    yield {"type": "ActionSet", "actions": [press]}


def _prose(block: Prose, allowance: Allowance, where: Where) -> Iterator[Json]:
    most = (allowance.prose, allowance.lines) if block.more else (allowance.whole, allowance.whole // 50)
    made, whole = paragraphs(block.text, *most)
    yield from made
    if not whole and block.more is not None:
        yield from buttons.rows((Button("Read it all", block.more),), where)


def _listing(block: Listing, allowance: Allowance, where: Where) -> Iterator[Json]:
    if block.title:
        yield rich((Bold(block.title),), longest=200)
    most = (allowance.items, min(allowance.words, 400)) if block.more else (allowance.whole // 50, allowance.words)
    items, longest = block.items[: most[0]], most[1]
    for item in items:
        line = ("• ", *item) if block.bullets else item
        yield rich(line, longest=longest, spacing="Small")
    left = len(block.items) - len(items)
    yield from _rest(left, block.more, len(block.items), where)
    if not left and block.more is not None and any(len(plain(item)) + 2 > longest for item in items):
        yield from buttons.rows((Button(f"See all {len(items)}", block.more),), where)


def _rest(missing: int, more: Params | None, total: int, where: Where) -> Iterator[Json]:
    """The sentence, and the button, for what was left out."""
    if missing <= 0:
        return
    yield rich((f"… and {missing} more",), "subtle", spacing="Small")
    if more is not None:
        yield from buttons.rows((Button(f"See all {total}", more),), where)


def _table(block: Table, allowance: Allowance, where: Where) -> Iterator[Json]:
    head: tuple[Line, ...] = tuple((Bold(name),) for name in block.columns)
    lines = (head, *block.rows[: allowance.rows])
    yield {
        "type": "Table",
        "firstRowAsHeaders": True,
        "showGridLines": False,
        "columns": [{"width": 2 if index == 0 else 1} for index in range(len(block.columns))],
        "rows": [{"type": "TableRow", "cells": [_cell(cell) for cell in line]} for line in lines],
    }
    yield from _rest(len(block.rows) - allowance.rows, block.more, len(block.rows), where)


def _columns(block: Columns, allowance: Allowance) -> Iterator[Json]:
    """A table with a row for each column: several side by side would be too narrow on a phone."""
    if not block.columns:
        return
    yield {
        "type": "Table",
        "firstRowAsHeaders": False,
        "showGridLines": True,
        "columns": [{"width": 1}, {"width": 3}],
        "rows": [
            {"type": "TableRow", "cells": [_cell((Bold(column.title),)), _stack(column.items, allowance)]}
            for column in block.columns[: allowance.rows]
        ],
    }


def _stack(lines: Sequence[Line], allowance: Allowance) -> Json:
    kept = [rich(line, longest=min(allowance.words, 400), spacing="Small") for line in lines[: allowance.items]]
    left = len(lines) - len(kept)
    rest = [rich((f"… and {left} more",), "subtle", spacing="Small")] if left > 0 else []
    return {"type": "TableCell", "items": [*kept, *rest] or [rich(("–",))]}


def _cell(line: Line) -> Json:
    return {"type": "TableCell", "items": [rich(line, longest=160)]}


def _chart(block: Chart, allowance: Allowance) -> Iterator[Json]:
    """Bars of letters: they read the same on a phone, in an emulator and aloud, and can carry a note each."""
    if block.title:
        yield rich((Bold(block.title),), longest=200)
    full = max(block.out_of, *(bar.value for bar in block.bars), 1) if block.bars else 1
    for bar in block.bars[: allowance.rows]:
        # By weights, so that the bars stand in line: a column as wide as its text would be each row's own width, and
        # Teams breaks "0.5" in two before it gives text more room.
        yield columns(
            (7, rich((bar.label,), longest=200)),
            (8, _bar(bar, full)),
            (5, rich((Bold(bar.shown or str(bar.value)),))),
        )
        if bar.note:
            yield rich((bar.note,), "subtle", longest=min(allowance.words, 300), spacing="None")
    yield from _rest(len(block.bars) - allowance.rows, None, len(block.bars), "chat")


def _bar(bar: Bar, full: int) -> Json:
    cells = min(BAR_CELLS, max(1, round(BAR_CELLS * bar.value / full))) if bar.value > 0 else 0
    drawn = "█" * cells + "░" * (BAR_CELLS - cells)
    return rich((drawn,), fontType="Monospace", color="Accent")
