"""Reading what stands on a screen: all visible words, and the elements that can be used."""

import html
import re
from collections.abc import Iterator
from typing import Any

from bot.sandbox.slack.world import Json, Message

_INVISIBLE = re.compile("[\u200b\u2060\ufeff]")
_LINK = re.compile(r"<([^<>|]+)(?:\|([^<>]*))?>")
_DRESS = re.compile(r"(?<!\w)([*_~`])(?=\S)(.+?)(?<=\S)\1(?!\w)")
_SPOKEN = {"title", "name", "label", "alt_text", "caption", "initial_value"}
CHOOSERS = ("static_select", "multi_static_select", "overflow", "radio_buttons", "checkboxes")


def text_of(shown: Message | Json | list[Json]) -> str:
    """All visible words of a message, a view, or blocks, one piece a line, without mrkdwn's marks."""
    if isinstance(shown, Message):
        return text_of(shown.blocks) if shown.blocks else undress(shown.text)
    if isinstance(shown, list):
        return "\n".join(word for block in shown for word in _words(block) if word)
    titles = [shown[name]["text"] for name in ("title", "submit", "close") if shown.get(name)]
    return "\n".join([*titles[:1], text_of(shown.get("blocks", [])), *titles[1:]])


def undress(text: str) -> str:
    """mrkdwn as it is read: links by their label, marks and entities resolved."""

    def link(found: re.Match[str]) -> str:
        return found[2] or (found[1] if not found[1].startswith("!") else "@" + found[1][1:])

    seen = _DRESS.sub(r"\2", _LINK.sub(link, _INVISIBLE.sub("", text)))
    return html.unescape(_DRESS.sub(r"\2", seen))


def _words(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _words(each)
        return
    if not isinstance(value, dict):
        return
    kind, text = value.get("type"), value.get("text")
    if kind == "rich_text_section":
        yield "".join(_leaf(each) for each in value.get("elements", []))
        return
    if isinstance(text, str):
        yield undress(text) if kind in ("mrkdwn", "markdown") else _INVISIBLE.sub("", text)
    for key, inner in value.items():
        if key in ("title", "name", "label", "alt_text", "caption", "initial_value") and isinstance(inner, str):
            yield inner
        elif key == "value" and isinstance(inner, int | float):
            yield str(inner)
        elif key not in ("confirm", "initial_option", "initial_options"):
            yield from _words(inner)


def _leaf(leaf: Json) -> str:
    return str(leaf.get("text") or leaf.get("url") or leaf.get("name") or leaf.get("user_id") or "")


def elements(blocks: list[Json]) -> Iterator[tuple[str, Json]]:
    """Every usable element with its block_id, top to bottom."""
    for block in blocks:
        name = block.get("block_id", "")
        for part in ("accessory", "element"):
            if isinstance(block.get(part), dict) and block[part].get("type") != "image":
                yield name, block[part]
        if block["type"] in ("actions", "context_actions"):
            yield from ((name, element) for element in block["elements"])
        if block["type"] == "card":
            yield from ((name, element) for element in block.get("actions", []))
        if block["type"] in ("container", "carousel"):
            yield from elements(block.get("child_blocks") or block.get("elements") or [])


def options(element: Json) -> list[Json]:
    """The options of a menu, its groups unfolded."""
    groups = element.get("option_groups", [])
    return [*element.get("options", []), *(option for group in groups for option in group["options"])]


def find_button(blocks: list[Json], wanted: str, block_id: str = "") -> tuple[str, Json] | None:
    """The button with this label, or else with this action_id."""
    buttons = [(name, each) for name, each in elements(blocks) if each["type"] == "button" and block_id in ("", name)]
    for name, each in buttons:
        if wanted in (undress(each["text"]["text"]), each["text"]["text"]):
            return name, each
    return next(((name, each) for name, each in buttons if each.get("action_id") == wanted), None)


def find_option(
    blocks: list[Json], wanted: str, block_id: str = "", action_id: str = ""
) -> tuple[str, Json, Json] | None:
    """The menu and its option with this label or value."""
    for by_label in (True, False):
        for name, each in elements(blocks):
            if each["type"] not in CHOOSERS or block_id not in ("", name):
                continue
            if action_id not in ("", each.get("action_id")):
                continue
            for option in options(each):
                if wanted == (option["text"]["text"] if by_label else option["value"]):
                    return name, each, option
    return None
