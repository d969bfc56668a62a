"""How a typed line is taken apart: `agree Five themes #arts closes:Fri 5pm rule:consent`.

The rules, from the command's own declaration:

- The first word is the command; the rest is free text, in which marks and named values are found.
- `#theme` and `@owner` are one word, several in quotes, or the whole of an option's name. They count only where the
  command takes that mark; two of them, where it takes one, are refused.
- `name:value` counts only for a parameter's own name (any case; hyphen, underscore and blank are the same)
  or an unambiguous beginning of three letters or more. A blank after the colon is allowed behind a whole
  name only, so that "Note: see below", `https://…` and `17:30` stay text. A near miss is refused.
- A quoted value ends at its quote, straight or curly; a quote that is never closed is ignored.
- An unquoted value never runs over the next name, mark, `|` or (but for long text) line break. A moment or
  date takes the words that still read as one, a choice those that still name an option, a number or
  toggle a single word, text all of them. What is left over is free text.
- Quoted free text keeps its words, whatever they look like, and loses its quotes if it is all there is.
- Where a command takes `lines` from the free text, `|`, line breaks or quotes divide it: the first part is the text.
"""

import difflib
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from core.cards import Option
from core.commands import Command, Param, params_of, takes_parts
from core.errors import Refused
from core.texts import LONGEST_LINE, divided, first_word, matching, quoted, squashed
from core.times import reads_as_moment

Choices = Mapping[str, Sequence[Option]]

_OPENING, _CLOSING = '"“”„«»', '"“”«»'
_SINGLE_OPENING, _SINGLE_CLOSING = "'‘’‚", "'‘’"
_AFTER_QUOTE = r"(?=[\s|,;.!?)]|$)"
_SPACES, _BLANKS = re.compile(r"[^\S\n]*"), re.compile(r"\s*")
_WORD = re.compile(r"[^\s|]+|\|")
_MARKED = {
    "#": re.compile(r"[^\W\d_](?:[\w&'’-]*\w)?"),
    "@": re.compile(r"[^\W\d_](?:[\w.'’-]*\w)?"),
}
_LOOSE = re.compile(r"[,;.]+(?=\s|$)")
_NAME = re.compile(r"([^\W\d_][\w-]{2,40}):(?=[^\s:/])")
_VAGUE = frozenset({"morning", "lunchtime", "afternoon", "evening", "night"})
_MOST_WORDS = 10  # of a date or of an option's label
_MOST_STRANGERS = 50  # unknown names that are compared with the known ones; comparing is slow


@dataclass(frozen=True)
class Typed:
    """A line taken apart: the command's word, the free text, and what was marked and named."""

    word: str = ""
    free: str = ""
    marks: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: {"#": (), "@": ()})
    named: Mapping[str, str] = field(default_factory=dict)


def names_of(command: Command[Any]) -> dict[str, Param]:
    """What may be typed for this command: its parameters by field name, without the hidden ones."""
    return {name: each for name, each in params_of(command.params).items() if not each.hidden}


def split(line: str, names: Mapping[str, Param], choices: Choices | None = None) -> Typed:
    """Take a line apart by the parameters that its command takes (`names_of`).

    `choices` gives options that depend on the partnership, so that an unquoted label may have several
    words. Raises `Refused` for a mistyped or ambiguous name, and for a line that no tool would send.
    """
    if len(line) > LONGEST_LINE:
        raise Refused(f"That is longer than {LONGEST_LINE:,} characters; please shorten it.")
    word, rest = first_word(line)
    if takes_parts(names):  # "Question: tea?" is what is asked, and no name
        names = {name: each for name, each in names.items() if not each.free}
    reader = _Reader(rest, names, choices or {})
    reader.run()
    return Typed(
        word=word,
        free=_tidy("".join(reader.free)),
        marks={mark: tuple(found) for mark, found in reader.marks.items()},
        named=reader.named,
    )


def raw_args(command: Command[Any], typed: Typed) -> dict[str, Any]:
    """What was typed, by field name, ready for `core.values.read`: text, or tuples of text."""
    raw: dict[str, Any] = {}
    names = names_of(command)
    lines = takes_parts(names)
    free, parts = divided(typed.free) if lines else (typed.free, ())
    if command.reads:  # what is looked for ends without the full stop of a sentence
        free = free.rstrip(" .!?…")
    if parts:
        raw[lines] = parts
    for name, each in names.items():
        if each.free and free and name != lines:
            raw[name] = free
        found = typed.marks.get(each.mark, ()) if each.mark else ()
        if found:
            if each.kind == "choice" and len({squashed(one) for one in found}) > 1:
                raise Refused(f"{quoted(found[0])} and {quoted(found[1])} are two; please name one for {each.label}.")
            raw[name] = tuple(found) if each.kind == "choices" else found[-1]
    for said, value in typed.named.items():
        if known := resolve(said, names):
            marked = raw.get(known)
            raw[known] = (*marked, value) if isinstance(marked, tuple) else value
    return raw


