"""Teams' life-cycle events -> news: what becomes of channels and teams, and of the app in them.

https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/subscribe-to-conversation-events
A team's first channel has the team's own id. The app lives in a whole team, in one shared channel, or in a chat.
"""

from collections.abc import Mapping
from typing import Any, Final

from adapters.teams.auth import host_tenant
from adapters.teams.reading import listing, mapping, text
from adapters.teams.text import clean, cut
from core.requests import Happening, News, Place, account_id

_REMOVED: Final = "Folkmoot was removed there"
_CHANNEL: Final[Mapping[str, tuple[Happening, str]]] = {
    "channelDeleted": ("closed", "the channel was deleted"),
    "channelRestored": ("reopened", ""),
}
_TEAM: Final[Mapping[str, tuple[Happening, str]]] = {
    "teamDeleted": ("team_closed", "the team was deleted"),
    "teamHardDeleted": ("team_closed", "the team was deleted"),
    "teamArchived": ("team_closed", "the team was archived"),
    "teamRestored": ("team_reopened", ""),
    "teamUnarchived": ("team_reopened", ""),
}


def news_of(activity: Mapping[str, Any]) -> News | None:
    """What this activity tells; None for one that tells nothing of the kind."""
    kind, event = text(activity, "type"), text(activity, "channelData", "eventType")
    if kind == "installationUpdate":
        action = text(activity, "action")
        return _moved(activity, came=action.startswith("add")) if action.startswith(("add", "remove")) else None
    if kind != "conversationUpdate":
        return None
    data = mapping(activity, "channelData")
    channel, team = text(data, "channel", "id"), text(data, "team", "id")
    if event == "channelRenamed":
        return _news(activity, "renamed", channel, _name(text(data, "channel", "name")))
    if event == "teamRenamed":
        return _news(activity, "renamed", team, _name(text(data, "team", "name")))
    if event in _CHANNEL:
        return _news(activity, _CHANNEL[event][0], channel, _CHANNEL[event][1])
    if event in _TEAM:
        return _news(activity, _TEAM[event][0], team, _TEAM[event][1])
    bot = text(activity, "recipient", "id")
    for field, came in (("membersAdded", True), ("membersRemoved", False)):
        if bot and bot in [text(member, "id") for member in listing(activity, field)]:
            return _moved(activity, came=came)
    return None


def brought_in(activity: Mapping[str, Any]) -> bool:
    """Whether somebody has just added the app somewhere."""
    if text(activity, "type") == "installationUpdate":
        return text(activity, "action").startswith("add")
    bot = text(activity, "recipient", "id")
    added = [text(member, "id") for member in listing(activity, "membersAdded")]
    return text(activity, "type") == "conversationUpdate" and bool(bot) and bot in added


def _moved(activity: Mapping[str, Any], *, came: bool) -> News | None:
    """The app came or went. A person's own chat is no room, and whether it works shows when it is needed."""
    if text(activity, "conversation", "conversationType") == "personal":
        return None
    here = text(activity, "conversation", "id").partition(";messageid=")[0]
    shared = text(activity, "channelData", "channel", "type") == "shared"
    if text(activity, "channelData", "team", "id") and not shared:
        return _news(activity, "team_reopened" if came else "team_closed", here, "" if came else _REMOVED)
    return _news(activity, "reopened" if came else "closed", here, "" if came else _REMOVED)


def _news(activity: Mapping[str, Any], what: Happening, conversation: str, detail: str) -> News | None:
    tenant = account_id("teams", host_tenant(activity))
    if not conversation or not tenant or len(conversation) > 300 or (what == "renamed" and not detail):
        return None
    team = text(activity, "channelData", "team", "id")[:200]
    return News(what, Place("teams", tenant, conversation, team=team), detail)


def _name(given: str) -> str:
    return cut(clean(given), 200)
