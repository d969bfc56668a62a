"""The neutral vocabulary of cards and forms: what is said, never how a platform draws it.

No platform's limit stands here. Whatever may grow (a listing, a table, prose) carries `more`: the
command that shows the rest, which a renderer offers when it has to shorten. Strings are always literal
text as a person wrote it; renderers escape them, so nobody can smuggle a mention or a link into a card.
"""

import dataclasses
import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, TypeAlias


@dataclass(frozen=True)
class Params:
    """What a command needs to know; subclasses are frozen dataclasses that name their command.

    A button holds an instance: pressing it is the same as typing the command with these parameters.
    """

    command: ClassVar[str] = ""

    def packed(self) -> dict[str, Any]:
        """The parameters that differ from their defaults, as JSON scalars and lists, for a button's payload.

        Moments become ISO 8601 text with their offset. `core.commands` reads them back.
        """
        packed: dict[str, Any] = {}
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            if field.default is not dataclasses.MISSING and value == field.default:
                continue
            packed[field.name] = _plain(value)
        return packed


def _plain(value: Any) -> Any:
    if isinstance(value, datetime.date):  # a datetime is a date too
        return value.isoformat()
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return value


@dataclass(frozen=True, slots=True)
class Bold:
    """A stressed word or name."""

    text: str


@dataclass(frozen=True, slots=True)
class Italic:
    """A word set apart, as in a quotation."""

    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """A link that we made ourselves (https); a link inside a person's text stays text."""

    text: str
    url: str


Inline: TypeAlias = str | Bold | Italic | Link
Line: TypeAlias = tuple[Inline, ...]
Tone: TypeAlias = Literal["plain", "subtle", "good", "attention", "bad"]


def plain(line: Line) -> str:
    """The words of a line without their dress, for screen readers, notifications and exports."""
    return "".join(part if isinstance(part, str) else part.text for part in line)


@dataclass(frozen=True, slots=True)
class Heading:
    """A short title inside a card."""

    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph of ours. The tone tells its weight: subtle for small print, the others as a traffic light."""

    line: Line
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class Prose:
    """Text that a person wrote, with its own line breaks, as long as it likes; `more` shows it whole."""

    text: str
    more: Params | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """Short labelled values, such as a closing time."""

    pairs: tuple[tuple[str, Line], ...]


@dataclass(frozen=True, slots=True)
class Listing:
    """Entries of one line each under an optional title; `more` shows them all.

    bullets: each has a bullet; without, because the entries begin with marks of their own.
    """

    items: tuple[Line, ...]
    title: str = ""
    more: Params | None = None
    bullets: bool = True


@dataclass(frozen=True, slots=True)
class Table:
    """Columns and rows; every row has as many cells as there are columns; `more` shows them all."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Line, ...], ...]
    more: Params | None = None


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its label, its count (0 or more), what is said behind it, and what is shown instead of the count."""

    label: str
    value: int
    note: str = ""
    shown: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """Counts side by side, drawn to one scale; `out_of` is the length of a full bar (at least the largest)."""

    title: str
    bars: tuple[Bar, ...]
    out_of: int


@dataclass(frozen=True, slots=True)
class Button:
    """A button and the command that it runs.

    asks: pressing it always opens a form first (a reason, say), so a platform may open its dialog at once.
    confirm: a question to be answered with yes before the command runs.
    """

    label: str
    does: Params
    style: Literal["plain", "primary", "danger"] = "plain"
    asks: bool = False
    confirm: str = ""


@dataclass(frozen=True, slots=True)
class Buttons:
    """A row of buttons, the most important first."""

    buttons: tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class Menu:
    """Rarer commands behind one label, or one of many things to open."""

    label: str
    options: tuple[Button, ...]


@dataclass(frozen=True, slots=True)
class Divider:
    """A line between parts."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its title, and entries of one line each."""

    title: str
    items: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns side by side, where there is room for that; one after the other, where there is not."""

    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose: what is shown, and the value that comes back."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Choose:
    """One of many options, picked from a list: `does` runs with the option's value as its parameter `name`.

    submit: the label of the button that runs it, where picking alone does not.
    """

    label: str
    options: tuple[Option, ...]
    does: Params
    name: str
    submit: str


Block: TypeAlias = (
    Heading | Text | Prose | Facts | Listing | Table | Chart | Columns | Buttons | Menu | Choose | Divider
)


@dataclass(frozen=True, slots=True)
class Card:
    """What is shown: a title, blocks, and a summary in one sentence for notifications and screen readers."""

    title: str
    blocks: tuple[Block, ...]
    summary: str


InputKind: TypeAlias = Literal["line", "text", "choice", "choices", "moment", "date", "number", "toggle"]


@dataclass(frozen=True, slots=True)
class Input:
    """One field of a form.

    kind: `line` and `text` give a string; `choice` one option's value and `choices` a list of them; `moment` ISO
    8601 text (with an offset, or in the partnership's zone without one); `date` ISO text; `number`
    digits; `toggle` "yes" or "no". `value` is what stands in the field when it opens, in the same shape.
    """

    name: str
    label: str
    kind: InputKind = "line"
    value: str | tuple[str, ...] = ""
    options: tuple[Option, ...] = ()
    required: bool = True
    hint: str = ""
    max_length: int = 300


@dataclass(frozen=True, slots=True)
class Form:
    """A form that runs `command` with `fixed` (never shown, never trusted) and what is filled in.

    `problems` maps an input's name to the sentence to show at it; it is empty when the form first opens.
    `intro` is shown above the fields.
    """

    title: str
    command: str
    inputs: tuple[Input, ...]
    fixed: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    submit: str = "Save"
    intro: tuple[Block, ...] = ()
    problems: Mapping[str, str] = dataclasses.field(default_factory=dict)
