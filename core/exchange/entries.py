"""A table of the file, read field by field: each mistake names its line and says what to do instead."""

import datetime
import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from core.exchange.lines import Lines, Path
from core.exchange.shapes import Mistake, same
from core.texts import clean, either, one_line, quoted, squashed

LONG = 20_000  # characters of a scope or a proposal; more belongs in a paper of its own
_KINDS = {
    bool: "true or false",
    int: "a number",
    float: "a number",
    str: "a text",
    list: "a list",
    dict: "a table",
    datetime.datetime: "a date and time",
    datetime.date: "a date",
    datetime.time: "a time",
}


class Entry:
    """One table. Every method raises `Mistake`; `noun` names the table in sentences, such as "a member"."""

    def __init__(self, values: Mapping[str, Any], path: Path, lines: Lines, noun: str) -> None:
        self.values, self.path, self.noun = values, path, noun
        self._lines = lines

    @property
    def line(self) -> int:
        """Where the table begins."""
        return self._lines.of(self.path)

    def line_of(self, key: str, *more: str | int) -> int:
        """Where a field stands, or the table when it is missing."""
        return self._lines.of((*self.path, key, *more)) if key in self.values else self.line

    def wrong(self, key: str, sentence: str, *more: str | int) -> Mistake:
        """What is wrong with a field."""
        return Mistake(self.line_of(key, *more), sentence)

    def only(self, *known: str) -> None:
        """Refuse a key that is not one of these, and suggest the one that was perhaps meant."""
        for key in self.values:
            if key not in known:
                raise self.wrong(key, f"{quoted(key)} is nothing that {self.noun} has; {_instead(key, known)}.")

    def line_text(self, key: str, longest: int, *, needed: bool = False) -> str:
        """A text of one line; empty when it is missing and not needed."""
        text = one_line(self._string(key))
        if needed and not text:
            raise self.wrong(
                key,
                f'{self.noun} needs {"an" if key[0] in "aeiou" else "a"} {key}; write {key} = "…" and fill it in.',
            )
        return self._measured(key, text, longest)

    def long_text(self, key: str, longest: int = LONG) -> str:
        """A text that may have several lines."""
        return self._measured(key, clean(self._string(key)), longest)

    def strings(self, key: str, longest: int = 2_000, *, most: int = 200) -> tuple[str, ...]:
        """A list of texts; one text alone is a list of one."""
        given = self.values.get(key, [])
        if isinstance(given, str):
            given = [given]
        if not isinstance(given, list):
            raise self._of_kind(key, given, 'a list of texts, such as ["…", "…"]')
        if len(given) > most:
            raise self.wrong(key, f"{key} has {len(given):,} entries; keep it to {most}.")
        found = []
        for place, each in enumerate(given):
            if not isinstance(each, str):
                raise self.wrong(key, f"{key} holds {_kind(each)}; write each entry as a text in quotes.", place)
            text = clean(each)
            if not text:
                raise self.wrong(key, f"{key} has an empty entry; fill it in or take it out.", place)
            found.append(self._measured(key, text, longest))
        return tuple(found)

    def flag(self, key: str, otherwise: bool) -> bool:
        """true or false."""
        given = self.values.get(key, otherwise)
        if not isinstance(given, bool):
            raise self._of_kind(key, given, "true or false, without quotes")
        return given

    def number(self, key: str, least: int, most: int, otherwise: int) -> int:
        """A whole number within these bounds."""
        given = self.values.get(key, otherwise)
        if isinstance(given, bool) or not isinstance(given, int) or not least <= given <= most:
            raise self.wrong(key, f"{key} is a whole number from {least} to {most}, without quotes.")
        return given

    def choice(self, key: str, options: Sequence[str], otherwise: str = "") -> str:
        """One of these words, however it is spelt; without `otherwise` it is needed."""
        text = self.line_text(key, LONG, needed=not otherwise) or otherwise
        for option in options:
            if squashed(option) == squashed(text):
                return option
        raise self.wrong(key, f"{quoted(text)} is no {key}; choose {either(options, most=10)}.")

    def named(self, key: str, names: Mapping[str, str], thing: str, *, needed: bool = False) -> str:
        """A name that is declared elsewhere in the file, as it is spelt there; `names` is by `same`."""
        text = self.line_text(key, 200, needed=needed)
        return self._known(key, text, names, thing) if text else ""

    def all_named(self, key: str, names: Mapping[str, str], thing: str) -> tuple[str, ...]:
        """Several such names, each once."""
        texts = self.strings(key)
        found = [self._known(key, text, names, thing, place) for place, text in enumerate(texts)]
        return tuple(dict.fromkeys(found))

    def inner(self, key: str, noun: str) -> "Entry | None":
        """A table within this one, or None without it."""
        if key not in self.values:
            return None
        given = self.values[key]
        if not isinstance(given, dict):
            raise self._of_kind(key, given, "a table, such as { … = … }")
        return Entry(given, (*self.path, key), self._lines, noun)

    def each(self, key: str, noun: str, *, most: int = 5_000) -> list["Entry"]:
        """The tables of a list, `[[key]]` or `[{…}, …]`."""
        given = self.values.get(key, [])
        if isinstance(given, dict):
            raise self.wrong(key, f"write [[{key}]] with two brackets, once for {noun}.")
        if not isinstance(given, list):
            raise self._of_kind(key, given, f"a list; write [[{key}]] once for {noun}")
        if len(given) > most:
            raise self.wrong(key, f"{len(given):,} {key} are too many for one file; keep it to {most:,}.")
        for place, each in enumerate(given):
            if not isinstance(each, dict):
                raise self.wrong(key, f"{key} holds {_kind(each)}; write [[{key}]] once for {noun}.", place)
        return [Entry(each, (*self.path, key, place), self._lines, noun) for place, each in enumerate(given)]

    def _string(self, key: str) -> str:
        given = self.values.get(key, "")
        if not isinstance(given, str):
            raise self._of_kind(key, given, "a text in quotes")
        return given

    def _measured(self, key: str, text: str, longest: int) -> str:
        if len(text) > longest:
            raise self.wrong(key, f"{key} is {len(text):,} characters long; shorten it to {longest:,}.")
        return text

    def _known(self, key: str, text: str, names: Mapping[str, str], thing: str, *more: int) -> str:
        if same(text) in names:
            return names[same(text)]
        near = difflib.get_close_matches(same(text), names, n=1, cutoff=0.75)
        meant = f"did you mean {quoted(names[near[0]], 80)}?" if near else f"declare it as {thing} first."
        raise self.wrong(key, f"{quoted(text, 80)} is not {thing} of this file; {meant}", *more)

    def _of_kind(self, key: str, given: object, wanted: str) -> Mistake:
        return self.wrong(key, f"{key} is {_kind(given)}; write {wanted}.")


def distinct(entries: Iterable[tuple[Entry, str, str]]) -> dict[str, str]:
    """Names by `same`, for looking them up. Each comes as its entry, the key that holds it, and itself.

    Raises Mistake for one that is there twice, whatever its case and composition.
    """
    found: dict[str, str] = {}
    for entry, key, name in entries:
        if same(name) in found:
            raise entry.wrong(
                key, f"{quoted(name, 80)} is here a second time; give each {entry.noun[2:].strip()} once."
            )
        found[same(name)] = name
    return found


def _kind(given: object) -> str:
    return next((words for kind, words in _KINDS.items() if type(given) is kind), "something else")


def _instead(key: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(key.lower(), known, n=1, cutoff=0.5)
    return f"did you mean {near[0]}" if near else f"take it out, or write {either(known, most=20)}"
