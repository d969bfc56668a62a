"""What Teams refuses in a card, checked by rules written apart from the renderer."""

import json
from collections.abc import Iterator
from typing import Any

ELEMENTS = {
    "TextBlock",
    "RichTextBlock",
    "ColumnSet",
    "Container",
    "Table",
    "ActionSet",
    "Input.Text",
    "Input.Number",
    "Input.Date",
    "Input.Time",
    "Input.Toggle",
    "Input.ChoiceSet",
}
ACTIONS = {"Action.Execute", "Action.Submit", "Action.ShowCard", "Action.OpenUrl"}
MARKDOWN = set("*_[]`~#>|\\/")
HIDDEN = {chr(code) for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))}


def check_card(card: dict[str, Any]) -> None:
    """Assert that Teams takes this card and that nobody's words do more in it than be read."""
    raw = json.dumps(card, ensure_ascii=False)
    assert len(raw.encode("utf-16-le")) <= 80 * 1024, "heavier than 80 KB"
    assert card["type"] == "AdaptiveCard"
    assert card["version"] == "1.5"
    assert card["fallbackText"]
    assert card["body"] or card.get("actions")
    for text in strings(card):
        assert not any(letter in HIDDEN or (letter < " " and letter not in "\n\t") for letter in text), repr(text)
        assert not any("\ud800" <= letter <= "\udfff" for letter in text)
    ids = [node["id"] for node in nodes(card) if str(node.get("type", "")).startswith("Input.")]
    assert len(ids) == len(set(ids)), "an input's id stands twice"
    _check_actions(card.get("actions", []))
    for element in card["body"]:
        _check_element(element, depth=0)


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    """Every object in a card; data of actions and their fallbacks left out."""
    if isinstance(value, dict):
        yield value
        for key, each in value.items():
            if key not in ("data", "fallback"):
                yield from nodes(each)
    elif isinstance(value, list):
        for each in value:
            yield from nodes(each)


def strings(value: Any) -> Iterator[str]:
    """Every string that is shown or kept in a card, data of actions left out."""
    for node in nodes(value):
        yield from (each for each in node.values() if isinstance(each, str))


def shown(card: dict[str, Any]) -> str:
    """What a person can read, in order."""
    found = []
    for node in nodes(card):
        if node.get("type") in ("TextRun", "TextBlock"):
            found.append(node["text"])
        elif node.get("type") in ACTIONS:
            found.append(f"[{node.get('title', '')}]")
    return "\n".join(found)


def actions(card: dict[str, Any]) -> list[dict[str, Any]]:
    """Every action that can be pressed, unfolding ones left out."""
    return [node for node in nodes(card) if node.get("type") in ("Action.Execute", "Action.Submit")]


def _check_element(element: dict[str, Any], depth: int) -> None:
    kind = element["type"]
    assert kind in ELEMENTS, kind
    assert element.get("isVisible", True)
    if kind == "TextBlock":  # Markdown is read here, so only tame words may stand in it
        assert not set(element["text"]) & MARKDOWN
        assert "://" not in element["text"]
        assert element["wrap"] is True
    elif kind == "RichTextBlock":
        assert element["inlines"]
        for run in element["inlines"]:
            assert run["type"] == "TextRun"
            assert run["text"]
            if "selectAction" in run:
                assert run["selectAction"]["type"] == "Action.OpenUrl"
                assert run["selectAction"]["url"].startswith("https://")
    elif kind == "ColumnSet":
        assert element["columns"]
        for column in element["columns"]:
            assert column["type"] == "Column"
            for each in column["items"]:
                _check_element(each, depth)
    elif kind == "Container":
        for each in element["items"]:
            _check_element(each, depth)
    elif kind == "Table":
        _check_table(element, depth)
    elif kind == "ActionSet":
        assert element["actions"]
        _check_actions(element["actions"], depth)
    else:
        _check_input(element)


def _check_table(element: dict[str, Any], depth: int) -> None:
    assert element["columns"]
    assert element["rows"]
    for row in element["rows"]:
        assert row["type"] == "TableRow"
        assert len(row["cells"]) == len(element["columns"])
        for cell in row["cells"]:
            assert cell["type"] == "TableCell"
            for each in cell["items"]:
                _check_element(each, depth)


def _check_actions(found: list[dict[str, Any]], depth: int = 0) -> None:
    assert len([each for each in found if each.get("mode") != "secondary"]) <= 6
    for each in found:
        assert each["type"] in ACTIONS
        assert 0 < len(each["title"]) <= 200
        assert each.get("style", "positive") in ("positive", "destructive")
        if each["type"] == "Action.Execute":
            assert each["verb"]
            assert each["fallback"]["type"] == "Action.Submit"
            assert each["fallback"]["data"] == each["data"]
            assert each["fallback"]["title"] == each["title"]
        if each["type"] == "Action.ShowCard":
            assert depth == 0, "a card that unfolds inside another"
            assert each.get("mode") != "secondary"
            for element in each["card"].get("body", []):
                _check_element(element, depth + 1)
            _check_actions(each["card"].get("actions", []), depth + 1)


def _check_input(element: dict[str, Any]) -> None:
    assert element["id"]
    assert element.get("label") or element.get("title")
    if element.get("isRequired"):
        assert element["errorMessage"]
    if element["type"] == "Input.ChoiceSet":
        values = [choice["value"] for choice in element["choices"]]
        assert all("," not in value for value in values)
        assert all(each in values for each in element.get("value", "").split(",") if each)
    if element["type"] == "Input.Toggle":
        assert element.get("value", "no") in (element["valueOn"], element["valueOff"])
