"""How values are written in an export, and read from one."""

import datetime
from collections.abc import Mapping
from typing import Any, TypeAlias

Row: TypeAlias = Mapping[str, Any]
"""One thing of an export, or the whole of it."""


def utc(at: datetime.datetime | None) -> str | None:
    """A moment as `2026-12-04T17:00:00Z`, with its fraction of a second if it has one."""
    return at.astimezone(datetime.UTC).isoformat().replace("+00:00", "Z") if at else None


def moment_in(text: str) -> datetime.datetime:
    """The moment that `utc` has written."""
    return datetime.datetime.fromisoformat(text)
