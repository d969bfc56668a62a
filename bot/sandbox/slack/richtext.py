"""Rich text, tables and charts as Slack checks them.

https://docs.slack.dev/reference/block-kit/blocks (rich-text-block, table-block, data-table-block,
data-visualization-block)
"""

import math
from typing import Any

from bot.sandbox.slack.checks import Checker, Json

_STYLES = {"bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink"}
_LEAVES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {  # type: (required, also allowed)
    "text": (("text",), ()),
    "link": (("url",), ("text", "unsafe")),
    "user": (("user_id",), ()),
    "usergroup": (("usergroup_id",), ()),
    "channel": (("channel_id",), ()),
    "team": (("team_id",), ()),
    "emoji": (("name",), ("unicode", "skin_tone")),
    "broadcast": (("range",), ()),
    "date": (("timestamp", "format"), ("url", "fallback")),
    "color": (("value",), ()),
}
_PARTS = ("rich_text_section", "rich_text_list", "rich_text_preformatted", "rich_text_quote")
CELLS_TOTAL = 10_000


def check_rich_text(check: Checker, value: Any, path: str) -> None:
    """Check a rich_text block, or the same shape inside a table cell or an input."""
    if not check.mapping(value, path, ("type", "block_id", "elements"), ("elements",)):
        return
    if value.get("type") != "rich_text":
        check.add(f"{path}/type", "must be one of: rich_text")
    check.items(value, "elements", path, 1000, lambda each, where: _part(check, each, where, _PARTS))


def _part(check: Checker, value: Any, path: str, allowed: tuple[str, ...]) -> None:
    if not isinstance(value, dict) or value.get("type") not in allowed:
        kind = value.get("type") if isinstance(value, dict) else value
        check.add(f"{path}/type", f"unsupported type: {kind}")
        return
    kind = str(value["type"])
    if kind == "rich_text_list":
        fields = ("type", "style", "elements", "indent", "offset", "border")
        check.mapping(value, path, fields, ("style", "elements"))
        check.one_of(value, "style", path, ("bullet", "ordered"))
        check.integer(value, "indent", path, 0, 8)
        check.items(value, "elements", path, 1000, lambda e, w: _part(check, e, w, ("rich_text_section",)))
        return
    extra = {"rich_text_quote": ("border",), "rich_text_preformatted": ("border", "language")}.get(kind, ())
    check.mapping(value, path, ("type", "elements", *extra), ("elements",))
    leaves = ("text", "link") if kind == "rich_text_preformatted" else tuple(_LEAVES)
    check.items(value, "elements", path, 1000, lambda e, w: _leaf(check, e, w, leaves), least=0)


def _leaf(check: Checker, value: Any, path: str, allowed: tuple[str, ...]) -> None:
    kind = value.get("type") if isinstance(value, dict) else None
    if kind not in allowed:
        check.add(f"{path}/type", f"unsupported type: {kind}")
        return
    required, optional = _LEAVES[kind]
    check.mapping(value, path, ("type", "style", *required, *optional), required)
    check.string(value, "text", path, 100_000)
    check.string(value, "url", path, 3000)
    check.one_of(value, "range", path, ("here", "channel", "everyone"))
    style = value.get("style")
    if style is not None and check.mapping(style, f"{path}/style", _STYLES, ()):
        check.flags(style, f"{path}/style", *style)


def check_table(check: Checker, value: Json, path: str) -> None:
    """Check a table: 100 rows, 20 cells in a row, no empty cell text, 10,000 characters in all."""
    check.mapping(value, path, ("type", "block_id", "rows", "column_settings"), ("rows",))

    def row(cells: Any, where: str) -> None:
        _row(check, cells, where, ("raw_text", "rich_text"))

    check.items(value, "rows", path, 100, row)

    def column(each: Any, where: str) -> None:
        if each is not None and check.mapping(each, where, ("align", "is_wrapped"), ()):
            check.one_of(each, "align", where, ("left", "center", "right"))
            check.flags(each, where, "is_wrapped")

    check.items(value, "column_settings", path, 20, column)
    if characters(value.get("rows")) > CELLS_TOTAL:
        check.add(f"{path}/rows", f"must be less than {CELLS_TOTAL + 1} characters in all cells")


