"""What an import has at hand while it writes, and its bookkeeping."""

import datetime
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from core.db import Model


@dataclass(slots=True)
class Writing:
    """One import under way: its session and moment, the board's key, and how many of what it added and changed."""

    session: AsyncSession
    now: datetime.datetime
    board: int = 0
    added: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)

    def add(self, kind: str, row: Model) -> None:
        """Add a new row, and count it."""
        self.session.add(row)
        self.added[kind] += 1

    def update(self, kind: str, row: Model, values: Mapping[str, Any]) -> bool:
        """Set what differs on this row, and count it; whether anything did."""
        different = differing(row, values)
        for name, value in different.items():
            setattr(row, name, value)
        if different:
            self.changed[kind] += 1
        return bool(different)


def differing(row: Model, values: Mapping[str, Any]) -> dict[str, Any]:
    """The values that are not what the row has."""
    return {name: value for name, value in values.items() if getattr(row, name) != value}
