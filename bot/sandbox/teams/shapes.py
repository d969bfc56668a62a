"""What an Adaptive Card 1.5 may hold, as tables: each type's properties, their kinds, since which version.

Source: the published Adaptive Cards schema 1.5 and Microsoft's pages on cards in Teams (charts, `msteams`,
`targetWidth`). A name that ends in `!` is required.
"""

from collections.abc import Mapping
from typing import Any

from bot.sandbox.teams.kinds import (
    ALIGN,
    BACKGROUND,
    COLOUR,
    DATA,
    DATE,
    FLAG,
    FONT,
    IMAGE_SIZE,
    LINK,
    LIST,
    NAME,
    NUMBER,
    OBJECT,
    PIXELS,
    REGEX,
    SIZE,
    SPACING,
    STYLE,
    TEXT,
    TIME,
    URL,
    VALIGN,
    WEIGHT,
    WHOLE,
    WIDTH,
    Kind,
    one_of,
)

EVERY: Mapping[str, Kind] = {
    "type": TEXT,
    "id": TEXT,
    "isVisible": FLAG,
    "separator": FLAG,
    "spacing": SPACING,
    "height": one_of("auto", "stretch"),
    "requires": OBJECT,
    "targetWidth": TEXT,
    "grid.area": TEXT,
    "lang": TEXT,
    "rtl": FLAG,
    "msteams": OBJECT,
}
_WORDS: Mapping[str, Kind] = {
    "color": COLOUR,
    "fontType": FONT,
    "isSubtle": FLAG,
    "size": SIZE,
    "weight": WEIGHT,
}
_BOX: Mapping[str, Kind] = {
    "style": STYLE,
    "verticalContentAlignment": VALIGN,
    "bleed": FLAG,
    "backgroundImage": BACKGROUND,
    "minHeight": PIXELS,
    "roundedCorners": FLAG,
    "showBorder": FLAG,
}
_INPUT: Mapping[str, Kind] = {
    "id!": NAME,
    "label": TEXT,
    "isRequired": FLAG,
    "errorMessage": TEXT,
}
_CHART: Mapping[str, Kind] = {
    "title": TEXT,
    "colorSet": TEXT,
    "color": TEXT,
    "xAxisTitle": TEXT,
    "yAxisTitle": TEXT,
    "horizontalAlignment": ALIGN,
    "showTitle": FLAG,
    "showLegend": FLAG,
    "showBarValues": FLAG,
    "maxWidth": PIXELS,
}

