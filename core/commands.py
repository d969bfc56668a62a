"""What a command is: declared once, and from that one declaration typed, clicked, filled in and documented."""

import dataclasses
import datetime
import enum
import zoneinfo
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeAlias, TypeVar

from sqlalchemy.ext.asyncio import AsyncSession

from core.cards import Card, Input, Option, Params
from core.errors import NotYet, Refused
from core.requests import Actor, Place, Reply, Source


class Role(enum.StrEnum):
    """What a member is on the board; the words of product and partnership file alike."""

    CHAIR = "chair"
    COORDINATOR = "coordinator"
    REPRESENTATIVE = "representative"
    DEPUTY = "deputy"
    OBSERVER = "observer"


EVERYONE = frozenset(Role)
VOICES = frozenset({Role.CHAIR, Role.REPRESENTATIVE, Role.DEPUTY})
"""Who may speak for an organisation. The coordinator serves the board, an observer reads."""
STEERING = frozenset({Role.CHAIR, Role.COORDINATOR})

Kind: TypeAlias = Literal[
    "ref",  # the opaque id of something; never typed into a form
    "line",  # one line of text
    "text",  # text of several lines
    "lines",  # several short lines; typed with `free`, the parts behind the first that `|`, breaks or quotes divide
    "sheet",  # answers by name, to the inputs that `Command.sheet` gives; never typed
    "choice",  # one of `choices`
    "choices",  # several of `choices`
    "moment",  # a date and time; a bare date means the end of that working day
    "date",
    "number",  # a whole number of at least 0
    "toggle",  # yes or no
]


@dataclass(frozen=True, slots=True)
class Param:
    """How one field of a Params dataclass is named, typed, asked for and checked.

    label: at its form field. help: one sentence for help text and documentation. choices: fixed options;
    what depends on the partnership comes from `Command.choices`. max_length: of a text, or of each of several lines.
    free: the free text of a typed line goes here. mark: `#` or `@` words of a line go here. hidden: carried by
    buttons and forms, never asked.
    check: turns the text into the value, or raises `Refused` with the sentence to show.
    """

    kind: Kind
    label: str
    help: str = ""
    choices: tuple[Option, ...] = ()
    max_length: int = 300
    free: bool = False
    mark: Literal["", "#", "@"] = ""
    hidden: bool = False
    check: Callable[[str], Any] | None = None
    required: bool = False
    tail: bool = False  # in the form that a typed line opens, a moment at the end of its free text stands here
    past: bool = False  # a moment or date may lie in the past; a hidden one always may


def param(kind: Kind, label: str, *, default: Any = dataclasses.MISSING, **details: Any) -> Any:
    """Declare a field of a Params dataclass; without a default it is required.

    A field may have a default and still be `required=True` of a person: forms insist, buttons need not.
    """
    details.setdefault("required", default is dataclasses.MISSING)
    details.setdefault("hidden", kind == "ref")
    metadata = {"param": Param(kind=kind, label=label, **details)}
    if default is dataclasses.MISSING:
        return dataclasses.field(metadata=metadata)
    return dataclasses.field(default=default, metadata=metadata)


def params_of(params: type[Params]) -> dict[str, Param]:
    """The declared parameters of a Params dataclass, in order, by field name."""
    return {field.name: field.metadata["param"] for field in dataclasses.fields(params)}


def takes_parts(params: Mapping[str, Param]) -> str:
    """The parameter that takes the parts of a typed line's free text behind the first, or nothing."""
    return next((name for name, each in params.items() if each.free and each.kind == "lines"), "")


@dataclass(frozen=True, slots=True)
class Person:
    """A member acting in one partnership, as resolved and authorised for one request."""

    board: int  # the partnership's key
    member: int
    organisation: int
    role: Role
    name: str
    organisation_name: str
    votes: bool  # whether the organisation is a voting one
    zone: zoneinfo.ZoneInfo
    ref: str = ""  # by which the register knows the member


