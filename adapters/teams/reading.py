"""Reading JSON that came from outside: every look is safe, whatever stands there.

Parsed JSON knows no mapping but dict, and asking for just that is several times as quick.
"""

from collections.abc import Mapping
from typing import Any


def text(value: Any, *path: str) -> str:
    """The string at this path of nested objects, or an empty one."""
    found = at(value, *path)
    return found if isinstance(found, str) else ""


def mapping(value: Any, *path: str) -> Mapping[str, Any]:
    """The object at this path, or an empty one."""
    found = at(value, *path)
    return found if isinstance(found, dict) else {}


def listing(value: Any, *path: str) -> list[Any]:
    """The list at this path, or an empty one."""
    found = at(value, *path)
    return found if isinstance(found, list) else []


def at(value: Any, *path: str) -> Any:
    """Whatever stands at this path, or None."""
    for key in path:
        if not isinstance(value, dict):
            return None
        value = value.get(key)
    return value
