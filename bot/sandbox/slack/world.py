"""What the local Slack remembers: workspaces, people, channels, messages, views, and when anything changed.

Two clocks are at work. The shiftable `Clock` gives what people see: message times, signatures, the half hour
of a response_url. The event loop's own time, which nobody shifts, gives trigger ids and the times of edits.
"""

import asyncio
import datetime
import hashlib
import itertools
import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from core.requests import Clock

Json: TypeAlias = dict[str, Any]
APP = "A0FOLKMOOT"
BOT_USER = "U0FOLKMOOT"
BOT_ID = "B0FOLKMOOT"
BOT_NAME = "Folkmoot"
REMEMBERED = 20_000


@dataclass(slots=True)
class Message:
    """One message. `only_for` is the one user who sees an ephemeral one; `edit_times` are in loop time."""

    ts: str
    channel: str
    author: str
    text: str
    blocks: list[Json]
    at: datetime.datetime
    team: str
    metadata: Json | None = None
    only_for: str = ""
    thread: str = ""
    edited: Json | None = None
    edit_times: list[float] = field(default_factory=list)
    posted_at: float = 0.0
    chosen: dict[str, Json] = field(default_factory=dict)  # by user: what they picked in menus

    @property
    def bot(self) -> bool:
        """Whether Folkmoot posted it."""
        return self.author == BOT_USER

    def as_json(self, *, metadata: bool = False) -> Json:
        """The message as the Web API and payloads give it."""
        found: Json = {"type": "message", "user": self.author, "ts": self.ts}
        found |= {"text": self.text, "team": self.team}
        if self.bot:
            found |= {"bot_id": BOT_ID, "app_id": APP, "bot_profile": {"id": BOT_ID, "name": BOT_NAME}}
        if self.blocks:
            found["blocks"] = self.blocks
        if self.edited:
            found["edited"] = self.edited
        if self.thread:
            found["thread_ts"] = self.thread
        if metadata and self.metadata is not None:
            found["metadata"] = self.metadata
        return found


@dataclass(slots=True)
class Channel:
    """A channel, or (`partner` set) the direct messages of one user with the bot."""

    id: str
    team: str
    name: str
    members: set[str]
    bot: bool
    partner: str = ""
    archived: bool = False
    messages: dict[str, Message] = field(default_factory=dict)


@dataclass(slots=True)
class OpenView:
    """A modal or home that stands open: Slack's view object, what is typed in it, and errors by block_id."""

    view: Json
    values: dict[str, Json] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class User:
    """A person: the stack of open modals (the last is on top), the home, and the last notice shown."""

    id: str
    team: str
    name: str
    handle: str
    modals: list[OpenView] = field(default_factory=list)
    home: OpenView | None = None
    notice: str | None = None


@dataclass(slots=True)
class Workspace:
    """One workspace with its own people and channels; `token` is the bot's token in it, empty without the app.

    organisation: the Enterprise organisation that it belongs to; `whole`: its token is that organisation's.
    """

    id: str
    name: str
    token: str
    organisation: str = ""
    whole: bool = False
    users: dict[str, User] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)

    @property
    def domain(self) -> str:
        """The workspace's part of its address."""
        return "".join(c if c.isalnum() else "-" for c in self.name.lower()).strip("-")


@dataclass(slots=True)
class Trigger:
    """A trigger id: born in loop time, used once, worth 3 seconds."""

    team: str
    user: str
    born: float
    view: str = ""
    used: bool = False


@dataclass(slots=True)
class ResponseUrl:
    """A response_url: 5 uses in 30 minutes, tied to a user, a channel and perhaps a message."""

    team: str
    user: str
    channel: str
    ts: str
    born: datetime.datetime
    uses: int = 0


@dataclass(frozen=True, slots=True)
class Call:
    """One call of the Web API (or of a response_url): `at` is loop time, `error` empty when it went well."""

    method: str
    args: Json
    at: float
    error: str


@dataclass(frozen=True, slots=True)
class UserError:
    """An error that the client showed to a user."""

    team: str
    user: str
    text: str