@dataclass(frozen=True, slots=True)
class Sight:
    """What drawing a view may use: a session for reading, the partnership, and the moment."""

    session: AsyncSession
    board: int
    now: datetime.datetime


@dataclass(frozen=True, slots=True)
class Context:
    """What a handler may use. `session` is inside a transaction that dispatch will commit; handlers never do.

    people: see `Request.people`.
    """

    session: AsyncSession
    now: datetime.datetime
    actor: Actor
    place: Place
    source: Source
    person: Person | None = None
    people: tuple[tuple[str, str], ...] = ()

    @property
    def me(self) -> Person:
        """The acting member; only commands open to strangers have none, and they don't ask."""
        if self.person is None:
            raise RuntimeError("a command that is open to strangers asked for the member")
        return self.person

    @property
    def sight(self) -> Sight:
        """The same, for drawing a view inside this transaction."""
        return Sight(self.session, self.me.board, self.now)


P = TypeVar("P", bound=Params)


@dataclass(frozen=True, slots=True, kw_only=True)
class Command(Generic[P]):
    """One thing that people can ask for.

    word: what they type, empty for what only buttons do. more: paragraphs that `help` and the word tell besides.
    roles: who may; it has no default, and empty is nobody, so that nothing is allowed by being forgotten.
    open_to_strangers: anyone at all may, member or not. opens_form: with nothing after the word the form is opened
    (else the command runs as it stands).
    choices: options that depend on the partnership (and on what was given), by field. prefill: values for a
    form that is opened on something that exists. labels: the names of all optional fields, where they depend on the
    partnership; a field without one is not asked for. reads: it changes nothing, so it needs no turn at the writer.
    repeatable: doing it twice is the same as once, so no delivery needs remembering.
    together: `handle` for many that came at the same time, in their order, each with its own reply or refusal. Only
    for what is repeatable, changes something, and has no choices of the partnership's.
    numbers: the word of the list in which a number alone behind this word is looked up, as in "poll 3".
    mends: a typed line with a mistake in it opens the form with what was understood and the sentence at its field; it
    is refused with that sentence otherwise.
    sheet: inputs that depend on what the form is about, such as one for each option; what is filled in arrives in the
    parameter of kind `sheet`. sheet_below: they stand below the command's own inputs, not above them.
    """

    params: type[P]
    handle: Callable[[Context, P], Awaitable[Reply]]
    title: str
    help: str
    word: str = ""
    more: tuple[str, ...] = ()
    example: str = ""
    submit: str = "Save"
    roles: frozenset[Role]
    open_to_strangers: bool = False
    opens_form: bool = False
    shortcut: bool = False  # offered as a global and message shortcut
    reads: bool = False
    repeatable: bool = False
    mends: bool = False
    numbers: str = ""
    sheet: Callable[[Context, Mapping[str, Any]], Awaitable[tuple[Input, ...]]] | None = None
    sheet_below: bool = False
    choices: Callable[[Context, Mapping[str, Any]], Awaitable[Mapping[str, tuple[Option, ...]]]] | None = None
    prefill: Callable[[Context, Mapping[str, Any]], Awaitable[Mapping[str, Any]]] | None = None
    labels: Callable[[Context, Mapping[str, Any]], Awaitable[Mapping[str, str]]] | None = None
    together: Callable[[AsyncSession, Sequence[tuple[Context, P]]], Awaitable[Sequence[Reply | Refused]]] | None = None

    @property
    def name(self) -> str:
        """The command's key, such as `agreements.cast`."""
        return self.params.command


@dataclass(frozen=True, slots=True, kw_only=True)
class View(Generic[P]):
    """A card that can be drawn at any time from the state as it then is; None when there is nothing left to say.

    draw_all: draws many of one board with the same statements, for a view of which hundreds go out at once; in
    place of what `draw` would raise it gives a NotYet.
    """

    params: type[P]
    draw: Callable[[Sight, P], Awaitable[Card | None]]
    draw_all: Callable[[Sight, Sequence[P]], Awaitable[Sequence[Card | NotYet | None]]] | None = None
