"""What boards and organisations are called: when two names are the same, and the letters before register numbers."""

import re
import unicodedata

from core.texts import one_line

_LONGEST_CODE = 6


def alike(one: str, other: str) -> bool:
    """Whether two names differ in nothing but case, blanks and the way their letters are encoded."""
    return _plain(one) == _plain(other)


def _plain(name: str) -> str:
    return one_line(one_line(name).casefold())


def code_of(name: str, taken: set[str]) -> str:
    """The letters before a board's register numbers: its initials, two to six, and a digit if they are taken."""
    plain = unicodedata.normalize("NFKD", name.replace("'", "").replace("’", "")).encode("ascii", "ignore").decode()
    words = re.findall(r"[A-Z0-9]+", plain.upper())
    code = "".join(word[0] for word in words)[:_LONGEST_CODE]
    if len(code) < 2:
        code = "".join(words)[:3]
    if len(code) < 2:
        code = "BOARD"  # a name in letters that a register number can't have
    found, number = code, 2
    while found in taken:
        found, number = f"{code}{number}", number + 1
    return found
