"""What a property of an Adaptive Card may be; words of an enumeration are compared without case."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Kind:
    """What a property must be: `what` for the message, `fits` for the check."""

    what: str
    fits: Callable[[Any], bool]


def one_of(*words: str) -> Kind:
    """A kind that allows these words, in any case."""
    allowed = {word.casefold() for word in words}
    return Kind(f"one of {', '.join(words)}", lambda value: isinstance(value, str) and value.casefold() in allowed)


def matching(what: str, pattern: str) -> Kind:
    """A kind that allows strings that match the whole pattern."""
    compiled = re.compile(pattern)
    return Kind(what, lambda value: isinstance(value, str) and compiled.fullmatch(value) is not None)


def _compiles(value: Any) -> bool:
    try:
        re.compile(value)
    except (re.error, TypeError):
        return False
    return True


TEXT = Kind("a string", lambda value: isinstance(value, str))
FLAG = Kind("true or false", lambda value: isinstance(value, bool))
WHOLE = Kind("a whole number", lambda value: isinstance(value, int) and not isinstance(value, bool))
NUMBER = Kind("a number", lambda value: isinstance(value, int | float) and not isinstance(value, bool))
OBJECT = Kind("an object", lambda value: isinstance(value, dict))
LIST = Kind("a list", lambda value: isinstance(value, list))
URL = matching("an https or data address", r"(https://|data:)\S+")
LINK = matching("an address with its scheme", r"[A-Za-z][A-Za-z0-9+.-]*:\S+")
NAME = Kind("a string that is not empty", lambda value: isinstance(value, str) and value != "")
DATA = Kind("an object or a string", lambda value: isinstance(value, dict | str))
DATE = matching("a date (YYYY-MM-DD)", r"\d{4}-\d{2}-\d{2}")
TIME = matching("a time (HH:MM)", r"([01]\d|2[0-3]):[0-5]\d")
PIXELS = matching("a height in pixels, such as 80px", r"\d+px")
REGEX = Kind("a regular expression", _compiles)
COLOUR = one_of("default", "dark", "light", "accent", "good", "warning", "attention")
SIZE = one_of("default", "small", "medium", "large", "extraLarge")
WEIGHT = one_of("default", "lighter", "bolder")
FONT = one_of("default", "monospace")
ALIGN = one_of("left", "center", "right")
VALIGN = one_of("top", "center", "bottom")
STYLE = one_of("default", "emphasis", "good", "attention", "warning", "accent")
SPACING = one_of("default", "none", "extraSmall", "small", "medium", "large", "extraLarge", "padding")
IMAGE_SIZE = one_of("auto", "stretch", "small", "medium", "large")
WIDTH = Kind(
    "auto, stretch, a weight or pixels",
    lambda value: (
        NUMBER.fits(value)
        or (isinstance(value, str) and re.fullmatch(r"auto|stretch|\d+(\.\d+)?(px)?", value, re.I) is not None)
    ),
)
BACKGROUND = Kind("an address or an object", lambda value: isinstance(value, str | dict))
