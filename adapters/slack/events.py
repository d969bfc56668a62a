"""The Events API -> requests: mentions, direct messages, the App Home, and being invited into a channel."""

import re

from adapters.slack.decode import WHO, Heard, Origin, Outcome, Unheard
from adapters.slack.shapes import Json, part, text
from adapters.slack.text import mentioned, typed
from core.requests import Actor, Place, Request

_MENTION = re.compile(r"^\s*<@([A-Z0-9]+)(?:\|[^<>]*)?>[\s,:]*")


def hear_event(body: Json, me: str = "") -> Outcome:
    """An event that concerns us as a request; None for all others, which are acknowledged and forgotten.

    `me` is our own user id, for bodies whose `authorizations` do not tell it.
    """
    event, bot = part(body, "event"), own_user(body) or me
    match text(event, "type"):
        case "app_mention":
            return _mention(body, event, bot)
        case "message":
            return _direct_message(body, event, bot)
        case "app_home_opened":
            return _home(body, event)
        case "member_joined_channel":
            return _joined(body, event, bot)
        case _:
            return None


def own_user(body: Json) -> str:
    """Our own user id in that workspace: the events carry it, so nobody has to ask `auth.test`."""
    return next((text(each, "user_id") for each in body.get("authorizations") or () if each.get("is_bot")), "")


def _team(body: Json, event: Json) -> str:
    """The acting person's workspace. In a shared channel only the event itself tells it; a whole organisation
    (`E…`) is resolved to a workspace where the body allows it, as Bolt does for its actor."""
    told = text(event, "user_team") or text(event, "team")
    if not told and body.get("is_ext_shared_channel") is not True:
        told = text(body, "team_id")
    if told.startswith("E"):
        if told == text(body, "enterprise_id"):
            return text(body, "team_id")
        return text(body, "context_team_id") if told == text(body, "context_enterprise_id") else ""
    return told


def _place(body: Json, channel: str, message: str = "") -> Place:
    return Place("slack", home_of(body), channel, message, personal=channel.startswith("D"))


def home_of(body: Json) -> str:
    """The workspace in which Folkmoot heard this event; one of an organisation where that alone is told."""
    granted = next((text(each, "team_id") for each in body.get("authorizations") or ()), "")
    known = [team for team in (granted, text(body, "team_id")) if team]
    return next((team for team in known if team[0] != "E"), known[0] if known else "")


def _said(body: Json, event: Json, line: str, bot: str) -> Outcome:
    people = tuple(each for each in mentioned(text(event, "text")) if each[1] != bot)
    user, channel = text(event, "user"), text(event, "channel")
    if not user or not channel or user == bot:
        return None
    thread = text(event, "thread_ts")
    kind, home = text(event, "type"), home_of(body)
    origin = Origin("event", "channel", user, channel, thread=thread, event=kind, workspace=home)
    team = _team(body, event)
    if not team:
        return Unheard(WHO, origin)
    place = _place(body, channel, text(event, "ts"))
    actor = Actor("slack", team, user)
    delivery = text(body, "event_id")
    return Heard(Request(actor, place, "line", line=line or "home", delivery=delivery, people=people), origin)


def _mention(body: Json, event: Json, bot: str) -> Outcome:
    if text(event, "bot_id"):
        return None
    words = text(event, "text")
    found = _MENTION.match(words)
    if found and (not bot or found.group(1) == bot):
        words = words[found.end() :]
    elif bot:
        words = words.replace(f"<@{bot}>", " ")
    return _said(body, event, typed(words), bot)


def _direct_message(body: Json, event: Json, bot: str) -> Outcome:
    ours = text(event, "channel_type") == "im" and not text(event, "bot_id")
    if not ours or text(event, "subtype") not in ("", "file_share"):
        return None
    words = text(event, "text")
    found = _MENTION.match(words)
    if found and found.group(1) == bot:
        words = words[found.end() :]
    line = typed(words)
    return _said(body, event, line, bot) if line else None


def _home(body: Json, event: Json) -> Outcome:
    user = text(event, "user")
    team = _team(body, event)
    if text(event, "tab") not in ("", "home") or not user or not team:
        return None
    origin = Origin("event", "home", user, event="app_home_opened", workspace=home_of(body))
    place = _place(body, "")
    request = Request(Actor("slack", team, user), place, "event", line="home", delivery=text(body, "event_id"))
    return Heard(request, origin)


def _joined(body: Json, event: Json, bot: str) -> Outcome:
    """We came into a channel; who invited us is the one who acts."""
    user, channel = text(event, "user"), text(event, "channel")
    team = _team(body, event)
    if not user or user != bot or not channel or not team:
        return None
    origin = Origin("event", "channel", user, channel, event="member_joined_channel", workspace=home_of(body))
    actor = Actor("slack", team, text(event, "inviter") or user)
    place = _place(body, channel)
    request = Request(actor, place, "event", command="partners.arrived", delivery=text(body, "event_id"))
    return Heard(request, origin)
