"""The payloads as the real Slack builds them, one function each.

https://docs.slack.dev/reference/interaction-payloads, https://docs.slack.dev/apis/events-api and
https://docs.slack.dev/interactivity/implementing-slash-commands
"""

import re

from bot.sandbox.slack.forms import initial_state, state
from bot.sandbox.slack.world import (
    APP,
    BOT_USER,
    Channel,
    Json,
    Message,
    OpenView,
    User,
    Workspace,
    World,
)

TOKEN = "deprecated-verification-token"  # noqa: S105  the real one sends a worthless one, too


class Payloads:
    """Builds payloads. `base_url` is where this sandbox's own routes can be reached (for response_urls)."""

    def __init__(self, world: World, base_url: str) -> None:
        self.world = world
        self.base_url = base_url

    def response_url(self, user: User, channel: Channel, ts: str = "") -> str:
        """A new response_url."""
        token = self.world.response_token(user.team, user.id, channel.id, ts)
        return f"{self.base_url}/sandbox/slack/response/{token}"

    def command(self, user: User, channel: Channel, word: str, text: str) -> dict[str, str]:
        """The form of a slash command."""
        return {
            "token": TOKEN,
            "team_id": user.team,
            "team_domain": self.world.workspace(user.team).domain,
            "channel_id": channel.id,
            "channel_name": channel.name,
            "user_id": user.id,
            "user_name": user.handle,
            "command": word,
            "text": text,
            "api_app_id": APP,
            "is_enterprise_install": str(self.world.workspace(user.team).whole).lower(),
            **self._organisation(user.team),
            "response_url": self.response_url(user, channel),
            "trigger_id": self.world.trigger(user.team, user.id),
        }

    def _organisation(self, team: str) -> dict[str, str]:
        organisation = self.world.workspace(team).organisation
        return {"enterprise_id": organisation, "enterprise_name": "An organisation"} if organisation else {}

    def click(self, user: User, channel: Channel, message: Message, action: Json) -> Json:
        """block_actions of an element in a message; an ephemeral message is not sent along."""
        container = {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": channel.id,
            "is_ephemeral": bool(message.only_for),
        }
        values = initial_state(message.blocks)
        for block_id, actions in message.chosen.get(user.id, {}).items():
            values.setdefault(block_id, {}).update(actions)
        found = self._interaction("block_actions", user) | {
            "container": container,
            "channel": {"id": channel.id, "name": channel.name},
            "state": {"values": values},
            "response_url": self.response_url(user, channel, message.ts),
            "actions": [action | {"action_ts": self.world.new_ts()}],
        }
        return found if message.only_for else found | {"message": message.as_json()}

    def view_click(self, user: User, opened: OpenView, action: Json) -> Json:
        """block_actions of an element in a modal or the home."""
        view = self.view(opened)
        return self._interaction("block_actions", user, view["id"]) | {
            "container": {"type": "view", "view_id": view["id"]},
            "view": view,
            "actions": [action | {"action_ts": self.world.new_ts()}],
        }

    def submission(self, user: User, opened: OpenView) -> Json:
        """view_submission."""
        view = self.view(opened)
        return self._interaction("view_submission", user, view["id"]) | {"view": view, "response_urls": []}

    def closed(self, user: User, opened: OpenView, *, cleared: bool) -> Json:
        """view_closed; it carries no trigger id."""
        found = self._interaction("view_closed", user) | {"view": self.view(opened), "is_cleared": cleared}
        del found["trigger_id"]
        return found

    def shortcut(self, user: User, callback_id: str) -> Json:
        """A global shortcut: no channel, no response_url."""
        return self._interaction("shortcut", user) | {
            "callback_id": callback_id,
            "action_ts": self.world.new_ts(),
        }

    def message_shortcut(self, user: User, callback_id: str, channel: Channel, message: Message) -> Json:
        """A message shortcut."""
        return self._interaction("message_action", user) | {
            "callback_id": callback_id,
            "action_ts": self.world.new_ts(),
            "message_ts": message.ts,
            "channel": {"id": channel.id, "name": channel.name},
            "message": message.as_json(),
            "response_url": self.response_url(user, channel, message.ts),
        }

    def view(self, opened: OpenView) -> Json:
        """A view with its state, as it stands now."""
        return opened.view | {"state": state(opened)}

    def event(self, team: str, event: Json) -> Json:
        """The envelope of an event; where an organisation has installed the app, it tells that."""
        whole = self.world.workspace(team).whole
        organisation = self.world.workspace(team).organisation or None
        return {
            "token": TOKEN,
            "team_id": team,
            "enterprise_id": organisation,
            "context_team_id": team,
            "context_enterprise_id": organisation,
            "api_app_id": APP,
            "event": event,
            "type": "event_callback",
            "event_id": self.world.new_id("Ev"),
            "event_time": int(self.world.clock.now().timestamp()),
            "authorizations": [
                {
                    "enterprise_id": organisation,
                    "team_id": None if whole else team,
                    "user_id": BOT_USER,
                    "is_bot": True,
                    "is_enterprise_install": whole,
                }
            ],
            "is_ext_shared_channel": False,
        }

    def _interaction(self, kind: str, user: User, view: str = "") -> Json:
        space = self.world.workspace(user.team)
        organisation = {"id": space.organisation, "name": "An organisation"} if space.organisation else None
        return {
            "type": kind,
            "user": {
                "id": user.id,
                "username": user.handle,
                "name": user.handle,
                "team_id": user.team,
            },
            "api_app_id": APP,
            "token": TOKEN,
            "trigger_id": self.world.trigger(user.team, user.id, view),
            "team": None if space.whole else {"id": user.team, "domain": space.domain},
            "enterprise": organisation,
            "is_enterprise_install": space.whole,
        }


def escaped(space: Workspace, text: str, *, names: bool = True) -> str:
    """Typed text as Slack sends it: `@handle` and `#channel` become `<@U…>` and `<#C…|name>`.

    names: whether people carry their handle (`<@U…|handle>`), as in slash commands. Unknown names stay.
    """
    handles = {each.handle: each.id for each in space.users.values()}
    channels = {each.name: each.id for each in space.channels.values() if not each.partner}

    def at(found: re.Match[str]) -> str:
        known, mark = (handles, "@") if found[1] == "@" else (channels, "#")
        name = found[2].rstrip(".-")
        if name not in known:
            return found[0]
        label = f"|{name}" if names or mark == "#" else ""
        return f"<{mark}{known[name]}{label}>{found[2][len(name) :]}"

    return re.sub(r"(?<![\w<|])([@#])([\w.\-]+)", at, text)
