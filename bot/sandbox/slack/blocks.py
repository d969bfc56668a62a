"""Block Kit as Slack checks it before it takes a message, a modal or a home: strict, with Slack's own words.

https://docs.slack.dev/reference/block-kit/blocks. The size of a whole message is nowhere documented: people
who measured it found `msg_blocks_too_long` at about 13,200 characters of rendered text, where each further
block costs some 100 to 125 (github.com/slackapi/bolt-js issues 2509 and 2867). We refuse at the lower end.
"""

import re
from collections.abc import Callable
from typing import Any

import orjson

from bot.sandbox.slack.checks import ANY_TEXT, PLAIN, Checker, Json
from bot.sandbox.slack.elements import (
    IN_ACCESSORY,
    IN_ACTIONS,
    IN_CONTEXT_ACTIONS,
    IN_INPUT,
    check_element,
    check_image,
)
from bot.sandbox.slack.richtext import characters, check_chart, check_data_table, check_rich_text, check_table

MESSAGE_CHARACTERS = 13_200
CHARACTERS_PER_BLOCK = 125
VIEW_BYTES = 250_000
_BASE = ("type", "block_id")
_FLAT = {"actions", "context", "divider", "header", "image", "input", "rich_text", "section", "video"}
_EVERYWHERE = _FLAT | {"card"}
_DATA = {"table", "data_table", "data_visualization", "carousel", "container"}
_SURFACES: dict[str, set[str]] = {
    "message": _EVERYWHERE | _DATA | {"markdown", "context_actions", "file"},
    "modal": _EVERYWHERE | {"alert"},
    "home": _EVERYWHERE | _DATA,
}


def check_message(blocks: Any) -> list[str]:
    """Every problem of a message's blocks, empty when Slack would take them (but see `too_long`)."""
    check = Checker("message")
    if not isinstance(blocks, list):
        return ["must be an array [json-pointer:/blocks]"]
    _blocks(check, {"blocks": blocks}, "", 50)
    if not check.problems:
        kinds = [block["type"] for block in _walk(blocks)]
        if kinds.count("table") + kinds.count("data_table") > 1:
            check.add("/blocks", "only_one_table_allowed")
        if kinds.count("data_visualization") > 2:
            check.add("/blocks", "no more than 2 data_visualization blocks allowed")
        if sum(len(block["text"]) for block in _walk(blocks) if block["type"] == "markdown") > 12_000:
            check.add("/blocks", "must be less than 12001 characters in all markdown blocks")
    return check.problems


def too_long(blocks: list[Json]) -> bool:
    """Whether a message's blocks are together more than Slack takes (`msg_blocks_too_long`)."""
    return characters(blocks) + CHARACTERS_PER_BLOCK * max(0, len(blocks) - 1) > MESSAGE_CHARACTERS


def view_too_large(view: Json) -> bool:
    """Whether a view is over 250 KB."""
    return len(orjson.dumps(view)) > VIEW_BYTES


def check_view(view: Any, kinds: tuple[str, ...] = ("modal",)) -> list[str]:
    """Every problem of a view, which must be of one of `kinds` (`modal`, `home`)."""
    kind = view.get("type") if isinstance(view, dict) else None
    check = Checker(str(kind))
    if kind not in kinds:
        check.add("/view/type", f"must be one of: {', '.join(kinds)}")
        return check.problems
    shared = ("type", "blocks", "private_metadata", "callback_id", "external_id")
    modal = ("title", "submit", "close", "clear_on_close", "notify_on_close", "submit_disabled")
    required = ("blocks", "title") if kind == "modal" else ("blocks",)
    check.mapping(view, "/view", shared + (modal if kind == "modal" else ()), required)
    for name in ("title", "submit", "close"):
        check.text(view, name, "/view", 24, PLAIN)
    check.string(view, "private_metadata", "/view", 3000, least=0)
    check.string(view, "callback_id", "/view", 255, least=0)
    check.string(view, "external_id", "/view", 255, least=0)
    check.flags(view, "/view", "clear_on_close", "notify_on_close", "submit_disabled")
    _blocks(check, view, "/view", 100)
    asks = not check.problems and any(block["type"] == "input" for block in view["blocks"])
    if kind == "modal" and asks and view.get("submit") is None:
        check.add("/view/submit", "missing required field: submit (there is an input block)")
    return check.problems


