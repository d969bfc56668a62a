"""Slack's commands, interactions and events -> requests, with what their answers will need to know."""

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import orjson

from adapters.slack.forms import filled, recall
from adapters.slack.shapes import Json, Kind, id_of, part, text
from adapters.slack.text import clean, mentioned, typed
from core.requests import Actor, Place, Request

Surface: TypeAlias = Literal["channel", "message", "ephemeral", "modal", "home", "nowhere"]

MESSAGE_SHORTCUT = ":message"
"""Ends the callback id of a message shortcut, so that it differs from the global one of the same command."""
WHO = (
    "Slack didn't say which workspace you belong to, so I can't tell who you are on the board. "
    "Please try from a channel of your own workspace."
)
WORN_OUT = "This button can't do what it says any more. Please open the card again and press there."
_DOMAIN, _STAMP = re.compile(r"[a-z0-9][a-z0-9-]{0,60}"), re.compile(r"\d{1,12}\.\d{1,8}")
_UNNAMED = ("directmessage", "privategroup")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a request came from: it decides how the answer may be given.

    surface: the channel itself (commands, mentions), a message's button, an ephemeral message's, a modal, the
    App Home, or nowhere (a global shortcut). fields: the block ids of a submitted view's inputs. workspace: where
    Folkmoot is installed that heard it, and whose token answers; from the body, never from what a view remembers.
    """

    kind: Kind
    surface: Surface
    user: str
    channel: str = ""
    thread: str = ""
    trigger: str = ""
    response_url: str = ""
    fields: frozenset[str] = frozenset()
    event: str = ""
    workspace: str = ""


@dataclass(frozen=True, slots=True)
class Heard:
    """A request, and where it came from."""

    request: Request
    origin: Origin


@dataclass(frozen=True, slots=True)
class Unheard:
    """Something that cannot become a request, with the sentence for the person."""

    sentence: str
    origin: Origin


Outcome: TypeAlias = Heard | Unheard | None


def _actor_team(body: Json) -> str:
    """The acting person's own workspace.

    In Slack Connect it is `user.team_id` that tells, not the body's team; in Enterprise Grid `team` may be
    null. An organisation's id (`E…`) is no workspace.
    """
    known = (text(part(body, "user"), "team_id"), id_of(body, "team"), text(body, "team_id"))
    return next((team for team in (*known, text(part(body, "view"), "team_id")) if team and team[0] != "E"), "")


def home_team(body: Json) -> str:
    """The workspace that the app is installed in, whose channels these are, as far as the body tells."""
    view, message = part(body, "view"), part(body, "message")
    ours = text(message, "team") if text(body, "type") == "block_actions" and text(message, "bot_id") else ""
    granted = next((text(each, "team_id") for each in body.get("authorizations") or ()), "")
    known = (text(view, "app_installed_team_id"), granted, ours, id_of(body, "team"), text(body, "team_id"))
    return next((team for team in known if team and team[0] != "E"), "") or _actor_team(body)


def organisation_of(body: Json) -> str:
    """The organisation (`E…`) whose installation heard this; empty where the workspace's own did."""
    granted: Json = next(iter(body.get("authorizations") or ()), {})
    if body.get("is_enterprise_install") in (True, "true") or granted.get("is_enterprise_install") is True:
        return text(granted, "enterprise_id") or id_of(body, "enterprise") or text(body, "enterprise_id")
    return ""


def _actor(body: Json) -> Actor | None:
    user = part(body, "user")
    name = text(user, "name") or text(user, "username") or text(body, "user_name")
    team = _actor_team(body)
    return Actor("slack", team, id_of(body, "user") or text(body, "user_id"), clean(name)[:80]) if team else None


def _place(body: Json, channel: str, message: str = "", name: str = "") -> Place:
    name = "" if name in _UNNAMED else clean(name)[:80]
    return Place("slack", home_team(body), channel, message, personal=channel.startswith("D"), name=name)


def hear_command(body: Json) -> Outcome:
    """`/board raise …` and `/raise …` are the same line; `/board` alone is `home`."""
    word, rest = text(body, "command")[1:].strip().lower(), typed(text(body, "text"))
    line = rest if word == "board" else f"{word} {rest}".strip()
    origin = Origin(
        "command",
        "channel",
        text(body, "user_id"),
        text(body, "channel_id"),
        trigger=text(body, "trigger_id"),
        response_url=text(body, "response_url"),
        workspace=home_team(body),
    )
    actor = _actor(body)
    if actor is None:
        return Unheard(WHO, origin)
    place = _place(body, origin.channel, name=text(body, "channel_name"))
    people = mentioned(text(body, "text"))
    return Heard(Request(actor, place, "line", line=line or "home", delivery=origin.trigger, people=people), origin)


