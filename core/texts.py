"""Cleaning and comparing what people typed, and quoting it back in a sentence."""

import re
import unicodedata
from collections.abc import Sequence

from core.cards import Option

_FORGERS = re.compile("[\u202a-\u202e\u2066-\u2069\ufeff]")  # these turn text around, or are invisible rubbish
_BREAKS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_HARMFUL = frozenset({"Cc", "Cs"})  # controls, and halves of surrogate pairs that no database stores


def clean(text: str) -> str:
    """The text as we keep it: NFC, breaks as `\\n`, no controls, overrides of direction or lone surrogates.

    Joiners stay, because emoji and several scripts need them. Outer blanks are stripped.
    """
    text = _BREAKS.sub("\n", text).replace("\t", " ")
    if not text.isprintable():
        text = _FORGERS.sub("", text)
        text = "".join(char for char in text if char == "\n" or unicodedata.category(char) not in _HARMFUL)
    return unicodedata.normalize("NFC", text).strip()


def one_line(text: str) -> str:
    """The cleaned text with every run of blanks and line breaks as one space."""
    return " ".join(clean(text).split())


def quoted(text: str, longest: int = 40) -> str:
    """What a person typed, quoted and shortened to `longest` characters, to begin a sentence with."""
    said = one_line(text[: longest * 4])
    if not said:
        return "That"
    return f"“{said if len(said) <= longest else said[: longest - 1].rstrip() + '…'}”"


def clipped(text: str, longest: int) -> str:
    """At most so many characters of a text, an ellipsis showing that there was more."""
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def squashed(text: str) -> str:
    """The text for comparing: without case, blanks, hyphens and punctuation, `&` as "and"."""
    text = unicodedata.normalize("NFKC", text).casefold().replace("&", "and")
    return "".join(char for char in text if char.isalnum())


def either(words: Sequence[str], most: int = 6) -> str:
    """The words as "A, B or C"; of more than `most` words the first ones, introduced by "for example"."""
    shown = list(words[:most])
    said = shown[0] if len(shown) == 1 else ", ".join(shown[:-1]) + f" or {shown[-1]}"
    return said if len(words) <= most else f"for example {said}"


def matching(text: str, options: Sequence[Option]) -> Option | None:
    """The option that the text means: by value, label, or the only one that begins so; None if unclear."""
    for option in options:
        if text == option.value:
            return option
    key = squashed(text)
    if not key:
        return None
    keys = [(option, {squashed(option.label), squashed(option.value)}) for option in options]
    found = [option for option, names in keys if key in names]
    if not found:
        found = [option for option, names in keys if any(name.startswith(key) for name in names)]
    return found[0] if len({option.value for option in found}) == 1 else None
