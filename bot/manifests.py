"""The descriptions from which the apps are created, made from the commands as this version has them."""

from typing import Any
from urllib.parse import urlsplit

from adapters.slack import manifest as slack_manifest
from adapters.teams import manifest as teams_manifest
from bot.exporting import as_json
from bot.settings import Settings
from core.catalog import offers
from core.errors import Refused


def _address(settings: Settings, url: str) -> str:
    url = (url or settings.public_url).rstrip("/")
    parts = urlsplit(url)
    if url and (parts.scheme != "https" or not parts.hostname or parts.query or parts.fragment):
        raise Refused(f"{url} is no address for Slack or Teams; give one that begins with https://, such as --url "
                      "https://folkmoot.example.org")  # fmt: skip
    return url


def slack(settings: Settings, url: str) -> tuple[dict[str, Any], bytes]:
    """The Slack manifest, and the file to write; without any address the app uses Socket Mode. Raises Refused."""
    made = slack_manifest.manifest(offers(), _address(settings, url))
    return made, as_json(made)


def teams(settings: Settings, url: str) -> tuple[dict[str, Any], bytes]:
    """The Teams manifest, and the package with its icons. Raises Refused without an address or an app id."""
    address = _address(settings, url)
    if not address:
        raise Refused("A Teams app needs the server's address: give --url https://… or set PUBLIC_URL.")
    if not settings.teams_app_id:
        raise Refused("TEAMS_APP_ID is not set; it is the Microsoft App ID of the bot that the package is for.")
    known = offers()
    made = teams_manifest.manifest(known, address, settings.teams_app_id)
    return made, teams_manifest.package(known, address, settings.teams_app_id)
