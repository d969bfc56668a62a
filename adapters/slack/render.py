"""Card -> Block Kit, one core block at a time; `fit` asks again with less room for what is too long.

The limits are docs.slack.dev's "Block Kit reference". Lines are `rich_text`, whose strings are never
parsed, so nobody's asterisks, mentions or links turn into formatting; labels are `plain_text`.
"""

import json
from collections.abc import Iterable
from typing import Any, TypeAlias, assert_never

import orjson

from adapters.slack.text import escape, label, literal, mrkdwn, shorten, units
from core import cards
from core.cards import Bold, Button, Buttons, Inline, Italic, Line, Link, Menu, Params

Json: TypeAlias = dict[str, Any]

ROW = 5  # buttons side by side; more than that wraps badly on a phone
BUTTON_VALUE = 2000
OPTION_VALUE = 150
MENU = 100
_CELLS = 10
_TONES = {"plain": "", "subtle": "", "good": "✅ ", "attention": "🟠 ", "bad": "🔴 "}
TOO_LARGE = '{"c":""}'
"""The value of a button whose parameters Slack cannot carry; pressing it tells what to do instead."""


def plain_text(text: str) -> Json:
    """A `plain_text` object; the caller has cleaned and shortened the text."""
    return {"type": "plain_text", "text": text, "emoji": False}


def packed(does: Params) -> str:
    """A command and its parameters as a button's value: `{"c": command, "a": parameters}`."""
    return compact({"c": does.command, "a": does.packed()})


def compact(value: Json) -> str:
    """JSON without spaces; a lone surrogate, which no UTF-8 holds, becomes a question mark."""
    try:
        return orjson.dumps(value).decode()
    except TypeError:
        loose = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
        return loose.encode("utf-8", "replace").decode()


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


def _confirm(button: Button) -> Json:
    return {
        "title": plain_text("Are you sure?"),
        "text": plain_text(label(button.confirm, 300, "Are you sure?")),
        "confirm": plain_text(label(button.label, 30, "Yes")),
        "deny": plain_text("Cancel"),
        **({"style": "danger"} if button.style == "danger" else {}),
    }


def _button(button: Button, action_id: str) -> Json:
    value = packed(button.does)
    drawn: Json = {
        "type": "button",
        "action_id": action_id,
        "text": plain_text(label(button.label, 75, "Open")),
        "value": value if units(value) <= BUTTON_VALUE else TOO_LARGE,
    }
    if button.style != "plain":
        drawn["style"] = button.style
    if button.confirm:
        drawn["confirm"] = _confirm(button)
    return drawn


def rows(buttons: Iterable[Button], name: str) -> list[Json]:
    """Buttons in rows that a phone shows well; `name` makes their action ids unique in the card."""
    numbered = [_button(button, f"{name}.{at}") for at, button in enumerate(buttons)]
    return [{"type": "actions", "elements": list(row)} for row in batched_rows(numbered)]


def batched_rows(drawn: list[Json], size: int = ROW) -> list[list[Json]]:
    """The elements of action blocks, `size` in each."""
    return [drawn[at : at + size] for at in range(0, len(drawn), size)]


def _menu(block: Menu, name: str) -> list[Json]:
    """A select where Slack can carry every option's command in its 150 characters, else plain buttons."""
    fits = all(not option.confirm and units(packed(option.does)) <= OPTION_VALUE for option in block.options)
    if not fits or len({packed(option.does) for option in block.options}) < len(block.options):
        return rows(block.options, name)
    drawn = []
    for at in range(0, len(block.options), MENU):
        options = [
            {"text": plain_text(label(option.label, 75, "Open")), "value": packed(option.does)}
            for option in block.options[at : at + MENU]
        ]
        placeholder = plain_text(label(block.label, 150, "More"))
        select = {
            "type": "static_select",
            "action_id": f"{name}.{at}",
            "placeholder": placeholder,
            "options": options,
        }
        drawn.append({"type": "actions", "elements": [select]})
    return drawn


def _choose(block: cards.Choose, name: str) -> list[Json]:
    """Selects that run the command as soon as an option is picked."""
    drawn = []
    for at in range(0, len(block.options), MENU):
        options = []
        for option in block.options[at : at + MENU]:
            value = compact({"c": block.does.command, "a": {**block.does.packed(), block.name: option.value}})
            text = plain_text(label(option.label, 75, "–"))
            options.append({"text": text, "value": value if units(value) <= OPTION_VALUE else TOO_LARGE})
        placeholder = plain_text(label(block.label, 150, "Choose"))
        select = {"type": "static_select", "action_id": f"{name}.{at}", "placeholder": placeholder, "options": options}
        drawn.append({"type": "actions", "elements": [select]})
    return drawn


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
        case Buttons(buttons=buttons):
            drawn = rows(buttons, name)
        case Menu():
            drawn = _menu(block, name)
        case cards.Choose():
            drawn = _choose(block, name)
        case cards.Divider():
            drawn = [{"type": "divider"}]
        case _:
            assert_never(block)
    return drawn
