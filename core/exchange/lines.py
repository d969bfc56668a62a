"""On which line of a TOML file each key and value stands; the standard parser tells that of syntax errors alone."""

import re
import tomllib
from collections.abc import Callable

Path = tuple[str | int, ...]
"""Where something stands: names of keys, and for arrays (of tables too) the place in them, from 0."""

_BLANKS = re.compile(r"[ \t]*")
_VOID = re.compile(r"(?:[ \t\n]|#[^\n]*)*")  # blanks, line breaks and comments
_REST = re.compile(r"[^\n]*")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_PLAIN = re.compile(r"[^,\]}#\n]*")  # numbers, dates, true and false
_STRING = {
    '"""': re.compile(r'"""(?:[^\\]|\\.)*?"{3,5}(?!")', re.DOTALL),
    "'''": re.compile(r"'''.*?'{3,5}(?!')", re.DOTALL),
    '"': re.compile(r'"(?:[^"\\\n]|\\.)*"'),
    "'": re.compile(r"'[^'\n]*'"),
}


class Lines:
    """The lines of a text that `tomllib` has read without complaint; with any other, some are missing."""

    def __init__(self, text: str) -> None:
        self._text = text.replace("\r\n", "\n")
        self._at = 0
        self._line, self._counted = 1, 0
        self._known: dict[Path, int] = {}
        self._arrays: dict[Path, int] = {}  # how many tables an array of tables has so far
        self._read()

    def of(self, path: Path) -> int:
        """The line of this key or value, or of the nearest thing around it; 1 for the file as a whole."""
        while path and path not in self._known:
            path = path[:-1]
        return self._known.get(path, 1)

    def _read(self) -> None:
        table: Path = ()
        while True:
            self._skip(_VOID)
            if self._at >= len(self._text):
                return
            before = self._at
            if self._text.startswith("[", self._at):
                table = self._header()
            else:
                self._pair(table)
            if self._at == before:  # nothing that we know; the line is left out
                self._skip(_REST)

    def _header(self) -> Path:
        several = self._text.startswith("[[", self._at)
        self._at += 2 if several else 1
        names = self._key()
        path = self._resolved(names[:-1])
        path = (*path, *names[-1:])
        if several:
            count = self._arrays[path] = self._arrays.get(path, 0) + 1
            self._note(path)
            path = (*path, count - 1)
        self._note(path)
        self._skip(_REST)
        return path

    def _resolved(self, names: tuple[str, ...]) -> Path:
        """Where these names lead: through an array of tables to its last one."""
        path: Path = ()
        for name in names:
            path = (*path, name)
            if path in self._arrays:
                path = (*path, self._arrays[path] - 1)
        return path

    def _pair(self, table: Path) -> None:
        names = self._key()
        for length in range(1, len(names) + 1):
            self._note((*table, *names[:length]))
        self._skip(_BLANKS)
        if self._text.startswith("=", self._at):
            self._at += 1
            self._skip(_BLANKS)
            self._value((*table, *names))

    def _key(self) -> tuple[str, ...]:
        """A key, dotted or quoted, at this point; blanks around its dots are allowed."""
        names: list[str] = []
        while True:
            self._skip(_BLANKS)
            start = self._at
            quote = self._text[start : start + 1]
            self._skip(_STRING.get(quote, _BARE))
            names.append(_name(self._text[start : self._at]))
            self._skip(_BLANKS)
            if not self._text.startswith(".", self._at):
                return tuple(names)
            self._at += 1

    def _value(self, path: Path) -> None:
        for opening, string in _STRING.items():
            if self._text.startswith(opening, self._at):
                self._skip(string)
                return
        if self._text.startswith("[", self._at):
            self._several("]", lambda place: self._element((*path, place)))
        elif self._text.startswith("{", self._at):
            self._several("}", lambda _: self._pair(path))
        else:
            self._skip(_PLAIN)

    def _element(self, path: Path) -> None:
        self._note(path)
        self._value(path)

    def _several(self, closing: str, read: Callable[[int], None]) -> None:
        """What stands between brackets or braces, divided by commas."""
        self._at += 1
        place = 0
        while True:
            self._skip(_VOID)
            if self._at >= len(self._text):
                return
            if self._text.startswith(closing, self._at):
                self._at += 1
                return
            before = self._at
            read(place)
            place += 1
            self._skip(_VOID)
            if self._text.startswith(",", self._at) or self._at == before:
                self._at += 1

    def _skip(self, pattern: re.Pattern[str]) -> None:
        if found := pattern.match(self._text, self._at):
            self._at = found.end()

    def _note(self, path: Path) -> None:
        self._line += self._text.count("\n", self._counted, self._at)
        self._counted = self._at
        self._known.setdefault(path, self._line)


def _name(written: str) -> str:
    """The key as it is meant: quotes taken off and escapes undone."""
    if written[:1] not in ("'", '"'):
        return written
    try:
        return next(iter(tomllib.loads(f"{written} = 0")))
    except tomllib.TOMLDecodeError:
        return written
