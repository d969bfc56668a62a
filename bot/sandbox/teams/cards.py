"""A strict judge of Adaptive Cards, as Teams and the 1.5 schema draw the line.

Where a real client would drop a part silently or show an empty card, this one speaks up, so that a test
fails where a person would see nothing.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.teams import shapes
from bot.sandbox.teams.kinds import OBJECT, TEXT, Kind, one_of

MOST_ACTIONS = 6
"""Primary actions that Teams shows in one row; further ones must be `mode: secondary` (the overflow menu)."""
MOST_REFRESHERS = 60
"""User ids in `refresh.userIds` (Teams: work with universal actions)."""
DEEPEST = 60

LARGEST = 100 * 1024
"""Bytes of a message or card as UTF-16 (Teams: format your bot messages)."""

CONTENT_TYPE = "application/vnd.microsoft.card.adaptive"


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found in a card: problems make Teams refuse or garble it, warnings are poor manners."""

    problems: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def size(content: Any) -> int:
    """How many bytes this JSON takes in Teams, which counts in UTF-16."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return len(text.encode("utf-16-le", "surrogatepass"))


def problems(card: Any, *, dialog: bool = False) -> list[str]:
    """Why Teams would refuse this card, one sentence with a path for each reason; empty when it would not.

    `dialog` judges it as the content of a dialog, where only Action.Submit sends anything.
    """
    return examine(card, dialog=dialog).problems


def warnings(card: Any) -> list[str]:
    """What Teams accepts but serves people badly, such as a required input without a label."""
    return examine(card).warnings


def examine(card: Any, *, dialog: bool = False) -> Findings:
    """Judge a whole card, top level included."""
    judge = _Judge(dialog)
    if not isinstance(card, dict):
        judge.wrong("card", "must be an object")
        return judge.found
    version = card.get("version")
    match = re.fullmatch(r"1\.([0-5])", version) if isinstance(version, str) else None
    if match is None:
        judge.wrong("version", f"must be 1.0 to 1.5, not {version!r}")
    judge.minor = int(match[1]) if match else 5
    judge.card(card, "card", 0)
    judge.refresh(card.get("refresh"))
    judge.mentions(card.get("msteams"))
    return judge.found


class _Judge:
    def __init__(self, dialog: bool) -> None:
        self.found = Findings()
        self.dialog = dialog
        self.minor = 5
        self.ids: set[str] = set()

    def wrong(self, path: str, what: str) -> None:
        self.found.problems.append(f"{path}: {what}")

    def poor(self, path: str, what: str) -> None:
        self.found.warnings.append(f"{path}: {what}")

    def card(self, card: dict[str, Any], path: str, depth: int) -> None:
        if card.get("type") != "AdaptiveCard":
            self.wrong(f"{path}.type", "must be AdaptiveCard")
        self._properties(card, shapes.CARD, path)
        if not card.get("body") and not card.get("actions"):
            self.wrong(path, "has neither body nor actions, so nothing would show")
        for index, each in enumerate(_list(card.get("body"))):
            self.element(each, f"{path}.body[{index}]", depth + 1)
        self.actions(card.get("actions"), f"{path}.actions", depth + 1)
        if "selectAction" in card:
            self.action(card["selectAction"], f"{path}.selectAction", depth + 1, select=True)

    def refresh(self, refresh: Any) -> None:
        if not isinstance(refresh, dict):
            return
        if self.minor < 4:
            self.wrong("card.refresh", "needs version 1.4")
        self.action(refresh.get("action"), "card.refresh.action", 1, select=True)
        if isinstance(refresh.get("action"), dict) and refresh["action"].get("type") != "Action.Execute":
            self.wrong("card.refresh.action", "must be an Action.Execute")
        users = refresh.get("userIds", [])
        if not isinstance(users, list) or not all(isinstance(user, str) for user in users):
            self.wrong("card.refresh.userIds", "must be a list of strings")
            return
        if len(users) > MOST_REFRESHERS:
            self.wrong("card.refresh.userIds", f"has {len(users)} users; {MOST_REFRESHERS} are allowed")
        if any(not user.startswith("29:") for user in users):
            self.wrong("card.refresh.userIds", "must hold Teams user ids (29:…)")

    def mentions(self, msteams: Any) -> None:
        if not isinstance(msteams, dict):
            return
        if "width" in msteams and not one_of("Full").fits(msteams["width"]):
            self.wrong("card.msteams.width", "can only be Full")
        for index, entity in enumerate(_list(msteams.get("entities"))):
            path = f"card.msteams.entities[{index}]"
            who = entity.get("mentioned") if isinstance(entity, dict) else None
            if not isinstance(who, dict) or not isinstance(who.get("id"), str) or not isinstance(who.get("name"), str):
                self.wrong(path, "must be a mention with mentioned.id and mentioned.name")
            elif not re.fullmatch(r"<at>[^<]+</at>", str(entity.get("text"))):
                self.wrong(f"{path}.text", "must be <at>name</at>")

    def element(self, element: Any, path: str, depth: int, kind: str = "element") -> None:
        if not isinstance(element, dict):
            self.wrong(path, "must be an object")
            return
        if depth > DEEPEST:
            self.wrong(path, "is nested too deeply")
            return
        name = element.get("type", kind if kind != "element" else None)
        name = name if isinstance(name, str) else repr(name)
        if kind not in ("element", name) or (kind == "element" and name in shapes.ONLY_INSIDE):
            self.wrong(f"{path}.type", f"{name!r} cannot stand here")
            return
        known = shapes.ELEMENTS.get(name)
        if known is None:
            if "fallback" not in element:
                self.wrong(f"{path}.type", f"{name!r} is no element that Teams knows")
        else:
            self._since(name, path)
            self._properties(element, {**shapes.EVERY, **known, "selectAction": OBJECT}, path)
            self._id(element.get("id"), path)
            self._children(name, element, path, depth)
            self._particular(name, element, path)
        self._attached(element, path, depth)

    def _attached(self, element: dict[str, Any], path: str, depth: int) -> None:
        for key in ("selectAction", "inlineAction"):
            if key in element:
                self.action(element[key], f"{path}.{key}", depth + 1, select=True)
        fallback = element.get("fallback")
        if isinstance(fallback, dict):
            # A fallback stands instead of its element, so it may use the same ids again.
            kept, self.ids = self.ids, set()
            self.element(fallback, f"{path}.fallback", depth + 1)
            self.ids = kept
        elif fallback is not None and fallback != "drop":
            self.wrong(f"{path}.fallback", "must be an element or 'drop'")

    def _children(self, name: str, element: dict[str, Any], path: str, depth: int) -> None:
        for key, inner in shapes.CHILDREN.get(name, {}).items():
            if inner == "action":
                self.actions(element.get(key), f"{path}.{key}", depth + 1)
                continue
            for index, child in enumerate(_list(element.get(key))):
                where = f"{path}.{key}[{index}]"
                if inner in shapes.PARTS:
                    self._part(child, inner, where, depth)
                else:
                    self.element(child, where, depth + 1, inner)

    def _part(self, part: Any, name: str, path: str, depth: int) -> None:
        if name == "TextRun" and isinstance(part, str):
            return
        if not isinstance(part, dict):
            self.wrong(path, "must be an object")
            return
        self._properties(part, {**shapes.PARTS[name], "selectAction": OBJECT}, path)
        if "selectAction" in part:
            self.action(part["selectAction"], f"{path}.selectAction", depth + 1, select=True)

    def _particular(self, name: str, element: dict[str, Any], path: str) -> None:
        if name == "Table":
            self._table(element, path)
        if name.startswith("Chart.") and "fallback" not in element:
            self.poor(path, "a chart should have a fallback for clients that do not draw it")
        if name == "Input.ChoiceSet":
            self._choices(element, path)
        if name.startswith("Input.") and element.get("isRequired") is True:
            if self.minor < 3:
                self.wrong(f"{path}.isRequired", "needs version 1.3")
            for wanted in ("label", "errorMessage"):
                if not element.get(wanted):
                    self.poor(path, f"a required input should have {wanted}")

    def _table(self, table: dict[str, Any], path: str) -> None:
        columns = len(_list(table.get("columns")))
        for index, row in enumerate(_list(table.get("rows"))):
            cells = len(_list(row.get("cells"))) if isinstance(row, dict) else 0
            if cells != columns:
                self.wrong(f"{path}.rows[{index}]", f"has {cells} cells for {columns} columns")

    def _choices(self, element: dict[str, Any], path: str) -> None:
        choices = [each for each in _list(element.get("choices")) if isinstance(each, dict)]
        if not choices and "choices.data" not in element:
            self.wrong(f"{path}.choices", "must hold at least one choice")
        values = [str(each.get("value")) for each in choices]
        if len(set(values)) < len(values):
            self.wrong(f"{path}.choices", "has the same value twice")
        several = element.get("isMultiSelect") is True
        if several and any("," in value for value in values):
            self.wrong(f"{path}.choices", "a value holds a comma, which divides several answers")
        preset = element.get("value")
        chosen = (preset.split(",") if several else [preset]) if isinstance(preset, str) and preset else []
        if choices and any(each not in values for each in chosen):
            self.wrong(f"{path}.value", f"{preset!r} is none of the choices")

    def actions(self, actions: Any, path: str, depth: int) -> None:
        primary = 0
        for index, action in enumerate(_list(actions)):
            self.action(action, f"{path}[{index}]", depth)
            if isinstance(action, dict) and str(action.get("mode", "primary")).casefold() == "primary":
                primary += 1
        if primary > MOST_ACTIONS:
            self.wrong(path, f"has {primary} primary actions; Teams shows {MOST_ACTIONS}")

    def action(self, action: Any, path: str, depth: int, *, select: bool = False) -> None:
        if not isinstance(action, dict) or depth > DEEPEST:
            self.wrong(path, "must be an object" if depth <= DEEPEST else "is nested too deeply")
            return
        name = action.get("type")
        known = shapes.ACTIONS.get(name) if isinstance(name, str) else None
        if known is None or not isinstance(name, str):
            if "fallback" not in action:
                self.wrong(f"{path}.type", f"{name!r} is no action that Teams knows")
        else:
            self._since(name, path)
            self._properties(action, {**shapes.EVERY_ACTION, **known}, path)
            self._action_rules(name, action, path, depth, select)
        fallback = action.get("fallback")
        if isinstance(fallback, dict):
            self.action(fallback, f"{path}.fallback", depth + 1, select=True)
        elif fallback is not None and fallback != "drop":
            self.wrong(f"{path}.fallback", "must be an action or 'drop'")

    def _action_rules(self, name: str, action: dict[str, Any], path: str, depth: int, select: bool) -> None:
        for key, since in shapes.SINCE_ACTION_PROPERTY.items():
            if key in action and self.minor < since:
                self.wrong(f"{path}.{key}", f"needs version 1.{since}")
        if not select and not action.get("title") and not action.get("iconUrl"):
            self.wrong(path, "has neither title nor icon, so nobody can press it")
        if self.dialog and name == "Action.Execute":
            self.wrong(path, "Action.Execute does nothing in a dialog; it needs Action.Submit")
        if name == "Action.ShowCard":
            if select:
                self.wrong(path, "Action.ShowCard cannot stand here")
            elif isinstance(action.get("card"), dict):
                self.card(action["card"], f"{path}.card", depth + 1)
        if name == "Action.Submit" and isinstance(action.get("data"), dict):
            self._teams_action(action["data"].get("msteams"), f"{path}.data.msteams")

    def _teams_action(self, msteams: Any, path: str) -> None:
        if msteams is None:
            return
        kind = msteams.get("type") if isinstance(msteams, dict) else None
        if not isinstance(kind, str) or kind not in shapes.TEAMS_ACTIONS:
            self.wrong(f"{path}.type", f"{kind!r} is none of {', '.join(shapes.TEAMS_ACTIONS)}")
            return
        self._properties(msteams, {"type": TEXT, **shapes.TEAMS_ACTIONS[kind]}, path)

    def _since(self, name: str, path: str) -> None:
        since = shapes.SINCE.get(name, 0)
        if self.minor < since:
            self.wrong(path, f"{name} needs version 1.{since}")

    def _id(self, given: Any, path: str) -> None:
        if not isinstance(given, str) or not given:
            return
        if given in self.ids:
            self.wrong(f"{path}.id", f"{given!r} is used twice")
        self.ids.add(given)

    def _properties(self, given: Mapping[str, Any], table: Mapping[str, Kind], path: str) -> None:
        names = {name.rstrip("!"): kind for name, kind in table.items()}
        for name in table:
            if name.endswith("!") and given.get(name[:-1]) is None:
                self.wrong(path, f"{given.get('type', 'it')} needs {name[:-1]}")
        for name, value in given.items():
            if name in names:
                if value is not None and not names[name].fits(value):
                    self.wrong(f"{path}.{name}", f"must be {names[name].what}")
            elif name != "fallback" and not name.startswith("inlineAction"):
                self.poor(f"{path}.{name}", "is no property that Teams knows")


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
