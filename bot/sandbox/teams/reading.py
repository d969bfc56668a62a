"""What a person can read in a message: every visible word of its text and cards."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from bot.sandbox.teams.cards import CONTENT_TYPE
from bot.sandbox.teams.shapes import drawn

_NESTED = (
    "body",
    "items",
    "columns",
    "rows",
    "cells",
    "facts",
    "inlines",
    "choices",
    "images",
    "data",
    "actions",
)
_WORDS = ("label", "text", "title", "value", "placeholder", "legend", "altText")
_ONLY_HERE = {"value": ("Fact",), "altText": ("Image",)}


def text_of(activity: Mapping[str, Any]) -> str:
    """All visible words of an activity (or of a card alone), one part a line, without Markdown's marks."""
    if activity.get("type") == "AdaptiveCard":
        return "\n".join(_card(activity))
    lines = [plain(str(activity["text"]))] if activity.get("text") else []
    for attachment in activity.get("attachments") or ():
        if attachment.get("contentType") == CONTENT_TYPE:
            lines.extend(_card(attachment["content"]))
    return "\n".join(lines)


def plain(markdown: str) -> str:
    """Text without the Markdown that Teams draws (bold, italic, links, escapes) and without mention tags."""
    text = re.sub(r"</?at[^>]*>", "", markdown)
    text = re.sub(r"(?<!\\)\[([^\]]*)\]\([^)\s]*\)", r"\1", text)
    text = re.sub(r"(?<!\\)\*\*(.+?)(?<!\\)\*\*", r"\1", text, flags=re.S)
    text = re.sub(r"(?<![\w\\])_([^_\n]+)(?<!\\)_(?!\w)", r"\1", text)
    return re.sub(r"\\([\\`*_{}\[\]()#+\-.!~>|<&])", r"\1", text)


def _card(card: Mapping[str, Any]) -> Iterator[str]:
    for key in ("body", "actions"):
        for each in card.get(key) or ():
            yield from _element(each)


def _element(element: Any, inside: str = "") -> Iterator[str]:
    if isinstance(element, str):
        yield plain(element)
        return
    element = element if inside else drawn(element)
    if not isinstance(element, Mapping) or element.get("isVisible") is False:
        return
    kind = str(element.get("type") or inside)
    for key in _WORDS:
        value = element.get(key)
        if isinstance(value, str) and value and kind in _ONLY_HERE.get(key, (kind,)):
            yield plain(value)
    if inside == "Bar":
        yield from (str(element[key]) for key in ("x", "y", "value") if key in element)
    if kind.startswith("Input."):
        yield from _preset(kind, element)
    if kind == "Action.ShowCard":
        yield from _card(element.get("card") or {})
        return
    if kind.startswith("Action."):
        return
    for key in _NESTED:
        nested = element.get(key)
        for each in nested if isinstance(nested, list) else ():
            yield from _element(each, {"facts": "Fact", "data": "Bar"}.get(key, ""))


def _preset(kind: str, element: Mapping[str, Any]) -> Iterator[str]:
    # A choice's title is read with the choices themselves.
    if kind not in ("Input.ChoiceSet", "Input.Toggle") and element.get("value") not in (None, ""):
        yield str(element["value"])
