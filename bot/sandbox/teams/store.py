"""Who and what there is in the local Teams: tenants, people, conversations, messages and views."""

import asyncio
import base64
import copy
import datetime
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.teams.cards import CONTENT_TYPE
from core.requests import Clock


@dataclass(slots=True)
class User:
    """A person in a tenant. `mri` is the id by which this one bot knows them; `installed`: has the app."""

    tenant: str
    oid: str
    name: str
    mri: str
    installed: bool = True


@dataclass(slots=True)
class Tenant:
    """An organisation's Teams, its people by AAD object id."""

    id: str
    name: str
    users: dict[str, User] = field(default_factory=dict)


@dataclass(slots=True)
class Message:
    """One message that stands in a conversation.

    `author` is an AAD object id, empty for the bot. `root` is the first message of its thread. `views` holds
    the card that one person alone sees since their click, until the message is updated. `stamps` are the
    event loop's times of the updates. `only_for`: the one person a targeted message is shown to.
    """

    id: str
    author: str
    activity: dict[str, Any]
    created: datetime.datetime
    root: str = ""
    updated: datetime.datetime | None = None
    stamps: list[float] = field(default_factory=list)
    views: dict[str, dict[str, Any]] = field(default_factory=dict)
    only_for: str = ""

    @property
    def card(self) -> dict[str, Any] | None:
        """The Adaptive Card that everybody sees, if there is one."""
        for attachment in self.activity.get("attachments") or ():
            if attachment.get("contentType") == CONTENT_TYPE:
                card: dict[str, Any] = attachment["content"]
                return card
        return None

    def card_for(self, oid: str | None) -> dict[str, Any] | None:
        """The card as this person sees it."""
        return self.views.get(oid or "") or self.card

    def seen_by(self, oid: str | None) -> dict[str, Any]:
        """The activity as this person sees it, a copy."""
        seen = copy.deepcopy(self.activity)
        own = self.views.get(oid or "")
        if own is not None:
            for attachment in seen.get("attachments") or ():
                if attachment.get("contentType") == CONTENT_TYPE:
                    attachment["content"] = copy.deepcopy(own)
        return seen


@dataclass(slots=True)
class Conversation:
    """A channel, or one person's chat with the bot; members by AAD object id."""

    id: str
    tenant: str
    name: str
    personal: bool
    members: list[str]
    team: str = ""
    team_name: str = ""
    installed: bool = True
    messages: dict[str, Message] = field(default_factory=dict)


class Store:
    """Everything that the local Teams remembers. Every change raises `revision` by one."""

    def __init__(self, clock: Clock, app_id: str) -> None:
        self.clock = clock
        self.app_id = app_id
        self.tenants: dict[str, Tenant] = {}
        self.conversations: dict[str, Conversation] = {}
        self.revision = 0
        self._changed = asyncio.Event()
        self._last_id = 0

    def changed(self) -> None:
        """Tell those who watch that something is different now."""
        self.revision += 1
        self._changed.set()
        self._changed = asyncio.Event()

    async def wait_for_change(self, revision: int) -> int:
        """Wait until the revision is another than this one; gives the new one."""
        while self.revision == revision:
            await self._changed.wait()
        return self.revision

    def next_id(self) -> str:
        """A message id as Teams makes them: milliseconds since 1970, never the same twice."""
        now = int(self.clock.now().timestamp() * 1000)
        self._last_id = max(now, self._last_id + 1)
        return str(self._last_id)

    def add_tenant(self, tenant: str, name: str) -> None:
        """Add an organisation by its tenant id; adding it again renames it."""
        if tenant in self.tenants:
            self.tenants[tenant].name = name
        else:
            self.tenants[tenant] = Tenant(tenant, name)
        self.changed()

    def add_user(self, tenant: str, oid: str, name: str) -> User:
        """Add a person, who has the app unless told otherwise."""
        mri = "29:1" + _code(self.app_id, tenant, oid)
        user = self.tenant(tenant).users[oid] = User(tenant, oid, name, mri)
        self.changed()
        return user

    def add_channel(
        self,
        tenant: str,
        conversation: str,
        name: str,
        members: Iterable[str],
        team_name: str = "Partnership",
        installed: bool = True,
    ) -> Conversation:
        """Add a channel (`19:…`) of a team with these members (AAD object ids), with or without the app."""
        known = [self.user(tenant, oid).oid for oid in members]
        team = f"19:{_code('team', tenant, team_name)[:32]}@thread.tacv2"
        channel = Conversation(conversation, tenant, name, False, known, team, team_name, installed)
        self.conversations[conversation] = channel
        self.changed()
        return channel

    def tenant(self, tenant: str) -> Tenant:
        """A tenant by its id; LookupError when there is none."""
        if tenant not in self.tenants:
            raise LookupError(f"There is no tenant {tenant}.")
        return self.tenants[tenant]

    def user(self, tenant: str, oid: str) -> User:
        """A person by tenant and AAD object id; LookupError when there is none."""
        user = self.tenant(tenant).users.get(oid)
        if user is None:
            raise LookupError(f"There is nobody with the id {oid} in this tenant.")
        return user

    def find_user(self, tenant: str, given: str) -> User | None:
        """A person by `29:` id or AAD object id, or None."""
        people = self.tenants[tenant].users if tenant in self.tenants else {}
        return people.get(given) or next((user for user in people.values() if user.mri == given), None)

    def personal(self, tenant: str, oid: str) -> Conversation:
        """A person's chat with the bot, which exists from the first time that anybody asks."""
        user = self.user(tenant, oid)
        given = "a:1" + _code("personal", self.app_id, tenant, oid)
        if given not in self.conversations:
            self.conversations[given] = Conversation(given, tenant, user.name, True, [oid])
        return self.conversations[given]

    def conversation(self, given: str) -> Conversation:
        """A conversation by its id, with or without `;messageid=`; LookupError when there is none."""
        found = self.conversations.get(given.partition(";")[0])
        if found is None:
            raise LookupError(f"There is no conversation {given}.")
        return found

    def message(self, conversation: str, activity: str) -> Message:
        """A message that stands in a conversation; LookupError when there is none."""
        found = self.conversation(conversation).messages.get(activity)
        if found is None:
            raise LookupError(f"There is no message {activity} in this conversation.")
        return found

    def reachable(self, conversation: Conversation) -> bool:
        """Whether the bot is installed here: in the channel's team, or by the person of a personal chat."""
        if conversation.personal:
            return self.user(conversation.tenant, conversation.members[0]).installed
        return conversation.installed

    def post(
        self,
        conversation: Conversation,
        author: str,
        activity: dict[str, Any],
        root: str = "",
        only_for: str = "",
    ) -> Message:
        """Put a new message into a conversation; with `root` it answers in that thread."""
        given = self.next_id()
        kept = {**activity, "id": given, "timestamp": stamp(self.clock.now())}
        message = Message(given, author, kept, self.clock.now(), root or given, only_for=only_for)
        conversation.messages[given] = message
        self.changed()
        return message


def stamp(moment: datetime.datetime) -> str:
    """A moment as Teams writes it, in UTC."""
    return moment.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.%f") + "0Z"


def _code(*parts: str) -> str:
    digest = hashlib.sha512("\x00".join(parts).encode()).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
