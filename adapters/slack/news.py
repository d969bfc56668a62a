"""Slack's life-cycle events -> news: what becomes of channels, and of the installation itself.

https://docs.slack.dev/reference/events: a renamed channel comes as an object, any other as an id; private channels have
events of their own under group_*.
"""

from adapters.slack.events import home_of
from adapters.slack.shapes import Json, id_of, part, text
from adapters.slack.text import clean
from core.requests import Happening, News, Place

_CLOSED = {
    "archive": "the channel was archived",
    "deleted": "the channel was deleted",
    "left": "Folkmoot was removed from the channel",
}


def news_of(body: Json, bot: str) -> list[News]:
    """What this event tells; nothing for one that tells nothing of the kind. `bot`: our own user id there, if known."""
    event = part(body, "event")
    if text(event, "type") == "team_access_revoked":
        teams = event.get("team_ids")
        named = [team for team in teams if isinstance(team, str) and team] if isinstance(teams, list) else []
        return [News("uninstalled", Place("slack", team, "")) for team in named[:100]]
    found = _one(body, bot)
    return [found] if found else []


def _one(body: Json, bot: str) -> News | None:
    event = part(body, "event")
    kind, channel = text(event, "type"), id_of(event, "channel")
    if kind in ("app_uninstalled", "tokens_revoked"):
        return _ended(body, event, kind)
    if kind == "channel_id_changed":
        return _news(body, "moved", text(event, "old_channel_id"), text(event, "new_channel_id"))
    if kind in ("member_joined_channel", "member_left_channel"):
        if not bot or text(event, "user") != bot:
            return None
        came = kind == "member_joined_channel"
        return _news(body, "reopened" if came else "closed", channel, "" if came else _CLOSED["left"])
    sort, _, what = kind.partition("_")
    if sort not in ("channel", "group"):
        return None
    if what == "rename":
        return _news(body, "renamed", channel, clean(text(part(event, "channel"), "name"))[:200])
    if what == "unarchive":
        return _news(body, "reopened", channel, "")
    return _news(body, "closed", channel, _CLOSED[what]) if what in _CLOSED else None


def _news(body: Json, what: Happening, channel: str, detail: str) -> News | None:
    home = home_of(body)
    return News(what, Place("slack", home, channel), detail) if home and channel else None


def _ended(body: Json, event: Json, kind: str) -> News | None:
    """Removed or revoked. An organisation's own installation is told by the organisation's id."""
    if kind == "tokens_revoked" and not part(event, "tokens").get("bot"):
        return None  # people's own tokens, of which we ask for none
    granted = body.get("authorizations") or ()
    whole = any(each.get("is_enterprise_install") is True for each in granted) or not text(body, "team_id")
    home = text(body, "enterprise_id") if whole else text(body, "team_id")
    what: Happening = "uninstalled" if kind == "app_uninstalled" else "revoked"
    return News(what, Place("slack", home, "")) if home else None
