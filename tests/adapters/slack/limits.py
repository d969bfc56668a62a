"""Slack's own rules for messages and views, written down apart from the renderer, so that goldens can ask them.

Each function raises AssertionError with the path of what is wrong. Source: docs.slack.dev, "Block Kit reference".
"""

import json
import re
from typing import Any

import slackblocks

Json = dict[str, Any]

_MESSAGE = {"actions", "context", "divider", "header", "rich_text", "section", "table"}
_HOME = _MESSAGE
_MODAL = (_MESSAGE - {"table"}) | {"input"}
_BAD = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_LIVE = re.compile(r"<[!@#]")
WHOLE_MESSAGE = 13_000  # characters of JSON with 100 for each block; see adapters/slack/fit.py for why


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def check_message(blocks: list[Json], text: str) -> None:
    """A message's blocks and its notification text."""
    assert 1 <= len(blocks) <= 50, f"{len(blocks)} blocks"
    assert text.strip() and units(text) <= 4000, "text"
    assert not _LIVE.search(text), f"text holds a live sequence: {text[:80]}"
    assert re.sub(r"&(amp|lt|gt);", "", text).count("&") == 0, "unescaped & in text"
    _check_blocks(blocks, _MESSAGE)
    assert sum(block["type"] == "table" for block in blocks) <= 1
    buttons = _weigh([block for block in blocks if block["type"] == "actions"])
    words = _weigh([block for block in blocks if block["type"] != "actions"])
    assert words + min(buttons, WHOLE_MESSAGE // 2) <= WHOLE_MESSAGE, f"words weigh {words}, buttons {buttons}"
    slackblocks_agrees(blocks)


def _weigh(blocks: list[Json]) -> int:
    return len(json.dumps(blocks, ensure_ascii=False, separators=(",", ":"))) + 100 * len(blocks)


def check_view(view: Json) -> None:
    """A modal or an App Home."""
    assert view["type"] in ("modal", "home")
    assert 1 <= len(view["blocks"]) <= 100, f"{len(view['blocks'])} blocks"
    assert len(json.dumps(view, ensure_ascii=False).encode()) <= 250_000, "a view over 250 KB"
    _check_blocks(view["blocks"], _MODAL if view["type"] == "modal" else _HOME)
    if view["type"] == "modal":
        _label(view["title"], 24, "title")
        _label(view["close"], 24, "close")
        if any(block["type"] == "input" for block in view["blocks"]):
            assert "submit" in view, "inputs without submit"
        if "submit" in view:
            _label(view["submit"], 24, "submit")
        assert units(view.get("private_metadata", "")) <= 3000, "private_metadata"
        assert units(view.get("callback_id", "")) <= 255
    slackblocks_agrees(view["blocks"])


def _check_blocks(blocks: list[Json], allowed: set[str]) -> None:
    named = [block["block_id"] for block in blocks if "block_id" in block]
    assert len(named) == len(set(named)), "block ids repeat"
    assert all(0 < units(name) <= 255 for name in named)
    for at, block in enumerate(blocks):
        assert block["type"] in allowed, f"blocks[{at}] is a {block['type']}"
        _CHECKS[block["type"]](block, f"blocks[{at}]")
        _check_strings(block, f"blocks[{at}]")


def _check_strings(value: Any, path: str, key: str = "") -> None:
    if isinstance(value, dict):
        for name, each in value.items():
            _check_strings(each, f"{path}.{name}", name)
    elif isinstance(value, list):
        for each in value:
            _check_strings(each, path)
    elif isinstance(value, str) and key not in ("value", "block_id", "url", "initial_value"):
        assert not _BAD.search(value), f"{path} holds a control character: {value[:80]!r}"
        assert not _LIVE.search(value), f"{path} holds a live sequence: {value[:80]!r}"


def _label(text: Json, limit: int, path: str) -> None:
    assert text["type"] == "plain_text", path
    assert text["text"].strip(), f"{path} is empty"
    assert units(text["text"]) <= limit, f"{path} is {units(text['text'])} long"


def _header(block: Json, path: str) -> None:
    _label(block["text"], 150, path)


def _context(block: Json, path: str) -> None:
    assert 1 <= len(block["elements"]) <= 10, path
    for element in block["elements"]:
        assert element["type"] in ("plain_text", "mrkdwn") and 0 < units(element["text"]) <= 3000, path


def _section(block: Json, path: str) -> None:
    assert block.keys() & {"text", "fields"}, path
    assert "text" not in block or 0 < units(block["text"]["text"]) <= 3000, path
    fields = block.get("fields", [{"text": "-"}])
    assert 1 <= len(fields) <= 10 and all(0 < units(field["text"]) <= 2000 for field in fields), path


def _actions(block: Json, path: str) -> None:
    elements = block["elements"]
    assert 1 <= len(elements) <= 25, f"{path}: {len(elements)} elements"
    ids = [element["action_id"] for element in elements]
    assert len(ids) == len(set(ids)), f"{path}: action ids repeat"
    for element in elements:
        _element(element, path)


def _element(element: Json, path: str) -> None:
    assert 0 < units(element["action_id"]) <= 255, path
    match element["type"]:
        case "button":
            _label(element["text"], 75, path)
            assert units(element["value"]) <= 2000, f"{path}: a value of {units(element['value'])}"
            assert element.get("style") in (None, "primary", "danger"), path
            if "confirm" in element:
                _label(element["confirm"]["title"], 100, path)
                _label(element["confirm"]["text"], 300, path)
                _label(element["confirm"]["confirm"], 30, path)
                _label(element["confirm"]["deny"], 30, path)
        case "static_select" | "multi_static_select":
            _select(element, path)
        case "radio_buttons":
            _options(element["options"], 10, path)
        case "plain_text_input":
            assert 1 <= element["max_length"] <= 3000, path
            assert units(element.get("initial_value", "")) <= element["max_length"], path
            assert element["multiline"] or "\n" not in element.get("initial_value", ""), path
        case "number_input":
            assert element["is_decimal_allowed"] is False, path
        case "datepicker":
            assert re.fullmatch(r"\d{4}-\d\d-\d\d", element.get("initial_date", "2026-01-01")), path
        case "datetimepicker":
            assert len(str(element.get("initial_date_time", 1_000_000_000))) == 10, path
        case other:
            raise AssertionError(f"{path}: unknown element {other}")


def _select(element: Json, path: str) -> None:
    if "placeholder" in element:
        _label(element["placeholder"], 150, path)
    assert ("options" in element) != ("option_groups" in element), path
    groups = element.get("option_groups", [])
    assert len(groups) <= 100, path
    every = list(element.get("options", []))
    for group in groups:
        _label(group["label"], 75, path)
        _options(group["options"], 100, path)
        every += group["options"]
    if not groups:
        _options(every, 100, path)
    chosen = [element["initial_option"]] if "initial_option" in element else element.get("initial_options", [])
    assert all(each in every for each in chosen), f"{path}: the initial option is none of the options"
    values = [each["value"] for each in every]
    assert len(values) == len(set(values)), f"{path}: values repeat"


def _options(options: list[Json], most: int, path: str) -> None:
    assert 1 <= len(options) <= most, f"{path}: {len(options)} options"
    for option in options:
        _label(option["text"], 75, path)
        assert 0 < units(option["value"]) <= 150, path


def _input(block: Json, path: str) -> None:
    _label(block["label"], 2000, path)
    if "hint" in block:
        _label(block["hint"], 2000, path)
    _element(block["element"], path)


def _rich(block: Json, path: str) -> None:
    assert block["elements"], path
    for part in block["elements"]:
        assert part["type"] in ("rich_text_section", "rich_text_list", "rich_text_quote"), path
        assert part["elements"], f"{path}: an empty {part['type']}"
        if part["type"] == "rich_text_list":
            assert part["style"] in ("bullet", "ordered"), path
            leaves = [leaf for each in part["elements"] for leaf in each["elements"]]
            assert all(each["type"] == "rich_text_section" and each["elements"] for each in part["elements"]), path
        else:
            leaves = part["elements"]
        for leaf in leaves:
            assert leaf["type"] in ("text", "link") and leaf["text"], f"{path}: an empty text"
            assert units(leaf["text"]) <= 3000, path
            assert leaf["type"] == "text" or leaf["url"].startswith(("https://", "http://")), path


def _divider(block: Json, path: str) -> None:
    assert block == {"type": "divider"}, path


_CHECKS = {
    "actions": _actions,
    "context": _context,
    "divider": _divider,
    "header": _header,
    "input": _input,
    "rich_text": _rich,
    "section": _section,
}


def slackblocks_agrees(blocks: list[Json]) -> None:
    """The same by somebody else's reading of the reference: slackblocks enforces limits at construction."""
    for block in blocks:
        if block["type"] == "header":
            slackblocks.HeaderBlock(slackblocks.PlainText(block["text"]["text"]))
        elif block["type"] == "actions":
            slackblocks.ActionsBlock([_theirs(element) for element in block["elements"]])
        elif block["type"] == "input" and block["element"]["type"].endswith("select"):
            _theirs(block["element"])


def _option(option: Json) -> slackblocks.Option:
    return slackblocks.Option(slackblocks.PlainText(option["text"]["text"]), option["value"])


def _theirs(element: Json) -> slackblocks.Element:
    name = element["action_id"]
    if element["type"] == "button":
        return slackblocks.Button(slackblocks.PlainText(element["text"]["text"]), name, value=element["value"])
    for group in element.get("option_groups", []):
        title = slackblocks.PlainText(group["label"]["text"])
        slackblocks.OptionGroup(title, [_option(each) for each in group["options"]])
    menu = slackblocks.StaticSelectMenu if element["type"] == "static_select" else slackblocks.StaticMultiSelectMenu
    options = element.get("options") or element["option_groups"][0]["options"]
    return menu(action_id=name, options=[_option(each) for each in options])
