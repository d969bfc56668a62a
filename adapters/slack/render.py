"""Card -> Block Kit, one core block at a time; `fit` asks again with less room for what is too long.

The limits are docs.slack.dev's "Block Kit reference". Lines are `rich_text`, whose strings are never
parsed, so nobody's asterisks, mentions or links turn into formatting; labels are `plain_text`.
"""

from collections.abc import Iterable
from typing import assert_never

import orjson

from adapters.slack.buttons import Json, choose, menu, plain_text, rows
from adapters.slack.text import escape, literal, mrkdwn, shorten, units
from core import cards
from core.cards import Bold, Button, Buttons, Inline, Italic, Line, Link, Menu, Params

_CELLS = 10
_TONES = {"plain": "", "subtle": "", "good": "✅ ", "attention": "🟠 ", "bad": "🔴 "}
"""The value of a button whose parameters Slack cannot carry; pressing it tells what to do instead."""


def elements(line: Iterable[Inline], style: str = "") -> list[Json]:
    """The parts of a line as rich text elements; empty parts are left out, because Slack refuses them."""
    drawn: list[Json] = []
    for part in line:
        text = literal(part if isinstance(part, str) else part.text)
        if not text:
            continue
        styles = {style: True} if style else {}
        match part:
            case str():
                element: Json = {"type": "text", "text": text}
            case Bold():
                element, styles = {"type": "text", "text": text}, {**styles, "bold": True}
            case Italic():
                element, styles = {"type": "text", "text": text}, {**styles, "italic": True}
            case Link(url=url):
                safe = url.startswith(("https://", "http://")) and len(url) <= 3000
                element = {"type": "link", "url": url, "text": text} if safe else {"type": "text", "text": text}
            case _:
                assert_never(part)
        drawn.append({**element, "style": styles} if styles else element)
    return drawn


def section(parts: list[Json]) -> Json:
    """One paragraph of rich text."""
    return {"type": "rich_text_section", "elements": parts or [{"type": "text", "text": "–"}]}


def rich(*parts: Json) -> Json:
    """A rich text block."""
    return {"type": "rich_text", "elements": list(parts)}


def cut(line: Line, limit: int) -> Line:
    """A line of at most `limit` units, cut visibly."""
    kept: list[Inline] = []
    for part in line:
        text = literal(part if isinstance(part, str) else part.text)  # as it will be written: longer than it came
        short = shorten(text, limit)
        if isinstance(part, str):
            kept.append(short)
        elif isinstance(part, Link):
            kept.append(Link(short, part.url))
        else:
            kept.append(type(part)(short))
        limit -= units(text)
        if limit <= 0:
            break
    return tuple(kept)


def _with_links(line: Line) -> str:
    """A line as mrkdwn, the only text of a context block that can hold a link."""
    spans = []
    for part in line:
        text = mrkdwn(part if isinstance(part, str) else part.text)
        safe = isinstance(part, Link) and part.url.startswith(("https://", "http://")) and "|" not in part.url
        spans.append(f"<{escape(part.url)}|{text}>" if isinstance(part, Link) and safe and text else text)
    return "".join(spans).strip()


def _small_print(line: Line) -> list[Json]:
    words = shorten(literal(cards.plain(line)), 2000).strip()
    if not words:
        return []
    if any(isinstance(part, Link) for part in line):
        written = _with_links(cut(line, 1200))
        if 0 < units(written) <= 3000:
            return [{"type": "context", "elements": [{"type": "mrkdwn", "text": written}]}]
    return [{"type": "context", "elements": [plain_text(words)]}]


def _paragraph(block: cards.Text) -> list[Json]:
    if block.tone == "subtle":
        return _small_print(block.line)
    parts = elements(cut(block.line, 3000))
    sign = _TONES[block.tone]
    return [rich(section(([{"type": "text", "text": sign}] if sign else []) + parts))] if parts else []


def _see_all(more: Params | None, words: str, name: str) -> list[Json]:
    return rows([Button(words, more)], f"{name}.more") if more else []


def _prose(block: cards.Prose, room: int, name: str) -> list[Json]:
    text = literal(block.text).strip()
    if not text:
        return []
    short = shorten(text, room)
    step = 3000 if units(short) == len(short) else 1500  # no limit is documented; text objects elsewhere take 3,000
    parts = [{"type": "text", "text": short[at : at + step]} for at in range(0, len(short), step)]
    drawn = [rich({"type": "rich_text_quote", "elements": parts})]
    return drawn + (_see_all(block.more, "Read it all", name) if short != text else [])


def _kept(lines: list[list[Json]], room: int) -> list[list[Json]]:
    """The first of the lines that fit into the room, and one at least."""
    used = 0
    for at, line in enumerate(lines):
        used += sum(len(orjson.dumps(part)) for part in line) + 45
        if used > room and at:
            return lines[:at]
    return lines


