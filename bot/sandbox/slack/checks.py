"""The small checks that every Block Kit rule is made of, with Slack's way of saying what is wrong.

Slack names each mistake by a JSON pointer: `must be less than 76 characters [json-pointer:/blocks/0/…]`.
"""

import re
from collections.abc import Callable, Collection
from typing import Any, TypeAlias

Json: TypeAlias = dict[str, Any]
PLAIN = ("plain_text",)
ANY_TEXT = ("plain_text", "mrkdwn")


class Checker:
    """Collects the problems of one surface; `surface` is `message`, `modal` or `home`."""

    def __init__(self, surface: str) -> None:
        self.surface = surface
        self.problems: list[str] = []
        self.focused = 0

    def add(self, path: str, message: str) -> None:
        """Note one problem at a JSON pointer."""
        self.problems.append(f"{message} [json-pointer:{path}]")

    def mapping(self, value: Any, path: str, allowed: Collection[str], required: Collection[str]) -> bool:
        """Whether `value` is an object; wrong and missing fields are noted."""
        if not isinstance(value, dict):
            self.add(path, "must be an object")
            return False
        for name in value:
            if name not in allowed:
                self.add(path, f"invalid additional property: {name}")
        for name in required:
            if value.get(name) is None:
                self.add(path, f"missing required field: {name}")
        return True

    def string(self, owner: Json, name: str, path: str, most: int, least: int = 1) -> None:
        """Check a string field where it is present: least and most are lengths in characters."""
        if name not in owner or owner[name] is None:
            return
        self.length(owner[name], f"{path}/{name}", most, least)

    def length(self, value: Any, path: str, most: int, least: int = 1) -> None:
        """Check one string's length in characters."""
        if not isinstance(value, str):
            self.add(path, "must be a string")
        elif len(value) < least:
            self.add(path, f"must be more than {least - 1} characters")
        elif len(value) > most:
            self.add(path, f"must be less than {most + 1} characters")

    def one_of(self, owner: Json, name: str, path: str, choices: Collection[str]) -> None:
        """Check a field that takes one of a few words."""
        if name in owner and owner[name] not in choices:
            self.add(f"{path}/{name}", f"must be one of: {', '.join(sorted(choices))}")

    def flags(self, owner: Json, path: str, *names: str) -> None:
        """Check fields that are true or false."""
        for name in names:
            if name in owner and not isinstance(owner[name], bool):
                self.add(f"{path}/{name}", "must be a boolean")

    def integer(self, owner: Json, name: str, path: str, least: int, most: int) -> None:
        """Check a whole number where it is present."""
        if name not in owner:
            return
        value = owner[name]
        if not isinstance(value, int) or isinstance(value, bool):
            self.add(f"{path}/{name}", "must be an integer")
        elif not least <= value <= most:
            self.add(f"{path}/{name}", f"must be between {least} and {most}")

    def matches(self, owner: Json, name: str, path: str, pattern: str, what: str) -> None:
        """Check a string field against a pattern."""
        if name in owner and (not isinstance(owner[name], str) or not re.fullmatch(pattern, owner[name], re.ASCII)):
            self.add(f"{path}/{name}", f"must be {what}")

    def items(
        self,
        owner: Json,
        name: str,
        path: str,
        most: int,
        each: Callable[[Any, str], None] | None = None,
        least: int = 1,
    ) -> list[Any]:
        """Check a list field's size and every item; an absent field is no problem here. Returns the list."""
        if name not in owner or owner[name] is None:
            return []
        value = owner[name]
        where = f"{path}/{name}"
        if not isinstance(value, list):
            self.add(where, "must be an array")
            return []
        if len(value) < least:
            self.add(where, f"must be more than {least - 1} items")
        if len(value) > most:
            self.add(where, f"no more than {most} items allowed")
        for index, item in enumerate(value):
            if each is not None:
                each(item, f"{where}/{index}")
        return value

    def text(
        self, owner: Json, name: str, path: str, most: int, kinds: Collection[str] = ANY_TEXT, least: int = 1
    ) -> None:
        """Check a text object field where it is present."""
        if name in owner and owner[name] is not None:
            self.text_object(owner[name], f"{path}/{name}", most, kinds, least)

    def text_object(self, value: Any, path: str, most: int, kinds: Collection[str] = ANY_TEXT, least: int = 1) -> None:
        """Check a text object: its kind, its length (characters), and that plain text has no mrkdwn switches.

        https://docs.slack.dev/reference/block-kit/composition-objects/text-object
        """
        if not self.mapping(value, path, ("type", "text", "emoji", "verbatim"), ("type", "text")):
            return
        kind = value.get("type")
        if kind not in kinds:
            self.add(f"{path}/type", f"must be one of: {', '.join(kinds)}")
        if "emoji" in value and kind != "plain_text":
            self.add(path, "invalid additional property: emoji")
        if "verbatim" in value and kind != "mrkdwn":
            self.add(path, "invalid additional property: verbatim")
        self.flags(value, path, "emoji", "verbatim")
        if value.get("text") is not None:
            self.length(value["text"], f"{path}/text", min(most, 3000), least)

    def confirm(self, owner: Json, path: str) -> None:
        """Check a confirmation dialog: 100, 300, 30 and 30 characters."""
        value = owner.get("confirm")
        where = f"{path}/confirm"
        fields = ("title", "text", "confirm", "deny")
        if value is None or not self.mapping(value, where, (*fields, "style"), fields):
            return
        for name, most in zip(fields, (100, 300, 30, 30), strict=True):
            self.text(value, name, where, most, PLAIN if name != "text" else ANY_TEXT)
        self.one_of(value, "style", where, ("primary", "danger"))
