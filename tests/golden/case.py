"""What a golden case is: something that the product shows, named once and drawn for both tools."""

import datetime
import functools
import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from zoneinfo import ZoneInfo

from core.cards import Card, Form
from core.requests import Source, Tool

LONDON = ZoneInfo("Europe/London")
NOW = datetime.datetime(2026, 11, 25, 10, 0, tzinfo=datetime.UTC)  # a Wednesday


def at(day: int, hour: int = 17, month: int = 12) -> datetime.datetime:
    """A moment of the story's winter, in UTC, which is London's time then."""
    return datetime.datetime(2026, month, day, hour, tzinfo=datetime.UTC)


@dataclass(frozen=True)
class Asked:
    """What one person asks of the desk, by a line, a button or a form, on the written boards.

    who: an account of `tables.py`, the same in both tools. In a room (by its channel) unless `room` is empty.
    """

    who: str
    line: str = ""
    command: str = ""
    args: Mapping[str, Any] = field(default_factory=dict)
    source: Source = "button"
    room: str = ""


@dataclass(frozen=True)
class Case:
    """One golden: `of` names the command or view that shows it; `what` is the card, or how one gets it."""

    name: str
    of: str
    what: Callable[[], Card] | Asked
    home: bool = False  # shown as Slack's App Home


@dataclass(frozen=True)
class Shown:
    """What a case shows. note: what the person who clicked is told beside the card, if it was a click."""

    case: Case
    what: Card | Form
    note: str = ""


Everything: TypeAlias = Mapping[Tool, Mapping[str, Shown]]
"""What each case shows, by the tool of who sees it and by its name."""


def of_every(names: Iterable[str]) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """One test of all these cases: a test for each costs more than its check. All that fail are told by name."""
    listed = tuple(names)

    def decorate(check: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(check)
        def test(**given: Any) -> None:
            failed = {}
            for name in listed:
                try:
                    check(name=name, **given)
                except Exception as error:  # whatever it is, the others are looked at too
                    failed[name] = f"{type(error).__name__}: {error}"
            assert listed, "there are no cases"
            assert not failed, "\n\n".join(f"{name}: {words}" for name, words in failed.items())

        asked = inspect.signature(check)
        given = [each for each in asked.parameters.values() if each.name != "name"]
        test.__signature__ = asked.replace(parameters=given)  # type: ignore[attr-defined]
        return test

    return decorate
