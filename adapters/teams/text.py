"""Words in and words out: what Teams does to typed text undone, people's words made harmless and short."""

import html
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

_MENTION: Final = re.compile(r"<at[^<>]*>([^<]*)</at>")
# ANSI, NUL, and what reorders the letters around it.
_CONTROLS: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")
_SURROGATES: Final = re.compile("[\ud800-\udfff]")
LONGEST_LINE: Final = 20_000


def clean(text: str) -> str:
    """A person's words without characters that hide or reorder others; line breaks and joined emoji stay."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    return _SURROGATES.sub("\ufffd", _CONTROLS.sub("", text))


def cut(text: str, most: int) -> str:
    """At most so many characters, an ellipsis showing that there was more."""
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def typed(text: str, entities: Iterable[Any], bot: str) -> tuple[str, bool]:
    """What was typed, without the bot's mention, and whether the bot was mentioned.

    Teams sends mentions as `<at>` with an entity for each, other characters as HTML entities, and blanks
    around a mention as non-breaking ones. Other people's mentions become @Name.
    """
    ours = {text for who, text in _mentions(entities) if who == bot and text}
    pieces: list[str] = []
    mentioned, end = False, 0
    for found in _MENTION.finditer(text[: LONGEST_LINE * 2]):
        pieces.append(html.unescape(text[end : found.start()]))
        end = found.end()
        if found.group(0) in ours:
            mentioned = True
            pieces.append(" ")
        else:
            pieces.append("@" + html.unescape(found.group(1)).strip())
    pieces.append(html.unescape(text[end:]))
    return tidy("".join(pieces)), mentioned


def tidy(text: str) -> str:
    """One kind of blank and one kind of line break, nothing around, nothing hidden, and no endless line."""
    text = clean(text).replace("\u00a0", " ").replace("\u202f", " ").replace("\u200b", "")
    lines = [re.sub(r"[ \t]+", " ", line).strip() for line in text.split("\n")]
    return "\n".join(lines).strip()[:LONGEST_LINE]


def _mentions(entities: Iterable[Any]) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for entity in entities:
        if not isinstance(entity, Mapping) or entity.get("type") != "mention":
            continue
        mentioned, text = entity.get("mentioned"), entity.get("text")
        if isinstance(mentioned, Mapping) and isinstance(text, str) and isinstance(mentioned.get("id"), str):
            found.append((mentioned["id"], text))
    return found


def words_of_html(source: str) -> str:
    """The plain words of a message that Teams hands over as HTML (a message extension's payload)."""
    source = re.sub(r"<(?:br|/p|/div|/li)\b[^<>]*>", "\n", source[: LONGEST_LINE * 2], flags=re.IGNORECASE)
    return tidy(html.unescape(re.sub(r"<[^<>]*>", "", source)))
