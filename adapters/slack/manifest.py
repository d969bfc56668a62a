"""Our commands -> a Slack app manifest within the limits of github.com/slackapi/manifest-schema v2."""

from collections.abc import Sequence
from typing import Any

from adapters.slack.app import PATH
from adapters.slack.decode import MESSAGE_SHORTCUT
from adapters.slack.scopes import EVENTS, REDIRECT, SCOPES
from adapters.slack.text import label
from core.requests import Offer

# Slack's own slash commands. An app that asks for one of them has its whole manifest refused, so these words are
# typed behind /board alone (slack.com/help, "Slash commands in Slack").
_RESERVED = frozenset((
    "active", "apps", "archive", "away", "call", "collapse", "dm", "dnd", "expand", "feed", "invite", "join", "leave",
    "me", "msg", "mute", "open", "remind", "remove", "rename", "search", "shortcuts", "shrug", "star", "status",
    "topic", "unarchive", "who",
))  # fmt: skip
_LONG = (
    "Folkmoot lets a partnership board run inside the chat tools that its partners already use. What is "
    "raised becomes a priority, what is agreed is recorded with who agreed and why, and what is promised is "
    "followed up. One board, one vote, live in Slack and in Microsoft Teams at once, where the voters are "
    "organisations and a person counts once whichever tool he or she uses."
)


def manifest(offers: Sequence[Offer], url: str) -> dict[str, Any]:
    """The manifest of an app that offers these commands.

    `url` is the server's public address; without one the app uses Socket Mode and needs no address at all.
    """
    endpoint = {"url": url.rstrip("/") + PATH} if url else {}
    asked = {"request_url": endpoint["url"]} if url else {}
    redirect = {"redirect_urls": [url.rstrip("/") + REDIRECT]} if url else {}
    features: dict[str, Any] = {
        "app_home": {
            "home_tab_enabled": True,
            "messages_tab_enabled": True,
            "messages_tab_read_only_enabled": False,
        },
        "bot_user": {"display_name": "Folkmoot", "always_online": True},
        "slash_commands": _slash_commands(offers, endpoint),
    }
    if shortcuts := _shortcuts(offers):
        features["shortcuts"] = shortcuts
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {
            "name": "Folkmoot",
            "description": "Your partnership board, where you already work: raise, agree, act.",
            "long_description": _LONG,
            "background_color": "#1f4d3a",
        },
        "features": features,
        "oauth_config": {**redirect, "scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {**asked, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **asked},
            "org_deploy_enabled": bool(url),
            "socket_mode_enabled": not url,
            "token_rotation_enabled": False,
        },
    }


def _slash_commands(offers: Sequence[Offer], endpoint: dict[str, str]) -> list[dict[str, Any]]:
    """`/board`, and each word that is not Slack's as a command of its own; 50 at most, of 32 characters at most."""
    typed = {offer.word: offer for offer in reversed(offers) if offer.word and len(offer.word) < 32}
    words = [offer.word for offer in offers if typed.get(offer.word) is offer and offer.word != "board"]
    own = [word for word in words if word not in _RESERVED]
    board: dict[str, Any] = {
        "command": "/board",
        "description": "Everything on your board; alone it shows what waits for you",
        "usage_hint": label(" | ".join(words), 200, "help"),
        "should_escape": True,
        **endpoint,
    }
    commands = [board]
    for word in own[:49]:
        offer = typed[word]
        command = {"command": f"/{word}", "description": label(offer.help, 200, offer.title or word)}
        if hint := label(offer.example.removeprefix(word).strip(), 200, ""):
            command["usage_hint"] = hint
        commands.append({**command, "should_escape": True, **endpoint})
    return commands


def _shortcuts(offers: Sequence[Offer]) -> list[dict[str, Any]]:
    """Each offered shortcut twice, global and on a message; 10 at most."""
    shortcuts = []
    for offer in [offer for offer in offers if offer.shortcut][:5]:
        named = {
            "name": label(offer.title, 24, offer.word),
            "description": label(offer.help, 150, offer.title),
        }
        shortcuts.append({**named, "type": "global", "callback_id": offer.command})
        shortcuts.append({**named, "type": "message", "callback_id": offer.command + MESSAGE_SHORTCUT})
    return shortcuts