def line_args(command: Command[Any], line: str, choices: Choices | None = None) -> dict[str, Any]:
    """A whole line as raw arguments of its command: `split`, then `raw_args`. Raises as `split` does."""
    return raw_args(command, split(line, names_of(command), choices))


def resolve(said: str, names: Mapping[str, Param]) -> str | None:
    """The parameter that a typed name means: its own name, its label in the form, or the only one that begins so.

    Raises `Refused` if several begin so.
    """
    key = squashed(said)
    named = [name for name in names if squashed(name) == key]
    if named or (named := [name for name, each in names.items() if not each.free and squashed(each.label) == key]):
        return named[0]
    found = [name for name in names if len(key) >= 3 and squashed(name).startswith(key)]
    if len(found) > 1:
        raise Refused(f"{quoted(said + ':')} could be {shown(found[0])} or {shown(found[1])}. Which one do you mean?")
    return found[0] if found else None


def shown(name: str) -> str:
    """A parameter's name as people type it, in quotation marks."""
    return f"“{name.replace('_', '-')}:”"


def _tidy(free: str) -> str:
    lines = [" ".join(line.split()) for line in free.split("\n")]
    text = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip().rstrip(",; ")
    if text.endswith((" -", " –", " —")):  # it stood between the text and a name
        text = text[:-2].rstrip(",; ")
    whole = re.fullmatch(f"[{_OPENING}]([^{_OPENING}]*)[{_CLOSING}]", text)
    return whole[1].strip() if whole else text