def _walk(blocks: list[Json]) -> list[Json]:
    """Blocks and the children of containers."""
    found: list[Json] = []
    for block in blocks:
        found.append(block)
        found.extend(block.get("child_blocks", ()))
    return found


def _blocks(check: Checker, owner: Json, path: str, most: int) -> None:
    check.items(owner, "blocks", path, most, lambda each, where: _block(check, each, where), least=0)
    given = owner.get("blocks")
    blocks = [b for b in given if isinstance(b, dict)] if isinstance(given, list) else []
    seen: set[Any] = set()
    for index, block in enumerate(blocks):
        name = block.get("block_id")
        if isinstance(name, str) and name in seen:
            check.add(f"{path}/blocks/{index}/block_id", f"`block_id` already exists: {name}")
        if isinstance(name, str):
            seen.add(name)
        _unique_actions(check, block, f"{path}/blocks/{index}")


def _unique_actions(check: Checker, block: Json, path: str) -> None:
    elements = block.get("elements")
    parts = list(elements) if isinstance(elements, list) else []
    names = [part.get("action_id") for part in parts if isinstance(part, dict)]
    named = [name for name in names if isinstance(name, str)]
    for name in sorted({name for name in named if named.count(name) > 1}):
        check.add(f"{path}/elements", f"`action_id` already exists in this block: {name}")


def _block(check: Checker, value: Any, path: str) -> None:
    kind = value.get("type") if isinstance(value, dict) else None
    if not isinstance(kind, str) or kind not in _CHECKS or kind not in _SURFACES[check.surface]:
        check.add(f"{path}/type", f"unsupported type: {kind}")
        return
    check.string(value, "block_id", path, 255)
    _CHECKS[kind](check, value, path)


def _section(check: Checker, value: Json, path: str) -> None:
    check.mapping(value, path, (*_BASE, "text", "fields", "accessory", "expand"), ())
    if value.get("text") is None and not value.get("fields"):
        check.add(path, "must define either `text` or `fields`")
    check.text(value, "text", path, 3000)
    check.items(value, "fields", path, 10, lambda each, where: check.text_object(each, where, 2000))
    check.flags(value, path, "expand")
    if "accessory" in value:
        check_element(check, value["accessory"], f"{path}/accessory", IN_ACCESSORY)


def _header(check: Checker, value: Json, path: str) -> None:
    check.mapping(value, path, (*_BASE, "text", "level"), ("text",))
    check.text(value, "text", path, 150, PLAIN)


def _context(check: Checker, value: Json, path: str) -> None:
    check.mapping(value, path, (*_BASE, "elements"), ("elements",))

    def one(each: Any, where: str) -> None:
        if isinstance(each, dict) and each.get("type") == "image":
            check_image(check, each, where)
        else:
            check.text_object(each, where, 3000, ANY_TEXT)

    check.items(value, "elements", path, 10, one)


def _actions(check: Checker, value: Json, path: str) -> None:
    check.mapping(value, path, (*_BASE, "elements"), ("elements",))
    check.items(value, "elements", path, 25, lambda e, w: check_element(check, e, w, IN_ACTIONS))


def _context_actions(check: Checker, value: Json, path: str) -> None:
    check.mapping(value, path, (*_BASE, "elements"), ("elements",))
    check.items(value, "elements", path, 5, lambda e, w: check_element(check, e, w, IN_CONTEXT_ACTIONS))


def _input(check: Checker, value: Json, path: str) -> None:
    fields = ("label", "element", "hint", "optional", "dispatch_action")
    check.mapping(value, path, (*_BASE, *fields), ("label", "element"))
    check.text(value, "label", path, 2000, PLAIN)
    check.text(value, "hint", path, 2000, PLAIN)
    check.flags(value, path, "optional", "dispatch_action")
    if value.get("element") is not None:
        check_element(check, value["element"], f"{path}/element", IN_INPUT)


