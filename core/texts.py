"""Cleaning and comparing what people typed, and quoting it back in a sentence."""

import difflib
import re
import unicodedata
from collections.abc import Sequence

from core.cards import Option

LONGEST_LINE = 40_000  # characters of a typed line; more than either tool delivers

_BARS = {ord(each): "|" for each in "¦｜│"}  # how some phones write the bar between a poll's options
_FORGERS = re.compile("[\u202a-\u202e\u2066-\u2069\ufeff]")  # these turn text around, or are invisible rubbish
_BREAKS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_QUOTES = '"“”„«»'
_QUOTED = re.compile(f"[{_QUOTES}]([^{_QUOTES}]+)[{_QUOTES}]")
_BULLET = re.compile(r"^\s*(?:[-–*•]|\d{1,2}[.)])\s+")
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


def first_word(line: str) -> tuple[str, str]:
    """The command's word without a phone's capitals and stray punctuation, and the rest of the line.

    "/board", "Board", "@folkmoot" and the like in front of it are skipped. Empty if nothing legible stands there.
    """
    rest = clean(line[:LONGEST_LINE]).translate(_BARS)
    while rest:
        token = rest.split(maxsplit=1)[0]
        rest = rest[len(token) :].lstrip(" ")
        glued = re.match(r"(/?[^\W\d_]+):(?=[^\W_])", token)
        if glued:
            token, rest = glued[1], token[glued.end() :] + " " + rest
        word = re.sub(r"^[\W_]+|[\W_]+$", "", token).lower()
        if word in ("folkmoot", "board") and rest:
            continue
        return word, rest.strip()
    return "", ""


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


def listed(words: Sequence[str], last: str = "and") -> str:
    """The words as "A, B and C"."""
    return f"{', '.join(words[:-1])} {last} {words[-1]}" if len(words) > 1 else "".join(words)


def some(words: Sequence[str], most: int, total: int | None = None) -> str:
    """The first words as "A, B, C", and how many more of the `total` there are."""
    more = (len(words) if total is None else total) - min(most, len(words))
    return ", ".join(words[:most]) + (f" and {more} more" if more > 0 else "")


def either(words: Sequence[str], most: int = 6) -> str:
    """The words as "A, B or C"; of more than `most` words the first ones, introduced by "for example"."""
    said = listed(words[:most], "or")
    return said if len(words) <= most else f"for example {said}"


def number_in(text: str) -> int | None:
    """The number that a thing goes by, such as "12" or "#12"; None if the text is none."""
    digits = text.strip().removeprefix("#")
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 10 else None


def nearest(word: str, known: Sequence[str]) -> str:
    """The known word of which this is most likely a slip of the finger; empty if it is none."""
    return next(iter(difflib.get_close_matches(word.lower(), known, n=1, cutoff=0.75)), "")


def lines_of(text: str) -> list[str]:
    """The lines in which something is said, without the blanks around them."""
    return [line for each in text.splitlines() if (line := each.strip())]


def first_line(text: str, longest: int = 120) -> str:
    """The first line of a message that says something, short enough for a title."""
    line = next((each.strip() for each in text.splitlines() if each.strip()), "")
    return line if len(line) <= longest else f"{line[:longest].rsplit(' ', 1)[0]}…"


def alike(text: str, options: Sequence[Option]) -> list[Option]:
    """The options that a text may mean, where it is not clear which: those of which a word begins so."""
    key = squashed(text)
    return [
        option for option in options if key and any(squashed(word).startswith(key) for word in option.label.split())
    ]


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


def divided(text: str) -> tuple[str, tuple[str, ...]]:
    """What is asked, and the parts behind it: divided by `|` or line breaks, or each in quotes, straight or curly.

    Two words in quotes in the middle of a question divide nothing; quotes do only where they go on to the end.
    """
    if "|" in text or "\n" in text:
        pieces = [_bare(piece) for piece in re.split(r"[|\n]+", text)]
        pieces = [piece for index, piece in enumerate(pieces) if piece or not index]
        return (pieces[0], tuple(pieces[1:])) if pieces else ("", ())
    return _quoted_tail(text)


def _quoted_tail(text: str) -> tuple[str, tuple[str, ...]]:
    found = list(_QUOTED.finditer(text))
    end, parts = len(text), list[str]()
    while found and not text[found[-1].end() : end].strip(" ,"):
        last = found.pop()
        parts.append(last[1].strip())
        end = last.start()
    parts.reverse()
    head = text[:end].strip().rstrip(",").rstrip()
    if head:
        return (head, tuple(parts)) if len(parts) > 1 else (text, ())
    return (parts[0], tuple(parts[1:])) if parts else ("", ())


def _bare(piece: str) -> str:
    """A part without its bullet or number, and without the quotes around the whole of it."""
    piece = _BULLET.sub("", piece).strip()
    whole = re.fullmatch(f"[{_QUOTES}]([^{_QUOTES}]*)[{_QUOTES}]", piece)
    return whole[1].strip() if whole else piece
