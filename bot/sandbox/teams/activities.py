"""The activities that Teams sends to a bot, whole, as its documentation shows them."""

import datetime
import html
import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from bot.sandbox.teams.store import Conversation, User, stamp

ZONE = zoneinfo.ZoneInfo("Europe/London")
NBSP = "\u00a0"


@dataclass(frozen=True, slots=True)
class Envelope:
    """What every activity of one delivery shares. `root` is the thread it belongs to, in a channel."""

    app_id: str
    bot_name: str
    service_url: str
    now: datetime.datetime
    user: User
    conversation: Conversation
    root: str = ""

    @property
    def bot(self) -> dict[str, str]:
        """The bot's account."""
        return {"id": f"28:{self.app_id}", "name": self.bot_name}

    def activity(self, kind: str, given: str, **more: Any) -> dict[str, Any]:
        """An activity of this kind and id, with what all have; `channelData` in `more` is merged."""
        local = self.now.astimezone(ZONE)
        extra = more.pop("channelData", {})
        return {
            "type": kind,
            "id": given,
            "timestamp": stamp(self.now),
            "localTimestamp": local.isoformat(timespec="milliseconds"),
            "localTimezone": ZONE.key,
            "serviceUrl": self.service_url,
            "channelId": "msteams",
            "from": {"id": self.user.mri, "name": self.user.name, "aadObjectId": self.user.oid},
            "conversation": self._conversation(),
            "recipient": self.bot,
            "entities": [_client_info()],
            "channelData": {**self._channel_data(), **extra},
            "locale": "en-GB",
            **more,
        }

    def _conversation(self) -> dict[str, Any]:
        here = self.conversation
        if here.personal:
            return {"conversationType": "personal", "tenantId": here.tenant, "id": here.id}
        given = f"{here.id};messageid={self.root}" if self.root else here.id
        return {"isGroup": True, "conversationType": "channel", "tenantId": here.tenant, "id": given}

    def _channel_data(self) -> dict[str, Any]:
        here = self.conversation
        data: dict[str, Any] = {"tenant": {"id": here.tenant}}
        if not here.personal:
            data |= {
                "teamsChannelId": here.id,
                "teamsTeamId": here.team,
                "channel": {"id": here.id},
                "team": {"id": here.team},
            }
        return data


def message(envelope: Envelope, given: str, text: str, *, mention: bool) -> dict[str, Any]:
    """A typed message; with `mention` it begins with the bot's name, marked up, and a non-breaking space."""
    rich = html.escape(text, quote=False).replace("\n", "<br>")
    said, entities = text, [_client_info()]
    if mention:
        tag = f"<at>{envelope.bot_name}</at>"
        said = f"{tag}{NBSP}{text}"
        marks = 'itemscope="" itemtype="http://schema.skype.com/Mention" itemid="0"'
        span = f"<span {marks}>{envelope.bot_name}</span>"
        rich = f"{span}&nbsp;{rich}"
        entities = [{"type": "mention", "mentioned": envelope.bot, "text": tag}, *entities]
    attachment = {"contentType": "text/html", "content": f"<div><div>{rich}</div></div>"}
    return envelope.activity(
        "message", given, text=said, textFormat="plain", entities=entities, attachments=[attachment]
    )


def invoke(envelope: Envelope, given: str, name: str, value: Mapping[str, Any], reply_to: str = "") -> dict[str, Any]:
    """An invoke of this name; `reply_to` is the message whose card was pressed."""
    source = {"source": {"name": "message"}, "legacy": {"replyToId": f"1:{given[2:]}"}} if reply_to else {}
    more: dict[str, Any] = {"replyToId": reply_to} if reply_to else {}
    return envelope.activity("invoke", given, name=name, value=dict(value), channelData=source, **more)


def submitted(envelope: Envelope, given: str, value: Any, reply_to: str, text: str = "") -> dict[str, Any]:
    """What a plain Action.Submit sends: a message with a value."""
    more: dict[str, Any] = {"text": text, "textFormat": "plain"} if text else {}
    return envelope.activity(
        "message", given, value=value, replyToId=reply_to, channelData={"source": {"name": "message"}}, **more
    )


def installed(envelope: Envelope, ids: tuple[str, str], *, added: bool) -> list[dict[str, Any]]:
    """The two events of the app's arrival or departure: conversationUpdate and installationUpdate."""
    here = envelope.conversation
    data: dict[str, Any] = {"settings": {"selectedChannel": {"id": here.id}}} if not here.personal else {}
    if not here.personal:
        team = {"id": here.team, "name": here.team_name, "aadGroupId": here.team[3:35]}
        data |= {"eventType": "teamMemberAdded" if added else "teamMemberRemoved", "team": team}
    update = {"membersAdded" if added else "membersRemoved": [{"id": envelope.bot["id"]}]}
    action = "add" if added else "remove"
    return [
        envelope.activity("conversationUpdate", ids[0], channelData=data, **update),
        envelope.activity("installationUpdate", ids[1], action=action, channelData=data),
    ]


def update(envelope: Envelope, given: str, event: str, data: Mapping[str, Any]) -> dict[str, Any]:
    """A conversationUpdate: channelRenamed, channelDeleted, teamArchived and their like."""
    here = envelope.conversation
    team = {"id": here.team, "name": here.team_name}
    return envelope.activity("conversationUpdate", given, channelData={"team": team, **data, "eventType": event})


def payload(given: Mapping[str, Any], author: User | None, bot: Mapping[str, str], where: str) -> dict[str, Any]:
    """A message as a message extension gets it (`messagePayload`)."""
    if author is None:
        sender: dict[str, Any] = {
            "application": {"id": bot["id"], "displayName": bot["name"], "applicationIdentityType": "bot"}
        }
    else:
        sender = {"user": {"id": author.oid, "displayName": author.name, "userIdentityType": "aadUser"}}
    text = str(given.get("text") or "")
    attachments = [each for each in given.get("attachments") or () if each.get("contentType") != "text/html"]
    return {
        "id": given["id"],
        "replyToId": None,
        "linkToMessage": f"https://teams.microsoft.com/l/message/{quote(where)}/{given['id']}",
        "messageType": "message",
        "createdDateTime": given["timestamp"],
        "deleted": False,
        "importance": "normal",
        "locale": "en-gb",
        "from": sender,
        "body": {"contentType": "html", "content": f"<div>{html.escape(text, quote=False)}</div>"},
        "attachments": attachments,
        "mentions": [],
        "reactions": [],
    }


def _client_info() -> dict[str, Any]:
    return {
        "type": "clientInfo",
        "locale": "en-GB",
        "country": "GB",
        "platform": "Web",
        "timezone": ZONE.key,
    }
