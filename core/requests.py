"""What comes in, what goes back, and what an adapter must be able to do: the only doors of core."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, TypeAlias

from core.cards import Card, Form, Params

Tool: TypeAlias = Literal["slack", "teams"]


def as_typed(tool: Tool, line: str) -> str:
    """How people type this line in their tool: Slack keeps words such as /join for itself, so ours go behind /board."""
    return f"/board {line}" if tool == "slack" else line


def account_id(tool: Tool, name: str) -> str:
    """An id as we keep and compare it: Teams' are GUIDs, the same in either case; Slack's are taken to the letter."""
    return name.lower() if tool == "teams" else name


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts, as the tool knows them: workspace (or tenant) and user are keys, the name is only shown."""

    tool: Tool
    workspace: str
    user: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """A conversation in a tool, and the message in it that was acted upon, if any.

    For Slack: team, channel and message ts. For Teams: tenant, conversation id, activity id, with the
    service URL and the bot's id by which the conversation can be reached again. `personal` tells a
    one-to-one conversation with the bot. `name` is the channel's, where the tool tells it. `overheard`: replies
    to one person can be read by everyone in this conversation. `team`: what the channel belongs to, in Teams. `link`:
    where the message acted upon can be read, as the tool tells it for a message that a person wrote.
    """

    tool: Tool
    workspace: str
    conversation: str
    message: str = ""
    service_url: str = ""
    bot: str = ""
    personal: bool = False
    name: str = ""
    overheard: bool = False
    link: str = ""
    team: str = ""


Source: TypeAlias = Literal["line", "button", "form", "shortcut", "event"]


@dataclass(frozen=True, slots=True)
class Request:
    """One thing that a person asked for, already authenticated by the adapter and not yet authorised.

    Either `line` holds what was typed ("agree Five themes closes:Friday"), or `command` and `args` hold
    what a button, form or shortcut said. `delivery` names the delivery, the same when it is sent again.
    `args` is untrusted in every case: ids in it are looked up within the actor's own partnerships.
    people: other people whom the line mentions, each as it is written there (without the @) and as an account of the
    actor's workspace; only where the tool tells who was meant.
    twin: the same for two deliveries of one click, where the tool may send it again under another name.
    redraws: the adapter's reply itself redraws the message that was acted upon, so the courier waits a
    moment before it edits that message, lest one overwrite the other.
    """

    actor: Actor
    place: Place
    source: Source
    line: str = ""
    command: str = ""
    args: Mapping[str, Any] = field(default_factory=dict)
    delivery: str = ""
    redraws: bool = False
    twin: str = ""
    people: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Replace:
    """The card that was acted upon (or should now stand here) is `view`; `note` is for the actor alone.

    The courier redraws every room by itself. An adapter may ask `Desk.draw` for the card at once, where the
    platform lets the reply carry it.
    """

    view: Params
    board: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Whisper:
    """A card for the actor alone."""

    card: Card


@dataclass(frozen=True, slots=True)
class Ask:
    """A form for the actor. With `form.problems` it answers a form just sent, which stays open."""

    form: Form


Reply: TypeAlias = Replace | Whisper | Ask


class Desk(Protocol):
    """What core offers to an adapter. Neither method ever raises for anything that a person can do."""

    async def handle(self, request: Request) -> Reply:
        """Do what is asked; when this returns, it is committed."""
        ...

    async def draw(self, reply: Replace) -> Card:
        """The card of a reply as things stand now."""
        ...


@dataclass(frozen=True, slots=True)
class Address:
    """Where the courier sends: a conversation, or (with `user` and no conversation) a person's direct messages."""

    tool: Tool
    workspace: str
    conversation: str = ""
    user: str = ""
    service_url: str = ""
    bot: str = ""


@dataclass(frozen=True, slots=True)
class Posted:
    """Where a message now stands: its conversation, and its reference in that conversation."""

    conversation: str
    message: str


Doing: TypeAlias = Literal["post", "edit"]