def _entries(title: str, lines: list[Line], more: Params | None, room: int, name: str, *, bullets: bool) -> list[Json]:
    """Lines under a title, as many as there is room for, and what says that there are more."""
    each = max(60, min(room * 3 // 8, 3000))
    drawn = [parts for line in lines if (parts := elements(cut(line, each)))]
    kept = _kept(drawn, room)
    written: list[Json] = []
    if title:
        written.append(section(elements((Bold(shorten(title, 300)),))))
    if kept and bullets:
        written.append({"type": "rich_text_list", "style": "bullet", "elements": [section(line) for line in kept]})
    elif kept:
        written += [section(line) for line in kept]
    left = len(drawn) - len(kept)
    if left:
        written.append(section(elements((Italic(f"… and {left} more"),))))
    cropped = left or any(units(cards.plain(line)) > each for line in lines)
    return ([rich(*written)] if written else []) + (_see_all(more, f"See all {len(drawn)}", name) if cropped else [])


def _table(block: cards.Table, room: int, name: str) -> list[Json]:
    """Rows as entries, since columns do not fit a phone: the first cell in bold, the others named."""
    lines: list[Line] = []
    for row in block.rows:
        line: list[Inline] = [Bold(cards.plain(row[0]))] if row else []
        for column, cell in list(zip(block.columns, row, strict=False))[1:]:
            if cards.plain(cell):
                line += [" — " if len(block.columns) == 2 else f" · {column}: ", *cell]
        lines.append(tuple(line))
    heading = " — ".join(column for column in block.columns if column) if len(block.columns) == 2 else ""
    return _entries(heading, lines, block.more, room, name, bullets=True)


def _chart(block: cards.Chart, room: int, name: str) -> list[Json]:
    """Bars first, so that they line up on any screen, then the count and the label."""
    full = max([block.out_of, 1, *(bar.value for bar in block.bars)])
    lines: list[Line] = []
    for bar in block.bars:
        cells = max(round(_CELLS * bar.value / full), 1 if bar.value > 0 else 0)
        drawn = "▓" * cells + "░" * (_CELLS - cells)
        note = (" — ", Italic(bar.note)) if bar.note else ()
        lines.append((f"{drawn} {bar.shown or bar.value} · {bar.label}", *note))
    return _entries(block.title, lines, None, room, name, bullets=False)


def _columns(block: cards.Columns, room: int, name: str) -> list[Json]:
    """Two side by side, as a section's fields are (10 at most, of 2,000 characters); too long, one below the other."""
    fields = [
        "\n".join([f"*{mrkdwn(column.title)}*", *(f"• {mrkdwn(cards.plain(line))}" for line in column.items)])
        for column in block.columns
    ]
    if fields and len(fields) <= 10 and all(units(each) <= 2000 for each in fields) and sum(map(units, fields)) <= room:
        return [{"type": "section", "fields": [{"type": "mrkdwn", "text": each} for each in fields]}]
    each = room // max(len(fields), 1)
    drawn = [_entries(column.title, list(column.items), None, each, name, bullets=True) for column in block.columns]
    return [one for entries in drawn for one in entries]


def _controls(block: Buttons | Menu | cards.Choose, name: str) -> list[Json]:
    match block:
        case Buttons(buttons=buttons):
            return rows(buttons, name)
        case Menu():
            return menu(block, name)
        case cards.Choose():
            return choose(block, name)
        case _:
            assert_never(block)


def draw(block: cards.Block, room: int, name: str) -> list[Json]:
    """One block of a card as Slack blocks; `room` bounds what may grow, `name` begins its action ids."""
    drawn: list[Json]
    match block:
        case cards.Heading(text=text):
            bold = elements((Bold(shorten(text, 300)),)) if literal(text).strip() else []
            drawn = [rich(section(bold))] if bold else []
        case cards.Text():
            drawn = _paragraph(block)
        case cards.Prose():
            drawn = _prose(block, room, name)
        case cards.Facts(pairs=pairs):
            facts: list[Line] = [(Bold(f"{key}: "), *value) for key, value in pairs]
            drawn = _entries("", facts, None, room, name, bullets=False)
        case cards.Listing(items=items, title=title, more=more, bullets=bullets):
            drawn = _entries(title, list(items), more, room, name, bullets=bullets)
        case cards.Table():
            drawn = _table(block, room, name)
        case cards.Chart():
            drawn = _chart(block, room, name)
        case cards.Columns():
            drawn = _columns(block, room, name)
        case Buttons() | Menu() | cards.Choose():
            drawn = _controls(block, name)
        case cards.Divider():
            drawn = [{"type": "divider"}]
        case _:
            assert_never(block)
    return drawn
