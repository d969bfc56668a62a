"""Goldens as text: JSON that reads well, in an order that does not change."""

import json
from typing import Any

WIDTH = 118


def written(value: Any, indent: int = 0) -> str:
    """Pretty JSON: what fits on a line stands on one; `type` comes first, other keys by name."""
    ordered = _ordered(value)
    line = json.dumps(ordered, ensure_ascii=False)
    if len(line) + indent <= WIDTH or not isinstance(ordered, (dict, list)) or not ordered:
        return line
    pad = " " * (indent + 2)
    if isinstance(ordered, list):
        parts = [pad + written(each, indent + 2) for each in ordered]
        return "[\n" + ",\n".join(parts) + "\n" + " " * indent + "]"
    parts = [f"{pad}{json.dumps(key)}: {written(each, indent + 2)}" for key, each in ordered.items()]
    return "{\n" + ",\n".join(parts) + "\n" + " " * indent + "}"


def _ordered(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _ordered(value[key]) for key in sorted(value, key=lambda key: (key != "type", key))}
    if isinstance(value, (list, tuple)):
        return [_ordered(each) for each in value]
    return value
