"""Rows of the database compared with what a file says."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.db import Model


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows of which kind were added and changed."""

    added: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)

    def update(self, kind: str, row: Model, values: Mapping[str, Any]) -> bool:
        """Set what differs on this row, and count it; whether anything did."""
        different = {name: value for name, value in values.items() if getattr(row, name) != value}
        for name, value in different.items():
            setattr(row, name, value)
        if different:
            self.changed[kind] += 1
        return bool(different)