def hear_action(body: Json) -> Outcome:
    """A button, or an option of a menu: its value is the command with its parameters."""
    container = part(body, "container")
    message = text(container, "message_ts") or text(part(body, "message"), "ts")
    channel = id_of(body, "channel") or text(container, "channel_id")
    origin = Origin(
        "action",
        _surface(body, container),
        id_of(body, "user"),
        channel,
        thread=text(container, "thread_ts"),
        trigger=text(body, "trigger_id"),
        response_url=text(body, "response_url"),
        workspace=home_team(body),
    )
    action = body["actions"][0]
    value = text(action, "value") or text(part(action, "selected_option"), "value")
    if not value:
        return None  # a field of a modal, or a link
    actor = _actor(body)
    if actor is None:
        return Unheard(WHO, origin)
    said = _unpacked(value)
    if said is None:
        return Unheard(WORN_OUT, origin)
    command, args = said
    place = _place(body, channel, message, text(part(body, "channel"), "name"))
    delivery = origin.trigger or f"{message}:{text(action, 'action_ts')}"
    return Heard(Request(actor, place, "button", command=command, args=args, delivery=delivery), origin)


def _surface(body: Json, container: Json) -> Surface:
    view = part(body, "view")
    if view:
        return "home" if text(view, "type") == "home" else "modal"
    return "ephemeral" if container.get("is_ephemeral") is True else "message"


def _unpacked(value: str) -> tuple[str, dict[str, Any]] | None:
    try:
        said = orjson.loads(value)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(said, dict) or not text(said, "c"):
        return None
    return said["c"], dict(part(said, "a"))


def hear_submission(body: Json) -> Outcome:
    """A form sent: the command and the fixed parameters it was opened with, and what was filled in."""
    view = part(body, "view")
    blocks = view.get("blocks")
    inputs = [block for block in blocks if isinstance(block, dict)] if isinstance(blocks, list) else []
    fields = frozenset(text(block, "block_id") for block in inputs if block.get("type") == "input")
    recalled = recall(text(view, "private_metadata"))
    channel = recalled[2].conversation if recalled and recalled[2] else ""
    origin = Origin(
        "submission",
        "modal",
        id_of(body, "user"),
        channel,
        trigger=text(body, "trigger_id"),
        fields=fields,
        workspace=home_team(body),
    )
    actor = _actor(body)
    if actor is None:
        return Unheard(WHO, origin)
    if recalled is None:
        return Unheard("I can't read this form any more. Please close it and open it again.", origin)
    command, fixed, place = recalled
    args: Mapping[str, Any] = {**fixed, **filled(view.get("state"))}
    delivery = origin.trigger or f"{text(view, 'id')}:{text(view, 'hash')}"
    where = place or _place(body, "")
    return Heard(Request(actor, where, "form", command=command, args=args, delivery=delivery), origin)


def _permalink(domain: str, channel: str, stamp: str) -> str:
    """Where a message can be read, in the shape of docs.slack.dev, "chat.getPermalink"; empty if it can't be told."""
    known = _DOMAIN.fullmatch(domain) and channel.isalnum() and _STAMP.fullmatch(stamp)
    return f"https://{domain}.slack.com/archives/{channel}/p{stamp.replace('.', '')}" if known else ""


def hear_shortcut(body: Json, takes_text: Mapping[str, str]) -> Outcome:
    """A shortcut, global or on a message; `takes_text` names each command's parameter for its text."""
    command = text(body, "callback_id").removesuffix(MESSAGE_SHORTCUT)
    message, channel = part(body, "message"), id_of(body, "channel")
    on_message = text(body, "type") == "message_action"
    origin = Origin(
        "shortcut",
        "message" if on_message else "nowhere",
        id_of(body, "user"),
        channel,
        trigger=text(body, "trigger_id"),
        response_url=text(body, "response_url"),
        workspace=home_team(body),
    )
    actor = _actor(body)
    if actor is None:
        return Unheard(WHO, origin)
    parameter = takes_text.get(command, "")
    words = typed(text(message, "text"))
    args = {parameter: words} if on_message and parameter and words else {}
    stamp = text(message, "ts") or text(body, "message_ts")
    place = _place(body, channel, stamp, text(part(body, "channel"), "name"))
    if on_message:
        place = dataclasses.replace(place, link=_permalink(text(part(body, "team"), "domain"), channel, stamp))
    return Heard(Request(actor, place, "shortcut", command=command, args=args, delivery=origin.trigger), origin)