ELEMENTS: Mapping[str, Mapping[str, Kind]] = {
    "TextBlock": {
        **_WORDS,
        "text!": TEXT,
        "wrap": FLAG,
        "maxLines": WHOLE,
        "horizontalAlignment": ALIGN,
        "style": one_of("default", "heading", "columnHeader"),
    },
    "RichTextBlock": {"inlines!": LIST, "horizontalAlignment": ALIGN},
    "Image": {
        "url!": URL,
        "altText": TEXT,
        "size": IMAGE_SIZE,
        "style": one_of("default", "person", "roundedCorners"),
        "width": PIXELS,
        "height": Kind("auto, stretch or pixels", lambda value: isinstance(value, str)),
        "horizontalAlignment": ALIGN,
        "backgroundColor": TEXT,
    },
    "ImageSet": {"images!": LIST, "imageSize": IMAGE_SIZE},
    "Media": {"sources!": LIST, "poster": URL, "altText": TEXT, "captionSources": LIST},
    "Container": {**_BOX, "items!": LIST, "layouts": LIST},
    "ColumnSet": {**_BOX, "columns": LIST, "horizontalAlignment": ALIGN},
    "Column": {**_BOX, "items": LIST, "width": WIDTH, "layouts": LIST},
    "FactSet": {"facts!": LIST},
    "ActionSet": {"actions!": LIST, "horizontalAlignment": ALIGN},
    "Table": {
        "columns!": LIST,
        "rows!": LIST,
        "firstRowAsHeader": FLAG,
        "firstRowAsHeaders": FLAG,
        "showGridLines": FLAG,
        "gridStyle": STYLE,
        "horizontalCellContentAlignment": ALIGN,
        "verticalCellContentAlignment": VALIGN,
    },
    "TableRow": {
        "cells!": LIST,
        "style": STYLE,
        "horizontalCellContentAlignment": ALIGN,
        "verticalCellContentAlignment": VALIGN,
    },
    "TableCell": {**_BOX, "items": LIST},
    "Input.Text": {
        **_INPUT,
        "isMultiline": FLAG,
        "maxLength": WHOLE,
        "placeholder": TEXT,
        "regex": REGEX,
        "style": one_of("text", "tel", "url", "email", "password"),
        "value": TEXT,
    },
    "Input.Number": {**_INPUT, "max": NUMBER, "min": NUMBER, "placeholder": TEXT, "value": NUMBER},
    "Input.Date": {**_INPUT, "max": DATE, "min": DATE, "placeholder": TEXT, "value": DATE},
    "Input.Time": {**_INPUT, "max": TIME, "min": TIME, "placeholder": TEXT, "value": TIME},
    "Input.Toggle": {
        **_INPUT,
        "title!": TEXT,
        "value": TEXT,
        "valueOn": TEXT,
        "valueOff": TEXT,
        "wrap": FLAG,
    },
    "Input.ChoiceSet": {
        **_INPUT,
        "choices": LIST,
        "choices.data": OBJECT,
        "isMultiSelect": FLAG,
        "style": one_of("compact", "expanded", "filtered"),
        "value": TEXT,
        "placeholder": TEXT,
        "wrap": FLAG,
    },
    "Chart.HorizontalBar": {
        **_CHART,
        "data": LIST,
        "displayMode": one_of("AbsoluteWithAxis", "AbsoluteNoAxis", "PartToWhole"),
    },
    "Chart.HorizontalBar.Stacked": {**_CHART, "data": LIST},
    "Chart.VerticalBar": {**_CHART, "data": LIST},
    "Chart.VerticalBar.Grouped": {**_CHART, "data": LIST, "stacked": FLAG},
    "Chart.Donut": {**_CHART, "data!": LIST},
    "Chart.Pie": {**_CHART, "data!": LIST},
    "Chart.Line": {**_CHART, "data": LIST},
    "Chart.Gauge": {
        **_CHART,
        "value": NUMBER,
        "segments": LIST,
        "min": NUMBER,
        "max": NUMBER,
        "subLabel": TEXT,
    },
    "Icon": {"name!": TEXT, "size": TEXT, "color": TEXT, "style": TEXT, "horizontalAlignment": ALIGN},
    "Badge": {
        "text": TEXT,
        "icon": TEXT,
        "size": TEXT,
        "style": TEXT,
        "shape": TEXT,
        "appearance": TEXT,
        "tooltip": TEXT,
    },
    "ProgressBar": {"value": NUMBER, "max": NUMBER, "color": TEXT, "horizontalAlignment": ALIGN},
    "CodeBlock": {"codeSnippet": TEXT, "language": TEXT, "startLineNumber": WHOLE},
}
"""Element types by name. Column, TableRow and TableCell stand only inside their parents."""

PARTS: Mapping[str, Mapping[str, Kind]] = {
    "Fact": {"type": TEXT, "title!": TEXT, "value!": TEXT},
    "Choice": {"type": TEXT, "title!": TEXT, "value!": TEXT},
    "TableColumnDefinition": {
        "type": TEXT,
        "width": WIDTH,
        "horizontalCellContentAlignment": ALIGN,
        "verticalCellContentAlignment": VALIGN,
    },
    "TextRun": {
        **_WORDS,
        "type!": TEXT,
        "text!": TEXT,
        "highlight": FLAG,
        "italic": FLAG,
        "strikethrough": FLAG,
        "underline": FLAG,
    },
    "MediaSource": {"type": TEXT, "url!": URL, "mimeType": TEXT},
    "Bar": {"type": TEXT, "x!": TEXT, "y!": NUMBER, "color": TEXT},
}
"""Parts of an element that are no elements themselves."""

