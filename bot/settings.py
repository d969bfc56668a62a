"""The settings, from the environment or a .env file; nothing else reads the environment."""

import logging
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from core.throttle import PERSON, WORKSPACE

SLACK_API = "https://slack.com/api/"
TEAMS_METADATA = "https://login.botframework.com/v1/.well-known/openidconfiguration"
TEAMS_LOGIN = "https://login.microsoftonline.com"
LOOPBACK = ("127.0.0.1", "::1", "localhost")
DEFAULT_DATABASE = "sqlite+aiosqlite:///var/folkmoot.db"

log = logging.getLogger(__name__)


class Settings(BaseSettings):
    """What an operator sets; the names are those of the environment variables, in lower case."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", env_ignore_empty=True)

    database_url: str = DEFAULT_DATABASE
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    public_url: str = ""
    folkmoot_secret_key: SecretStr = SecretStr("")
    log_level: str = "INFO"

    slack_signing_secret: SecretStr = SecretStr("")
    slack_bot_token: SecretStr = SecretStr("")
    slack_client_id: str = ""
    slack_client_secret: SecretStr = SecretStr("")
    slack_app_token: SecretStr = SecretStr("")
    slack_api_url: str = SLACK_API

    requests_per_person: int = Field(default=PERSON, ge=0)
    requests_per_workspace: int = Field(default=WORKSPACE, ge=0)

    teams_app_id: str = ""
    teams_app_password: SecretStr = SecretStr("")
    teams_app_type: Literal["SingleTenant", "UserAssignedMSI"] = "SingleTenant"
    teams_tenant_id: str = ""
    teams_allowed_tenants: str = ""
    teams_openid_metadata: str = TEAMS_METADATA
    teams_login_url: str = TEAMS_LOGIN
    teams_service_hosts: str = ""
    teams_local_emulator: bool = False

    @field_validator("slack_api_url")
    @classmethod
    def _ends_in_slash(cls, url: str) -> str:
        return url if url.endswith("/") else f"{url}/"

    @field_validator("log_level")
    @classmethod
    def _known_level(cls, level: str) -> str:
        if level.upper() not in logging.getLevelNamesMapping():
            raise ValueError("LOG_LEVEL is one of DEBUG, INFO, WARNING or ERROR")
        return level.upper()

    @property
    def secret_keys(self) -> tuple[str, ...]:
        """FOLKMOOT_SECRET_KEY's values, the one that seals and encrypts first."""
        return tuple(key.strip() for key in self.folkmoot_secret_key.get_secret_value().split(",") if key.strip())

    @property
    def allowed_tenants(self) -> tuple[str, ...]:
        """TEAMS_ALLOWED_TENANTS, divided."""
        return _listed(self.teams_allowed_tenants)

    @property
    def service_hosts(self) -> tuple[str, ...]:
        """TEAMS_SERVICE_HOSTS, divided."""
        return _listed(self.teams_service_hosts)

    @property
    def has_slack(self) -> bool:
        """Whether enough is set to serve Slack."""
        return (bool(self.slack_bot_token.get_secret_value()) or self.has_slack_oauth) and bool(
            self.slack_signing_secret.get_secret_value() or self.slack_app_token.get_secret_value()
        )

    @property
    def has_slack_oauth(self) -> bool:
        """Whether workspaces can install Folkmoot by themselves."""
        return bool(self.slack_client_id) and bool(self.slack_client_secret.get_secret_value())

    @property
    def has_teams(self) -> bool:
        """Whether enough is set to serve Teams."""
        return self.teams_local_emulator or bool(self.teams_app_id)

    @property
    def is_loopback(self) -> bool:
        """Whether the server can be reached from this machine alone."""
        return self.host in LOOPBACK

    @property
    def address(self) -> str:
        """Where people's browsers reach this server: PUBLIC_URL, or where the tools are on this machine, too, itself.

        Empty where nobody has said it, as with Socket Mode, which needs no address.
        """
        tools_are_here = self.teams_local_emulator or urlsplit(self.slack_api_url).hostname in LOOPBACK
        return self.public_url or (f"http://{self.host}:{self.port}" if self.is_loopback and tools_are_here else "")

    @property
    def database_file(self) -> Path | None:
        """The SQLite file, or None for PostgreSQL."""
        if not self.database_url.startswith("sqlite"):
            return None
        return Path(urlsplit(self.database_url).path.removeprefix("/") or ":memory:")


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())
