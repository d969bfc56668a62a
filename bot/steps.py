"""How Slack and Teams are connected, step by step; a step that is done already is left out."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.settings import Settings

_ADDRESS = "https://folkmoot.example.org"


@dataclass(frozen=True, slots=True)
class Todo:
    """What one tool still needs. begun: something is set already, so it is meant to work."""

    name: str
    begun: bool
    missing: Sequence[str]
    steps: Sequence[str]

    @property
    def ready(self) -> bool:
        """Whether nothing is missing."""
        return not self.missing


def _url(settings: Settings) -> str:
    parts = urlsplit(settings.public_url)
    return settings.public_url.rstrip("/") if parts.scheme == "https" and parts.hostname else _ADDRESS


def slack_steps(settings: Settings) -> Todo:
    """What Slack needs: a signing secret (or an app token, for Socket Mode), and a bot token or the app's secret."""
    token = settings.slack_bot_token.get_secret_value()
    signing = settings.slack_signing_secret.get_secret_value()
    socket = settings.slack_app_token.get_secret_value()
    begun = bool(token or signing or socket or settings.slack_client_id)
    missing, steps = [], []
    if not begun:
        steps.append(
            "Slack: make the app's description, then create the app from it at https://api.slack.com/apps\n"
            '("Create New App", "From an app manifest"):\n'
            f"folkmoot manifest slack --url {_url(settings)} -o slack.json"
        )
    if not (signing or socket):
        missing.append("SLACK_SIGNING_SECRET")
        steps.append('Slack: copy "Signing Secret" from the app\'s "Basic Information" to SLACK_SIGNING_SECRET.')
    if not token and not settings.has_slack_oauth:
        half = bool(settings.slack_client_id) or bool(settings.slack_client_secret.get_secret_value())
        missing.append("SLACK_CLIENT_ID and SLACK_CLIENT_SECRET, both" if half else "SLACK_BOT_TOKEN")
        steps.append(
            'Slack: install the app ("OAuth & Permissions", "Install to Workspace") and copy\n'
            '"Bot User OAuth Token" (xoxb-…) to SLACK_BOT_TOKEN. Or let workspaces install it by themselves:\n'
            f'copy "Client ID" and "Client Secret" of "Basic Information" to SLACK_CLIENT_ID and SLACK_CLIENT_SECRET,\n'
            f"and open {_url(settings)}/slack/install"
        )
    return Todo("Slack", begun, missing, steps)


def teams_steps(settings: Settings) -> Todo:
    """What Teams needs: the bot's registration in one tenant, with its password unless it is a managed identity."""
    password = settings.teams_app_password.get_secret_value()
    tenants = settings.teams_tenant_id or settings.allowed_tenants
    begun = bool(settings.teams_app_id or password or tenants or settings.teams_local_emulator)
    if settings.teams_local_emulator:
        return Todo("Microsoft Teams", begun, (), ())
    missing, steps = [], []
    if not settings.teams_app_id:
        missing.append("TEAMS_APP_ID")
        steps.append(
            "Teams: create an Azure Bot (https://portal.azure.com, type Single Tenant) with the messaging endpoint\n"
            f"{_url(settings)}/api/messages, switch on its channel Microsoft Teams,\n"
            "and copy its Microsoft App ID to TEAMS_APP_ID."
        )
    if not tenants:
        missing.append("TEAMS_TENANT_ID")
        steps.append("Teams: copy the bot's App Tenant ID to TEAMS_TENANT_ID; others to TEAMS_ALLOWED_TENANTS.")
    if not password and settings.teams_app_type == "SingleTenant":
        missing.append("TEAMS_APP_PASSWORD")
        steps.append(
            "Teams: make a client secret for the bot's app registration in Microsoft Entra\n"
            '("Certificates & secrets") and copy its value to TEAMS_APP_PASSWORD.'
        )
    if missing:
        steps.append(
            "Teams: make the app's package and upload it in the Teams admin centre (Manage apps, Upload new app):\n"
            f"folkmoot manifest teams --url {_url(settings)} -o folkmoot-teams.zip"
        )
    return Todo("Microsoft Teams", begun, missing, steps)