class World:
    """All state of the local Slack, and the broadcast of its changes."""

    def __init__(self, clock: Clock, bot_token: str) -> None:
        self.clock = clock
        self.bot_token = bot_token
        self.workspaces: dict[str, Workspace] = {}
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.calls: list[Call] = []
        self.errors: list[UserError] = []
        self.revision = 0
        self._changed = asyncio.Event()
        self._last_ts = 0
        self._numbers = itertools.count(1)

    def touch(self) -> None:
        """Something visible changed."""
        self.revision += 1
        waiting, self._changed = self._changed, asyncio.Event()
        waiting.set()

    async def wait_for_change(self, revision: int) -> int:
        """Wait until there is something newer than `revision`; returns the newest."""
        while self.revision == revision:
            await self._changed.wait()
        return self.revision

    def elapsed(self) -> float:
        """Real time in seconds, as the event loop counts it."""
        return asyncio.get_running_loop().time()

    def new_ts(self) -> str:
        """A fresh message timestamp, always later than the one before."""
        self._last_ts = max(self._last_ts + 1, int(self.clock.now().timestamp() * 1_000_000))
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def new_id(self, prefix: str) -> str:
        """An id that looks like Slack's."""
        return f"{prefix}0{next(self._numbers):07d}"

    def workspace(self, team: str) -> Workspace:
        """The workspace; LookupError where there is none."""
        if team not in self.workspaces:
            raise LookupError(f"There is no workspace {team}.")
        return self.workspaces[team]

    def user(self, team: str, user: str) -> User:
        """A person of a workspace; LookupError where there is none."""
        people = self.workspace(team).users
        if user not in people:
            raise LookupError(f"There is no user {user} in {team}.")
        return people[user]

    def channel(self, team: str, channel: str) -> Channel:
        """A channel of a workspace; LookupError where there is none."""
        channels = self.workspace(team).channels
        if channel not in channels:
            raise LookupError(f"There is no channel {channel} in {team}.")
        return channels[channel]

    def spaces(self, token: str) -> Iterator[Workspace]:
        """The workspaces in which a bot token works."""
        return (space for space in self.workspaces.values() if space.token == token)

    def direct(self, team: str, user: str) -> Channel:
        """The direct messages of a user with the bot, opened when they are first needed."""
        self.user(team, user)
        channels = self.workspace(team).channels
        name = "D" + hashlib.sha256(f"{team}{user}".encode()).hexdigest()[:9].upper()
        if name not in channels:
            channels[name] = Channel(name, team, "directmessage", {user}, True, partner=user)
        return channels[name]

    def post(self, channel: Channel, author: str, text: str, blocks: list[Json], **more: Any) -> Message:
        """Put a message into a channel; `more` are further fields of Message."""
        message = Message(
            self.new_ts(),
            channel.id,
            author,
            text,
            with_ids(blocks),
            self.clock.now(),
            channel.team,
            posted_at=self.elapsed(),
            **more,
        )
        channel.messages[message.ts] = message
        self.touch()
        return message

    def edit(self, message: Message, text: str | None, blocks: list[Json] | None) -> None:
        """Change a message; None leaves that part as it stands."""
        message.text = message.text if text is None else text
        message.blocks = message.blocks if blocks is None else with_ids(blocks)
        message.edited = {"user": message.author, "ts": self.new_ts()}
        message.edit_times.append(self.elapsed())
        self.touch()

    def trigger(self, team: str, user: str, view: str = "") -> str:
        """A new trigger id for an interaction of a user, perhaps inside a view."""
        name = f"{next(self._numbers)}.{int(self.elapsed() * 1000)}.{secrets.token_hex(16)}"
        self.triggers[name] = Trigger(team, user, self.elapsed(), view)
        _forget(self.triggers)
        return name

    def response_token(self, team: str, user: str, channel: str, ts: str = "") -> str:
        """A new response_url's secret part."""
        token = secrets.token_hex(12)
        self.response_urls[token] = ResponseUrl(team, user, channel, ts, self.clock.now())
        _forget(self.response_urls)
        return token

    def complain(self, team: str, user: str, text: str) -> None:
        """Show an error to a user, as the client does."""
        self.errors.append(UserError(team, user, text))
        self.user(team, user).notice = text
        self.touch()


def _forget(known: dict[str, Any]) -> None:
    """Drop the older half of what a long demo piles up; dicts remember the order."""
    if len(known) > REMEMBERED:
        for name in list(known)[: REMEMBERED // 2]:
            del known[name]


def with_ids(blocks: list[Json]) -> list[Json]:
    """The blocks with the block_ids and action_ids that Slack gives to those that lack them."""
    taken = {block.get("block_id") for block in blocks}
    found = []
    for given in blocks:
        block = dict(given)
        while not block.get("block_id"):
            name = secrets.token_urlsafe(4)[:5]
            block["block_id"] = name if name not in taken else ""
        if isinstance(block.get("child_blocks"), list):
            block["child_blocks"] = with_ids(block["child_blocks"])
        for part in ("element", "accessory"):
            if isinstance(block.get(part), dict):
                block[part] = _with_action(block[part])
        if block["type"] in ("actions", "context_actions"):
            block["elements"] = [_with_action(element) for element in block["elements"]]
        found.append(block)
    return found


def _with_action(element: Json) -> Json:
    if element.get("type") == "image" or element.get("action_id"):
        return element
    return {**element, "action_id": secrets.token_urlsafe(4)[:5]}
