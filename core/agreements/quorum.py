"""Reading and saying a quorum: a number of voters, or a share of those entitled."""

import re
from dataclasses import dataclass
from fractions import Fraction

from core.errors import Refused

_WORDS = {
    "half": "50%",
    "a half": "50%",
    "a third": "1/3",
    "two thirds": "2/3",
    "two-thirds": "2/3",
    "all": "100%",
    "none": "",
}
_LARGEST_DENOMINATOR = 999  # what can be typed
_HOW = "Give a quorum as a number or a share of the partners, such as 5, 50% or half."


@dataclass(frozen=True, slots=True)
class Quorum:
    """number of voters, or share of those entitled (0 < share <= 1), or neither."""

    number: int | None = None
    share: float | None = None


def parse_quorum(text: str) -> Quorum:
    """The quorum that this text means. Raises Refused with a sentence that says how to write one."""
    text = _WORDS.get(text.strip().casefold(), text.strip())
    if not text:
        return Quorum()
    if re.fullmatch(r"[1-9][0-9]{0,4}", text):
        return Quorum(number=int(text))
    if found := re.fullmatch(r"([0-9]{1,3}(?:\.[0-9]{1,4})?) ?%", text):
        share = float(found[1]) / 100
    elif found := re.fullmatch(r"([0-9]{1,3}) ?(?:/|of) ?([1-9][0-9]{0,2})", text):
        share = int(found[1]) / int(found[2])
    elif re.fullmatch(r"0?\.[0-9]{1,6}", text):
        share = float(text)
    else:
        raise Refused(_HOW)
    if not 0 < share <= 1:
        raise Refused(_HOW)
    return Quorum(share=share)


def read_quorum(text: str) -> str:
    """Check a typed quorum and keep it as it was typed."""
    parse_quorum(text)
    return text.strip()


def say_quorum(quorum: Quorum) -> str:
    """A quorum in words, such as `5`, `half`, `40%` or `1/7`, as `parse_quorum` reads it; empty without one."""
    if quorum.number is not None:
        return str(quorum.number)
    if quorum.share is None:
        return ""
    for share, word in ((1 / 2, "half"), (1 / 3, "a third"), (2 / 3, "two thirds"), (1.0, "all")):
        if abs(quorum.share - share) < 1e-9:
            return word
    percent = round(quorum.share * 100, 4)
    if abs(quorum.share - percent / 100) < 1e-9:
        return f"{percent:.4f}".rstrip("0").rstrip(".") + "%"
    part = Fraction(quorum.share).limit_denominator(_LARGEST_DENOMINATOR)  # such as 1/7, which no percentage hits
    return f"{part.numerator}/{part.denominator}"
