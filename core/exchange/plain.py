"""How values are written in an export."""

import datetime


def utc(at: datetime.datetime | None) -> str | None:
    """A moment as `2026-12-04T17:00:00Z`, with its fraction of a second if it has one."""
    return at.astimezone(datetime.UTC).isoformat().replace("+00:00", "Z") if at else None