def _image(check: Checker, value: Json, path: str) -> None:
    check_image(check, value, path, extra=("block_id", "title"))
    check.text(value, "title", path, 2000, PLAIN)


def _divider(check: Checker, value: Json, path: str) -> None:
    check.mapping(value, path, _BASE, ())


def _markdown(check: Checker, value: Json, path: str) -> None:
    check.mapping(value, path, (*_BASE, "text"), ("text",))
    check.string(value, "text", path, 12_000)


def _alert(check: Checker, value: Json, path: str) -> None:
    check.mapping(value, path, (*_BASE, "text", "level"), ("text",))
    check.text(value, "text", path, 200)
    check.one_of(value, "level", path, ("default", "info", "warning", "error", "success"))


def _card(check: Checker, value: Json, path: str) -> None:
    fields = ("hero_image", "icon", "slack_icon", "title", "subtitle", "body", "subtext", "actions")
    check.mapping(value, path, (*_BASE, *fields), ())
    if not any(value.get(name) for name in ("hero_image", "title", "actions", "body")):
        check.add(path, "must define one of `hero_image`, `title`, `actions`, `body`")
    for name, most in (("title", 150), ("subtitle", 150), ("body", 200), ("subtext", 200)):
        check.text(value, name, path, most)
    buttons = frozenset({"button"})
    check.items(value, "actions", path, 3, lambda each, where: check_element(check, each, where, buttons))


def _carousel(check: Checker, value: Json, path: str) -> None:
    check.mapping(value, path, (*_BASE, "elements"), ("elements",))
    check.items(value, "elements", path, 10, lambda each, where: _block_of(check, each, where, {"card"}))


_IN_CONTAINER = _FLAT | {"table", "file"}


def _container(check: Checker, value: Json, path: str) -> None:
    fields = ("title", "rich_text_title", "subtitle", "child_blocks", "width", "icon", "is_collapsible")
    extra = ("default_collapsed", "has_header_divider")
    check.mapping(value, path, (*_BASE, *fields, *extra), ("child_blocks",))
    if value.get("title") is None and value.get("rich_text_title") is None:
        check.add(path, "must define either `title` or `rich_text_title`")
    check.text(value, "title", path, 150, PLAIN)
    check.text(value, "subtitle", path, 150)
    check.one_of(value, "width", path, ("narrow", "standard", "wide", "full"))
    check.items(value, "child_blocks", path, 10, lambda e, w: _block_of(check, e, w, _IN_CONTAINER))


def _block_of(check: Checker, value: Any, path: str, allowed: set[str]) -> None:
    kind = value.get("type") if isinstance(value, dict) else None
    if isinstance(kind, str) and kind in allowed:
        _block(check, value, path)
    else:
        check.add(f"{path}/type", f"unsupported type: {kind}")


def _video(check: Checker, value: Json, path: str) -> None:
    texts = ("title", "title_url", "description", "provider_icon_url", "provider_name", "author_name")
    required = ("alt_text", "title", "thumbnail_url", "video_url")
    check.mapping(value, path, (*_BASE, *texts, *required), required)
    check.text(value, "title", path, 200, PLAIN)
    for name in ("thumbnail_url", "video_url", "title_url"):
        if name in value and not re.match("https://", str(value[name])):
            check.add(f"{path}/{name}", "must be an https URL")


def _file(check: Checker, value: Json, path: str) -> None:
    check.mapping(value, path, (*_BASE, "external_id", "source"), ("external_id", "source"))


_CHECKS: dict[str, Callable[[Checker, Json, str], None]] = {
    "section": _section,
    "header": _header,
    "context": _context,
    "actions": _actions,
    "context_actions": _context_actions,
    "input": _input,
    "image": _image,
    "divider": _divider,
    "markdown": _markdown,
    "alert": _alert,
    "card": _card,
    "carousel": _carousel,
    "container": _container,
    "video": _video,
    "file": _file,
    "rich_text": check_rich_text,
    "table": check_table,
    "data_table": check_data_table,
    "data_visualization": check_chart,
}
