"""The small parts of an Adaptive Card 1.5, built as plain dicts.

People's words stand only in RichTextBlock runs, which know no Markdown, no links and no mentions; the
schema is that of https://adaptivecards.io/explorer, the limits those of Teams.
"""

import html
import re
from typing import Any, Final, TypeAlias

from adapters.teams.text import clean, cut
from core.cards import Bold, Inline, Italic, Line, Link, Tone

Json: TypeAlias = dict[str, Any]

LONGEST_TITLE: Final = 120  # of a button
_COLOUR: Final[dict[Tone, str]] = {"good": "Good", "attention": "Warning", "bad": "Attention"}
_SIGN: Final[dict[Tone, str]] = {"good": "✓ ", "attention": "⚠ ", "bad": "✗ "}
_HERE: Final = ("http://127.0.0.1:", "http://localhost:", "http://[::1]:")  # a server that nobody else can reach
_HARMLESS: Final = re.compile(r"[A-Za-z][\w ,;:?!'’“”()&–—-]*", re.ASCII)


def run(part: Inline, longest: int, **style: Any) -> Json:
    """One stretch of text in one dress; a link only where it is ours and https, or leads to this very machine."""
    words = part if isinstance(part, str) else part.text
    made: Json = {"type": "TextRun", "text": cut(clean(words), longest), **style}
    if isinstance(part, Bold):
        made["weight"] = "Bolder"
    elif isinstance(part, Italic):
        made["italic"] = True
    elif isinstance(part, Link) and part.url.startswith(("https://", *_HERE)):
        made["selectAction"] = {"type": "Action.OpenUrl", "url": part.url}
    return made


def rich(line: Line, tone: Tone = "plain", *, longest: int = 1_000, spacing: str = "", **style: Any) -> Json:
    """A paragraph. The tone is told by a sign as well as by its colour, for those who see no colours."""
    if tone == "subtle":
        style["isSubtle"] = True
        style.setdefault("size", "Small")
    elif tone in _COLOUR:
        style["color"] = _COLOUR[tone]
    runs, left = [], longest
    for part in (_SIGN[tone], *line) if tone in _SIGN else line:
        if left <= 0:
            break
        made = run(part, left, **style)
        left -= len(made["text"])
        if made["text"]:
            runs.append(made)
    block: Json = {"type": "RichTextBlock", "inlines": runs or [{"type": "TextRun", "text": " "}]}
    if spacing:
        block["spacing"] = spacing
    return block


def heading(words: str, size: str) -> Json:
    """A title. Screen readers hear it as a heading where its letters can't be taken for Markdown."""
    words = cut(" ".join(clean(words).split()), 200)
    if _HARMLESS.fullmatch(words) and "_" not in words:
        return {
            "type": "TextBlock",
            "text": words,
            "style": "heading",
            "size": size,
            "weight": "Bolder",
            "wrap": True,
        }
    return rich((Bold(words),), size=size)


def paragraphs(words: str, longest: int, most_lines: int) -> tuple[list[Json], bool]:
    """A person's text, a block for each of its lines, and whether all of it is there."""
    words = clean(words).strip()
    kept = cut(words, longest)
    lines = [line.rstrip() for line in kept.split("\n")]
    whole = kept == words and len(lines) <= most_lines
    if len(lines) > most_lines:
        lines = [*lines[:most_lines], "…"]
    blocks = [
        rich((line,), longest=longest, spacing="None" if index and lines[index - 1].strip() else "Small")
        for index, line in enumerate(lines)
        if line.strip()
    ]
    return blocks, whole


def columns(*parts: tuple[str | int, Json], spacing: str = "Small") -> Json:
    """Elements side by side, each with its width: `auto`, `stretch` or a weight."""
    made = [{"type": "Column", "width": width, "items": [item]} for width, item in parts]
    return {"type": "ColumnSet", "columns": made, "spacing": spacing}


def root(body: list[Json], summary: str) -> Json:
    """A whole card around its body; `summary` is what is spoken, and shown where cards can't be."""
    said = cut(" ".join(clean(summary).split()), 300) or "Folkmoot"
    return {
        "type": "AdaptiveCard",
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "version": "1.5",
        "fallbackText": said,
        "speak": html.escape(said, quote=False),
        "msteams": {"width": "Full"},
        "body": body,
    }
