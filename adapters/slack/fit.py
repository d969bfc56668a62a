"""A whole card within what a Slack surface takes: the largest growing block gives way, buttons never."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

import orjson

from adapters.slack.buttons import Json, batched_rows, plain_text
from adapters.slack.render import draw, rich, section
from adapters.slack.text import clean, escape, label, shorten
from core import cards
from core.cards import Card

_FLOOR = 160
_GROWING = (cards.Prose, cards.Facts, cards.Listing, cards.Table, cards.Chart, cards.Columns)


@dataclass(frozen=True, slots=True)
class Surface:
    """What a message or view takes: how many blocks, how heavy in all, how long one growing block may be."""

    blocks: int
    weight: int
    room: int


MESSAGE = Surface(blocks=50, weight=12_000, room=4_000)
"""`msg_blocks_too_long` is undocumented: 13,297 characters of text alone were taken, 13,172 beside a divider,
and 11,341 in rich text refused (github.com/slackapi/bolt-js issues 2509, 2867). So containers count too."""
VIEW = Surface(blocks=100, weight=180_000, room=60_000)
"""Modals and App Home: a view may weigh 250 KB."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A card as Slack blocks, the text for notifications, and whether all of it is there."""

    blocks: list[Json]
    text: str
    whole: bool


@dataclass(slots=True)
class _Piece:
    block: cards.Block
    name: str
    room: int
    drawn: list[Json] = dataclasses.field(default_factory=list)
    weight: int = 0

    def redraw(self, room: int) -> None:
        self.room = room
        self.drawn = draw(self.block, room, self.name)
        self.weight = _weigh(self.drawn)


def _weigh(blocks: Sequence[Json]) -> int:
    """Bytes of JSON and 100 for each block, a cautious stand-in for Slack's own unpublished sum."""
    return len(orjson.dumps(blocks)) + 100 * len(blocks)


def _overweight(blocks: Sequence[Json], surface: Surface) -> bool:
    """Whether the sum is too much; buttons, which never leave, count for half of the surface at most."""
    buttons = [block for block in blocks if block["type"] == "actions"]
    words = [block for block in blocks if block["type"] != "actions"]
    return _weigh(words) + min(_weigh(buttons), surface.weight // 2) > surface.weight


def _compact(blocks: list[Json]) -> list[Json]:
    """The same words in fewer blocks: no dividers, neighbouring paragraphs together, buttons 25 to a row."""
    packed: list[Json] = []
    for block in blocks:
        kind, last = block["type"], packed[-1] if packed else None
        if kind == "divider":
            continue
        most = {"rich_text": 1000, "actions": 25}.get(kind, 0)
        alike = last is not None and last["type"] == kind and most
        if last is not None and alike and len(last["elements"]) + len(block["elements"]) <= most:
            packed[-1] = {**last, "elements": last["elements"] + block["elements"]}
        else:
            packed.append(block)
    return packed


def _gather_actions(blocks: list[Json]) -> list[Json]:
    """The last resort for a card of too many buttons: all of them at the end, 25 to a block."""
    buttons = [element for block in blocks if block["type"] == "actions" for element in block["elements"]]
    rest = [block for block in blocks if block["type"] != "actions"]
    return rest + [{"type": "actions", "elements": row} for row in batched_rows(buttons, 25)]


def _drop(blocks: list[Json], surface: Surface) -> list[Json]:
    """Words leave from the end until the rest fits, and a line says so; buttons stay."""
    note = rich(section([{"type": "text", "text": "… the rest does not fit here.", "style": {"italic": True}}]))
    kept = list(blocks)
    words = [at for at, block in enumerate(kept) if block["type"] not in ("actions", "header")]
    while words and (len(kept) >= surface.blocks or _overweight(kept, surface)):
        del kept[words.pop()]
    at = words[-1] + 1 if words else sum(1 for block in kept[:1] if block["type"] == "header")
    kept.insert(at, note)
    return kept[: surface.blocks]


def _shrink(pieces: list[_Piece], surface: Surface) -> bool:
    """Takes room from the heaviest growing block until the sum holds; tells whether anything was taken."""
    taken = False
    while _overweight([block for piece in pieces for block in piece.drawn], surface):
        growing = [piece for piece in pieces if piece.room > _FLOOR and isinstance(piece.block, _GROWING)]
        if not growing:
            break
        heaviest = max(growing, key=lambda piece: piece.weight)
        heaviest.redraw(max(_FLOOR, int(min(heaviest.room, heaviest.weight) * 0.7)))
        taken = True
    return taken


def fit(blocks: Sequence[cards.Block], surface: Surface, title: str = "") -> tuple[list[Json], bool]:
    """The blocks of a card (under its title) within the surface, and whether nothing had to be left out."""
    head: list[Json] = []
    if named := label(title, 150, ""):
        head.append({"type": "header", "text": plain_text(named)})
    pieces = [_Piece(block, f"b{at}", surface.room) for at, block in enumerate(blocks)]
    whole = True
    for piece in pieces:
        piece.redraw(surface.room)
        if isinstance(piece.block, _GROWING) and piece.weight > surface.room * 3 // 8:  # the length of one line
            whole = whole and _complete(piece)
    taken = _shrink(pieces, dataclasses.replace(surface, weight=surface.weight - _weigh(head)))
    drawn = head + [block for piece in pieces for block in piece.drawn]
    if len(drawn) > surface.blocks or _overweight(drawn, surface):
        drawn = _compact(drawn)
    if sum(block["type"] == "actions" for block in drawn) >= surface.blocks - 1:
        drawn = _gather_actions(drawn)
    if len(drawn) > surface.blocks or _overweight(drawn, surface):
        drawn, taken = _drop(drawn, surface), True
    return drawn, whole and not taken


def _complete(piece: _Piece) -> bool:
    """Whether the drawing already holds everything; only asked of what is nearly as large as its room."""
    return draw(piece.block, 1_000_000, piece.name) == piece.drawn


def message(card: Card) -> Drawn:
    """A card as a message: blocks, and the summary as the text of notifications and screen readers."""
    blocks, whole = fit(card.blocks, MESSAGE, card.title)
    said = (shorten(clean(words).strip(), 600) for words in (card.summary, card.title, "Folkmoot"))
    text = escape(next(words for words in said if words))
    return Drawn(blocks or [rich(section([]))], text, whole)


def home(card: Card) -> Json:
    """A card as the App Home tab's view."""
    blocks, _ = fit(card.blocks, VIEW, card.title)
    return {"type": "home", "blocks": blocks or [rich(section([]))]}


def reading(card: Card) -> Json:
    """A card as a modal that is only read, for what is too long for a message."""
    blocks, _ = fit(card.blocks, VIEW, "")
    return {
        "type": "modal",
        "callback_id": "reading",
        "title": plain_text(label(card.title, 24, "Folkmoot")),
        "close": plain_text("Close"),
        "blocks": blocks or [rich(section([]))],
    }