ONLY_INSIDE = frozenset({"Column", "TableRow", "TableCell"})

CHILDREN: Mapping[str, Mapping[str, str]] = {
    "Container": {"items": "element"},
    "Column": {"items": "element"},
    "TableCell": {"items": "element"},
    "ColumnSet": {"columns": "Column"},
    "Table": {"rows": "TableRow", "columns": "TableColumnDefinition"},
    "TableRow": {"cells": "TableCell"},
    "ActionSet": {"actions": "action"},
    "FactSet": {"facts": "Fact"},
    "ImageSet": {"images": "Image"},
    "RichTextBlock": {"inlines": "TextRun"},
    "Media": {"sources": "MediaSource"},
    "Input.ChoiceSet": {"choices": "Choice"},
    "Chart.HorizontalBar": {"data": "Bar"},
}
"""What the lists in an element hold: a part, a fixed element, any `element` or any `action`."""

EVERY_ACTION: Mapping[str, Kind] = {
    "type": TEXT,
    "id": TEXT,
    "title": TEXT,
    "iconUrl": TEXT,
    "style": one_of("default", "positive", "destructive"),
    "tooltip": TEXT,
    "isEnabled": FLAG,
    "mode": one_of("primary", "secondary"),
    "requires": OBJECT,
    "role": TEXT,
}
_ASSOCIATED = one_of("auto", "none")
ACTIONS: Mapping[str, Mapping[str, Kind]] = {
    "Action.Execute": {"verb": TEXT, "data": DATA, "associatedInputs": _ASSOCIATED},
    "Action.Submit": {"data": DATA, "associatedInputs": _ASSOCIATED, "msteams": OBJECT},
    "Action.OpenUrl": {"url!": LINK},
    "Action.ShowCard": {"card!": OBJECT},
    "Action.ToggleVisibility": {"targetElements!": LIST},
}

SINCE: Mapping[str, int] = {
    "Media": 1,
    "ActionSet": 2,
    "RichTextBlock": 2,
    "Action.ToggleVisibility": 2,
    "Action.Execute": 4,
    "Table": 5,
}
"""The minor version (of 1.x) that brought a type."""

SINCE_ACTION_PROPERTY: Mapping[str, int] = {"mode": 5, "tooltip": 5, "isEnabled": 5, "style": 2}

CARD: Mapping[str, Kind] = {
    "type": TEXT,
    "version": TEXT,
    "$schema": TEXT,
    "body": LIST,
    "actions": LIST,
    "fallbackText": TEXT,
    "speak": TEXT,
    "lang": TEXT,
    "rtl": FLAG,
    "minHeight": PIXELS,
    "verticalContentAlignment": VALIGN,
    "backgroundImage": BACKGROUND,
    "refresh": OBJECT,
    "authentication": OBJECT,
    "selectAction": OBJECT,
    "msteams": OBJECT,
    "metadata": OBJECT,
    "layouts": LIST,
    "style": STYLE,
}

TEAMS_ACTIONS: Mapping[str, Mapping[str, Kind]] = {
    "messageBack": {"displayText": TEXT, "text": TEXT, "value": DATA},
    "imBack": {"value!": TEXT},
    "signin": {"value!": TEXT},
    "invoke": {"value!": OBJECT},
    "task/fetch": {},
    "task/submit": {},
}
"""What `data.msteams.type` of an Action.Submit may be, with its further properties."""


def drawn(element: Any) -> Any:
    """What a client draws for an element: itself, or its fallback when it does not know the type."""
    while isinstance(element, dict) and element.get("type") not in (*ELEMENTS, "AdaptiveCard"):
        if not isinstance(element.get("fallback"), dict):
            break
        element = element["fallback"]
    return element
