"""The local Slack as a whole: its routes, its people, and the handles by which tests look at it."""

from collections.abc import Iterable

import aiohttp
from aiohttp import web

from bot.sandbox.slack.api import WebApi
from bot.sandbox.slack.deliver import Courier, Delivery
from bot.sandbox.slack.faults import Fault, Kind
from bot.sandbox.slack.oauth import Installing
from bot.sandbox.slack.page import Page, snapshot, visible
from bot.sandbox.slack.payloads import Payloads
from bot.sandbox.slack.people import People
from bot.sandbox.slack.reading import text_of
from bot.sandbox.slack.world import (
    BOT_USER,
    Call,
    Channel,
    Json,
    Message,
    OpenView,
    User,
    UserError,
    Workspace,
    World,
)
from core.requests import Clock


class SlackSandbox(People):
    """One Slack with its workspaces. It keeps everything in memory and forgets it with the process.

    target: Folkmoot's `http://host:port/slack/events`. base_url: where these routes are reachable. Both may
    be set later, since ports are known late. `SLACK_API_URL` is `api_url`.
    """

    def __init__(
        self,
        *,
        target: str,
        signing_secret: str,
        bot_token: str,
        session: aiohttp.ClientSession,
        clock: Clock,
        base_url: str,
    ) -> None:
        world = World(clock, bot_token)
        courier = Courier(world, session, target, signing_secret)
        super().__init__(world, WebApi(world), courier, Payloads(world, base_url))
        self._page = Page(self)

    @property
    def target(self) -> str:
        """Where deliveries go."""
        return self.courier.target

    @target.setter
    def target(self, url: str) -> None:
        self.courier.target = url

    @property
    def base_url(self) -> str:
        """Where this sandbox's routes can be reached."""
        return self.payloads.base_url

    @base_url.setter
    def base_url(self, url: str) -> None:
        self.payloads.base_url = url.rstrip("/")

    @property
    def api_url(self) -> str:
        """What `SLACK_API_URL` must be."""
        return f"{self.base_url}/sandbox/slack/api/"

    @property
    def rate_limits(self) -> bool:
        """Whether Slack's rate limits hold; they are off at first."""
        return self.api.rate_limits

    @rate_limits.setter
    def rate_limits(self, on: bool) -> None:
        self.api.rate_limits = on

    @property
    def scopes(self) -> set[str]:
        """What the bot's token was granted; take one away to see `missing_scope`."""
        return self.api.scopes

    @property
    def calls(self) -> list[Call]:
        """Every call of the Web API and of response_urls, in order."""
        return self.world.calls

    @property
    def errors(self) -> list[UserError]:
        """Every error that the client showed to somebody."""
        return self.world.errors

    @property
    def revision(self) -> int:
        """A number that grows with each visible change."""
        return self.world.revision

    def routes(self) -> list[web.RouteDef]:
        """The vendor's routes: Web API and response_urls."""
        return self.api.routes()

    def page_routes(self) -> list[web.RouteDef]:
        """The demo page's routes."""
        return self._page.routes()

    def fault(
        self,
        method: str | None,
        kind: Kind,
        *,
        times: int | None = 1,
        retry_after: str | None = "1",
        seconds: float = 30.0,
        error: str = "invalid_auth",
    ) -> None:
        """Let the next `times` calls of a method (None: of any; `response_url` is one too) go wrong.

        See `faults.Fault` for the kinds; `times=None` lasts until `clear_faults`.
        """
        self.api.faults.add(Fault(method, kind, times, retry_after, seconds, error))

    def clear_faults(self) -> None:
        """Back to good weather."""
        self.api.faults.clear()

    @property
    def installing(self) -> Installing:
        """How the app is installed: its client id and secret, and the codes."""
        return self.api.installing

    def add_workspace(
        self, team: str, name: str, token: str = "", *, organisation: str = "", installed: bool = True
    ) -> Workspace:
        """Add a workspace; the bot's token works in it, unless it has one of its own or none until it is installed."""
        token = token or (self.world.bot_token if installed else "")
        self.world.workspaces[team] = Workspace(team, name, token, organisation)
        return self.world.workspaces[team]

    def add_user(self, team: str, user: str, name: str) -> User:
        """Add a person; the handle is the name in lower case with dots."""
        handle = ".".join(name.lower().split())
        self.world.workspace(team).users[user] = User(user, team, name, handle)
        return self.world.user(team, user)

    def add_channel(self, team: str, channel: str, name: str, members: Iterable[str], bot: bool = True) -> Channel:
        """Add a channel with its members; `bot` tells whether Folkmoot has been invited already."""
        added = Channel(channel, team, name, set(members), bot)
        self.world.workspace(team).channels[channel] = added
        self.world.touch()
        return added

    def dm(self, team: str, user: str) -> str:
        """The channel id of a person's direct messages with Folkmoot."""
        return self.world.direct(team, user).id

    async def invite_bot(self, team: str, channel: str, inviter: str = "") -> Delivery:
        """Invite Folkmoot to a channel: member_joined_channel."""
        place = self.world.channel(team, channel)
        place.bot = True
        event = {"type": "member_joined_channel", "user": BOT_USER, "channel": channel, "channel_type": "C"}
        more = {"team": team, "event_ts": self.world.new_ts(), **({"inviter": inviter} if inviter else {})}
        self.world.touch()
        return await self.event(team, event | more)

    async def remove_bot(self, team: str, channel: str) -> Delivery:
        """Remove Folkmoot from a channel: channel_left."""
        self.world.channel(team, channel).bot = False
        self.world.touch()
        ts = self.world.new_ts()
        return await self.event(team, {"type": "channel_left", "channel": channel, "event_ts": ts})

    async def kick(self, team: str, channel: str, user: str) -> Delivery:
        """Remove a person from a channel: member_left_channel."""
        self.world.channel(team, channel).members.discard(user)
        self.world.touch()
        event = {"type": "member_left_channel", "user": user, "channel": channel, "channel_type": "C"}
        return await self.event(team, event | {"team": team, "event_ts": self.world.new_ts()})

    async def archive(self, team: str, channel: str) -> Delivery:
        """Archive a channel: channel_archive."""
        self.world.channel(team, channel).archived = True
        self.world.touch()
        ts = self.world.new_ts()
        return await self.event(team, {"type": "channel_archive", "channel": channel, "event_ts": ts})

    async def rename(self, team: str, channel: str, name: str) -> Delivery:
        """Rename a channel: channel_rename."""
        self.world.channel(team, channel).name = name
        self.world.touch()
        named = {"id": channel, "name": name}
        event = {"type": "channel_rename", "channel": named, "event_ts": self.world.new_ts()}
        return await self.event(team, event)

    async def reopen(self, team: str, channel: str) -> Delivery:
        """Take a channel out of the archive: channel_unarchive."""
        self.world.channel(team, channel).archived = False
        self.world.touch()
        ts = self.world.new_ts()
        return await self.event(team, {"type": "channel_unarchive", "channel": channel, "event_ts": ts})

    async def move(self, team: str, channel: str, new: str) -> Delivery:
        """Give a channel another id, as happens when it is shared: channel_id_changed."""
        channels = self.world.workspace(team).channels
        channels[new] = channels.pop(channel)
        channels[new].id = new
        self.world.touch()
        event = {"type": "channel_id_changed", "old_channel_id": channel, "new_channel_id": new}
        return await self.event(team, event | {"event_ts": self.world.new_ts()})

    async def revoke(self, team: str) -> Delivery:
        """Revoke the bot's token: tokens_revoked."""
        space = self.world.workspace(team)
        self.installing.kill(space.token, "token_revoked")
        tokens: Json = {"oauth": [], "bot": [BOT_USER]}
        return await self.event(team, {"type": "tokens_revoked", "tokens": tokens, "event_ts": self.world.new_ts()})

    async def uninstall(self, team: str) -> list[Delivery]:
        """Take the app out of a workspace: it leaves every channel; tokens_revoked, then app_uninstalled."""
        space = self.world.workspace(team)
        done = [await self.revoke(team)]
        for channel in space.channels.values():
            channel.bot = bool(channel.partner)
        done.append(await self.event(team, {"type": "app_uninstalled", "event_ts": self.world.new_ts()}))
        space.token = ""
        return done

    def messages(self, team: str, channel: str, user: str | None = None) -> list[Message]:
        """The messages of a channel, oldest first: all of them, or those that `user` sees."""
        return visible(self.world.channel(team, channel), user)

    def edits(self, channel: str, ts: str) -> list[float]:
        """When a message was edited, in loop time."""
        for space in self.world.workspaces.values():
            if channel in space.channels and ts in space.channels[channel].messages:
                return space.channels[channel].messages[ts].edit_times
        raise LookupError(f"There is no message {ts} in {channel}.")

    def text_of(self, shown: Message | OpenView | Json) -> str:
        """All visible words of a message or a view, errors at its fields included."""
        if isinstance(shown, OpenView):
            return "\n".join([text_of(shown.view), *shown.errors.values()])
        return text_of(shown)

    def modal(self, team: str, user: str) -> OpenView | None:
        """The modal on top, if one is open."""
        modals = self.world.user(team, user).modals
        return modals[-1] if modals else None

    def home(self, team: str, user: str) -> OpenView | None:
        """A person's home, if Folkmoot has published one."""
        return self.world.user(team, user).home

    def snapshot(self, team: str, user: str) -> Json:
        """All that one person sees, for the demo page."""
        return snapshot(self.world, self, team, user)

    async def wait_for_change(self, revision: int) -> int:
        """Wait until something is newer than `revision`; returns the newest."""
        return await self.world.wait_for_change(revision)