@dataclass(frozen=True, slots=True)
class Limit:
    """A platform's limit: at most `times` in any `seconds`, shared by all that have this `scope`.

    burst: with it, so many may go at once and the rest evenly, so that nothing ever waits long for the window to
    pass. whole: it holds for the whole workspace, not for one conversation in it.
    """

    scope: str
    times: int
    seconds: float
    burst: int = 0
    whole: bool = False


class Messenger(Protocol):
    """What an adapter offers to the courier. `post` and `update` raise `core.errors.SendFailed` and nothing else."""

    def limits(self, address: Address, doing: Doing) -> tuple[Limit, ...]:
        """What the platform allows there; the courier keeps to it before it takes a message up."""
        ...

    async def post(self, address: Address, card: Card, *, stamp: str, again: bool) -> Posted:
        """Post a new message. `stamp` names it; `again` tells that an earlier attempt may have arrived."""
        ...

    async def update(self, address: Address, message: str, card: Card) -> None:
        """Redraw a message that stands in `address.conversation`."""
        ...


Happening: TypeAlias = Literal[
    "renamed", "closed", "reopened", "moved", "team_closed", "team_reopened", "uninstalled", "revoked"
]
"""Of a conversation: it has another name, takes no cards any more, takes them again, has another id, or all of its
team are closed or reopened. Of a workspace or tenant: Folkmoot was taken out of it, or its token was revoked."""


@dataclass(frozen=True, slots=True)
class News:
    """What a tool tells of a conversation or workspace. Hearing it twice is the same as once.

    detail: the new name of what was renamed, the new id of what has moved, the reason why something is closed.
    """

    what: Happening
    place: Place
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Installation:
    """Folkmoot in a workspace, or (`whole`) in all workspaces of an organisation, whose id `workspace` then is.

    account: the bot's own user there. token: a secret, and so not in the representation.
    """

    workspace: str
    name: str
    account: str = ""
    scopes: str = ""
    token: str = field(default="", repr=False)
    whole: bool = False


class Installations(Protocol):
    """Where Folkmoot is installed, with the token of each. All of it raises Exception while the records are away."""

    async def begin(self) -> tuple[str, str]:
        """A state for the way to the tool and back, and the secret that the same browser keeps meanwhile."""
        ...

    async def redeem(self, state: str, kept: str) -> str:
        """Use a state up: empty when it is good, else a word that says what is wrong with it."""
        ...

    async def install(self, installation: Installation) -> None:
        """Keep an installation, in place of an earlier one; what had waited for it goes on."""
        ...

    async def find(self, workspace: str, refused: str = "") -> Installation | None:
        """The installation that serves this workspace; None if there never was one, without a token once it has ended.

        refused: a token that the tool would not take, so that nothing remembered is believed that has it.
        """
        ...

    async def belongs(self, workspace: str, organisation: str) -> None:
        """This workspace is served by its organisation's installation, unless it has one of its own."""
        ...

    async def heard(self, news: News) -> None:
        """Take note of something that has happened."""
        ...


class Tenants(Protocol):
    """Which tenants may be heard. All of it raises Exception while the records are away."""

    async def allows(self, tenant: str) -> bool:
        """Whether a board has allowed this tenant."""
        ...

    async def knocked(self, tenant: str) -> None:
        """Somebody tried to bring Folkmoot into a tenant that nobody has allowed."""
        ...

    async def heard(self, news: News) -> None:
        """Take note of something that has happened."""
        ...


class Clock(Protocol):
    """The time, so that tests and the demo can shift it."""

    def now(self) -> datetime.datetime:
        """The present moment, aware, in UTC."""
        ...


@dataclass(frozen=True, slots=True)
class Offer:
    """What an adapter needs to know of a command to list it in a manifest and to start it by a shortcut.

    word: as typed, empty when it cannot be. shortcut: offered as a global and a message shortcut.
    takes_text: the free text of a message may be given to its parameter of this name, empty for none.
    """

    command: str
    word: str
    title: str
    help: str
    example: str = ""
    shortcut: bool = False
    takes_text: str = ""