def _row(check: Checker, cells: Any, path: str, kinds: tuple[str, ...]) -> None:
    if not isinstance(cells, list) or not cells:
        check.add(path, "must be a non-empty array")
        return
    if len(cells) > 20:
        check.add(path, "no more than 20 items allowed")
    for index, cell in enumerate(cells):
        where = f"{path}/{index}"
        kind = cell.get("type") if isinstance(cell, dict) else None
        if kind not in kinds:
            check.add(f"{where}/type", f"unsupported type: {kind}")
        elif kind == "rich_text":
            check_rich_text(check, cell, where)
        elif kind == "raw_number":
            check.mapping(cell, where, ("type", "value", "text"), ("value",))
        elif check.mapping(cell, where, ("type", "text"), ("text",)):
            check.string(cell, "text", where, CELLS_TOTAL)


def check_data_table(check: Checker, value: Json, path: str) -> None:
    """Check a data table: a header and 1 to 100 rows, all of the same length."""
    fields = ("type", "block_id", "rows", "caption", "page_size", "row_header_column_index")
    check.mapping(value, path, fields, ("rows", "caption"))
    check.string(value, "caption", path, 3000)
    check.integer(value, "page_size", path, 1, 100)

    def row(cells: Any, where: str) -> None:
        head = where.endswith("/rows/0")
        _row(check, cells, where, ("raw_text", "raw_number") + (() if head else ("rich_text",)))

    rows = check.items(value, "rows", path, 101, row, least=2)
    if len({len(cells) for cells in rows if isinstance(cells, list)}) > 1:
        check.add(f"{path}/rows", "all rows must have the same number of cells")
    if characters(rows) > CELLS_TOTAL:
        check.add(f"{path}/rows", f"must be less than {CELLS_TOTAL + 1} characters in all cells")


def check_chart(check: Checker, value: Json, path: str) -> None:
    """Check a data_visualization block: title 50, labels 20, 12 series or segments, 20 points."""
    if not check.mapping(value, path, ("type", "block_id", "title", "chart"), ("title", "chart")):
        return
    check.string(value, "title", path, 50)
    chart, where = value.get("chart"), f"{path}/chart"
    if not isinstance(chart, dict) or chart.get("type") not in ("pie", "bar", "area", "line"):
        check.add(f"{where}/type", "must be one of: area, bar, line, pie")
    elif chart["type"] == "pie":
        check.mapping(chart, where, ("type", "segments"), ("segments",))
        check.items(chart, "segments", where, 12, lambda e, w: _point(check, e, w, positive=True))
    else:
        _xy_chart(check, chart, where)


def _xy_chart(check: Checker, chart: Json, path: str) -> None:
    check.mapping(chart, path, ("type", "series", "axis_config"), ("series", "axis_config"))
    axis, where = chart.get("axis_config"), f"{path}/axis_config"
    categories: list[Any] = []
    if axis is not None and check.mapping(axis, where, ("categories", "x_label", "y_label"), ("categories",)):
        categories = check.items(axis, "categories", where, 20, lambda e, w: check.length(e, w, 20))
        check.string(axis, "x_label", where, 50)
        check.string(axis, "y_label", where, 50)
    names: list[Any] = []

    def series(each: Any, here: str) -> None:
        if not check.mapping(each, here, ("name", "data"), ("name", "data")):
            return
        check.string(each, "name", here, 20)
        names.append(each.get("name"))
        points = check.items(each, "data", here, 20, lambda e, w: _point(check, e, w, positive=False))
        if sorted(str(p.get("label")) for p in points if isinstance(p, dict)) != sorted(map(str, categories)):
            check.add(f"{here}/data", "labels must match the axis categories")

    check.items(chart, "series", path, 12, series)
    if len({str(name) for name in names}) != len(names):
        check.add(f"{path}/series", "series names must be unique")


def _point(check: Checker, value: Any, path: str, *, positive: bool) -> None:
    if not check.mapping(value, path, ("label", "value"), ("label", "value")):
        return
    check.string(value, "label", path, 20)
    number = value.get("value")
    if isinstance(number, bool) or not isinstance(number, int | float) or not math.isfinite(number):
        check.add(f"{path}/value", "must be a number")
    elif positive and number <= 0:
        check.add(f"{path}/value", "must be more than 0")


def characters(value: Any) -> int:
    """How many characters of text stand in a piece of Block Kit, at any depth."""
    if isinstance(value, dict):
        return sum(
            len(inner) if key == "text" and isinstance(inner, str) else characters(inner)
            for key, inner in value.items()
        )
    return sum(characters(inner) for inner in value) if isinstance(value, list) else 0