class _Reader:
    """Walks once over the text behind the word, and sorts every piece to where it belongs."""

    def __init__(self, text: str, names: Mapping[str, Param], choices: Choices) -> None:
        self.text, self.names, self.choices = text, names, choices
        self.at = 0
        self.free: list[str] = []
        self.marks: dict[str, list[str]] = {"#": [], "@": []}
        self.named: dict[str, str] = {}
        self.taken = {each.mark for each in names.values() if each.mark}
        spellings = "|".join(sorted((name.replace("_", "[ _-]?") for name in names), key=len, reverse=True))
        self.exact = re.compile(rf"({spellings})[^\S\n]?:(?!//)[^\S\n]*", re.IGNORECASE) if names else None
        self.strangers = 0
        self.unclosed: set[str] = set()  # quotes that nothing closes any more, so that we look only once

    def run(self) -> None:
        """Read to the end."""
        starts = True
        while self.at < len(self.text):
            char = self.text[self.at]
            if char.isspace() or char == "|":
                self.free.append(char)
                self.at += 1
                starts = True
            elif starts and (self._mark() or self._name()):
                self.at = _end_of(_LOOSE, self.text, self.at)
                self.free.append(" ")
            else:
                self.free.append((starts and self._quote()) or self._word())
                starts = False

    def _word(self) -> str:
        start, self.at = self.at, _end_of(_WORD, self.text, self.at)
        return self.text[start : self.at]

    def _quote(self) -> str:
        """Quoted free text with its quotes, or nothing."""
        start = self.at
        return self.text[start : self.at] if self._quoted(_OPENING, _CLOSING) is not None else ""

    def _quoted(self, opening: str, closing: str) -> str | None:
        """The words inside the quotes that open here; None, without a step, if no such quotes do."""
        if self.text[self.at : self.at + 1] not in tuple(opening) or closing in self.unclosed:
            return None
        found = re.compile(f"[{closing}]{_AFTER_QUOTE}").search(self.text, self.at + 1)
        if not found:
            self.unclosed.add(closing)
            return None
        inside, self.at = self.text[self.at + 1 : found.start()], found.end()
        return inside.strip()

    def _mark(self) -> bool:
        mark = self.text[self.at]
        if mark not in self.taken:
            return False
        self.at += 1
        inside = self._any_quoted()
        if inside is None:
            found = _MARKED[mark].match(self.text, self._after_quote(self.at))
            if not found:
                self.at -= 1
                return False
            self.at = self._whole_name(mark, found) or found.end()
            inside = self.text[found.start() : self.at].rstrip(",;.")
        self.marks[mark] += [inside] if inside else []
        return True

    def _whole_name(self, mark: str, found: re.Match[str]) -> int:
        """Where an option's whole name of several words ends, as of "#smart cities" or "@Jo Smith"; else 0."""
        taken = [(name, each) for name, each in self.names.items() if each.mark == mark]
        options = [option for name, each in taken for option in self.choices.get(name) or each.choices]
        labels = {squashed(label) for each in options for label in (each.label, each.label.split(" (")[0])}
        ends = self._ends(found.start(), "choice") if labels else ()
        return max((end for end in ends if squashed(self.text[found.start() : end]) in labels), default=0)

    def _any_quoted(self) -> str | None:
        inside = self._quoted(_OPENING, _CLOSING)
        return inside if inside is not None else self._quoted(_SINGLE_OPENING, _SINGLE_CLOSING)

    def _after_quote(self, at: int) -> int:
        return at + 1 if self.text[at : at + 1] in tuple(_OPENING + _SINGLE_OPENING) else at

    def _name(self) -> bool:
        found = self._known(self.at)
        if not found:
            return False
        name, self.at = found
        value = self._any_quoted()
        if value is None:
            self.at = self._after_quote(self.at)
            value = self._run_of(name)
        if self.names[name].kind == "choices" and self.named.get(name) and value:
            value = f"{self.named[name]}, {value}"
        self.named[name] = value
        return True

    def _known(self, at: int) -> tuple[str, int] | None:
        """The parameter whose name and colon stand here, and where its value begins."""
        found = self.exact.match(self.text, at) if self.exact else None
        if found:
            name = resolve(found[1], self.names)
            return (name, found.end()) if name else None
        found = _NAME.match(self.text, at)
        if not found or not self.names:
            return None
        name = resolve(found[1], self.names)
        if name:
            return name, found.end()
        self.strangers += 1
        if self.strangers > _MOST_STRANGERS:
            return None
        spelt = {squashed(each): each for each in self.names}
        close = difflib.get_close_matches(squashed(found[1]), spelt, n=1, cutoff=0.75)
        if close:
            raise Refused(f"I don’t know {quoted(found[1] + ':')}. Did you mean {shown(spelt[close[0]])}?")
        return None

    def _run_of(self, name: str) -> str:
        """The unquoted value that begins here, as far as its kind allows."""
        kind = self.names[name].kind
        start = self.at
        ends = list(self._ends(start, kind))
        if not ends:
            return ""
        if kind in ("moment", "date"):
            self.at = self._longest(start, ends, reads_as_moment)
            if self.at == start:
                self.at = ends[-1] if "".join(self.free).strip() else ends[0]
            else:
                self._take_vague_hour(ends)
        elif kind in ("choice", "choices"):
            options = self.choices.get(name) or self.names[name].choices
            self.at = self._longest(start, ends, lambda text: _names_options(text, options, kind))
            if self.at == start:
                self.at = ends[0]
        elif kind in ("number", "toggle"):
            self.at = ends[0]
        else:
            self.at = ends[-1]
        value = self.text[start : self.at].strip()
        return value if kind == "text" else value.rstrip(",;" if kind == "line" else ",;" + _CLOSING)

    def _take_vague_hour(self, ends: list[int]) -> None:
        """Take in "tomorrow morning" or a last "Fri 5": that is refused, and not half left in the text."""
        then = next((end for end in ends if end > self.at), 0)
        word = self.text[self.at : then].strip(" ,;.!").lower()
        self.at = then if word in _VAGUE or (word.isdigit() and then == ends[-1]) else self.at

    def _longest(self, start: int, ends: list[int], good: Callable[[str], bool]) -> int:
        for end in reversed(ends[:_MOST_WORDS]):
            if good(self.text[start:end].strip().rstrip(",;" + _CLOSING)):
                return end
        return start

    def _ends(self, at: int, kind: str) -> Iterator[int]:
        """Where each word of an unquoted value ends, up to the next name, mark, `|` or line break."""
        most = len(self.text) if kind in ("line", "text") else _MOST_WORDS
        for _ in range(most):
            at = _end_of(_BLANKS if kind == "text" else _SPACES, self.text, at)
            if at >= len(self.text) or self.text[at] in "\n|":
                return
            marked = self.text[at] in self.taken and re.match(r".[^\W\d_\s]|.[\"“”'‘’]", self.text[at : at + 2])
            if marked or (self.text[at - 1].isspace() and self._known(at)):
                return
            at = _end_of(_WORD, self.text, at)
            yield at


def _end_of(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at


def _names_options(text: str, options: Sequence[Option], kind: str) -> bool:
    parts = text.split(",") if kind == "choices" and matching(text, options) is None else [text]
    return all(matching(part.strip(), options) is not None for part in parts)
