"""The Teams app as an administrator uploads it: icons, and manifest 1.30 made from the commands.

Schema: https://developer.microsoft.com/json-schemas/teams/v1.30/MicrosoftTeams.schema.json
"""

import io
import json
import zipfile
from collections.abc import Sequence
from importlib import resources
from typing import Any, Final
from urllib.parse import urlsplit

from adapters.teams.text import clean, cut
from core.requests import Offer

VERSION: Final = "1.30"
MOST_COMMANDS: Final = 12
MOST_SHORTCUTS: Final = 10
SCOPES: Final = ("personal", "team", "groupChat")
ICONS: Final = ("color.png", "outline.png")
_MOMENT: Final = (2026, 1, 1, 0, 0, 0)  # the same package from the same input, byte for byte


def manifest(offers: Sequence[Offer], url: str, app_id: str) -> dict[str, Any]:
    """The manifest for the server at `url` (its public address) and the bot with this app id."""
    url = url.rstrip("/")
    return {
        "$schema": f"https://developer.microsoft.com/json-schemas/teams/v{VERSION}/MicrosoftTeams.schema.json",
        "manifestVersion": VERSION,
        "version": "1.0.0",
        "id": app_id,
        "developer": {
            "name": "Folkmoot",
            "websiteUrl": f"{url}/",
            "privacyUrl": f"{url}/",
            "termsOfUseUrl": f"{url}/",
        },
        "name": {"short": "Folkmoot", "full": "Folkmoot, the board that acts between its meetings"},
        "description": {
            "short": "Raise items, agree and vote as organisations, in Teams and Slack at once.",
            "full": (
                "Folkmoot lets a partnership board work in the chat tools its partners already use. "
                "Raise an item, agree a proposal, vote for your organisation, promise an action and keep it: "
                "everyone sees the same board, whether they sit in Microsoft Teams or in Slack, "
                "and every decision stands in one register."
            ),
        },
        "icons": {"color": "color.png", "outline": "outline.png"},
        "accentColor": "#312E81",
        "bots": [_bot(offers, app_id)],
        "composeExtensions": _extensions(offers, app_id),
        "permissions": ["identity", "messageTeamMembers"],
        "validDomains": [host] if (host := urlsplit(url).hostname) else [],
        "supportsChannelFeatures": "tier1",
        "defaultInstallScope": "team",
    }


def package(offers: Sequence[Offer], url: str, app_id: str) -> bytes:
    """The zip file that is uploaded to Teams: the manifest and both icons."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        wanted = {"manifest.json": json.dumps(manifest(offers, url, app_id), indent=2).encode()}
        for name in ICONS:
            wanted[name] = resources.files(__package__).joinpath(name).read_bytes()
        for name, content in wanted.items():
            archive.writestr(zipfile.ZipInfo(name, _MOMENT), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def _bot(offers: Sequence[Offer], app_id: str) -> dict[str, Any]:
    """The bot, with the commands that Teams suggests while one types."""
    words = [offer for offer in offers if offer.word][:MOST_COMMANDS]
    bot: dict[str, Any] = {"botId": app_id, "scopes": list(SCOPES), "supportsFiles": False}
    if words:
        commands = [{"title": _short(offer.word, 32), "description": _short(offer.help, 128)} for offer in words]
        bot["commandLists"] = [{"scopes": list(SCOPES), "commands": commands}]
    return bot


def _extensions(offers: Sequence[Offer], app_id: str) -> list[dict[str, Any]]:
    """Commands that can be started from a message or from where one writes."""
    commands = [
        {
            "id": offer.command,
            "type": "action",
            "title": _short(offer.title, 32),
            "description": _short(offer.help, 128),
            "context": ["message", "compose"],
            "fetchTask": True,
        }
        for offer in offers
        if offer.shortcut
    ][:MOST_SHORTCUTS]
    return [{"botId": app_id, "commands": commands}] if commands else []


def _short(words: str, most: int) -> str:
    return cut(" ".join(clean(words).split()), most)
