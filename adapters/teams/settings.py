"""What the Teams adapter is told at its start, and which service hosts it may ever call."""

import ipaddress
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

BOT_FRAMEWORK_METADATA: Final = "https://login.botframework.com/v1/.well-known/openidconfiguration"
MICROSOFT_LOGIN: Final = "https://login.microsoftonline.com"
GLOBAL_SERVICE_URL: Final = "https://smba.trafficmanager.net/teams/"
PUBLIC_SERVICE_HOSTS: Final = ("smba.trafficmanager.net", "smba.infra.gcc.teams.microsoft.com")
"""Hosts that the Bot Framework gives as service URLs for Teams, worldwide and in the United States' GCC."""


@dataclass(frozen=True)
class TeamsSettings:
    """How Teams is connected.

    app_type: `SingleTenant`, `UserAssignedMSI`, or `MultiTenant` for bots registered before July 2025.
    allowed_tenants: tenants whose people are heard, besides `tenant_id`. service_hosts: the only hosts whose
    service URLs are believed and called, `host` or `host:port`; none means Microsoft's own.
    local_emulator: unsigned traffic from this machine is heard, and nothing else but this machine is called.
    """

    app_id: str
    app_password: str
    app_type: str = "SingleTenant"
    tenant_id: str = ""
    allowed_tenants: tuple[str, ...] = ()
    openid_metadata: str = BOT_FRAMEWORK_METADATA
    login_url: str = MICROSOFT_LOGIN
    service_hosts: tuple[str, ...] = ()
    local_emulator: bool = False

    @property
    def tenants(self) -> frozenset[str]:
        """Every tenant whose people are heard, in lower case: ids may be written either way."""
        return frozenset(name.strip().lower() for name in (self.tenant_id, *self.allowed_tenants) if name.strip())

    @property
    def token_tenant(self) -> str:
        """The tenant that is asked for the bot's own token."""
        if self.app_type == "MultiTenant":
            return "botframework.com"
        return self.tenant_id or next(iter(self.allowed_tenants), "")


def check(settings: TeamsSettings) -> None:
    """Raise ValueError, with the sentence to show, for settings that would be unsafe or could not work.

    A bot without a tenant list would hear anyone who installs it, so we insist on one instead of
    assuming it; Teams itself does not check this for us.
    """
    if settings.local_emulator:
        return
    if not settings.app_id:
        raise ValueError(
            "TEAMS_APP_ID is missing: without it nobody's token can be checked. "
            "Set it, or set TEAMS_LOCAL_EMULATOR=1 to try Folkmoot with an emulator on this machine only."
        )
    if settings.app_type not in ("SingleTenant", "UserAssignedMSI", "MultiTenant"):
        raise ValueError(f"TEAMS_APP_TYPE must be SingleTenant or UserAssignedMSI, not {settings.app_type!r}.")
    if settings.app_type != "UserAssignedMSI" and not settings.app_password:
        raise ValueError("TEAMS_APP_PASSWORD is missing: without it Folkmoot cannot write to Teams.")
    if not settings.tenants:
        raise ValueError(
            "TEAMS_TENANT_ID is missing: set it (or TEAMS_ALLOWED_TENANTS), so that only your own tenant is heard."
        )


def is_loopback(host: str) -> bool:
    """Whether this host name or address (without a port) is this machine; of names only localhost is."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


class ServiceHosts:
    """The allow-list of service URLs: the guard against being sent to call somebody else's machine."""

    def __init__(self, settings: TeamsSettings) -> None:
        named = tuple(host.strip().lower() for host in settings.service_hosts if host.strip())
        self._hosts = named or PUBLIC_SERVICE_HOSTS
        self._only_loopback = settings.local_emulator
        self._asked: dict[str, bool] = {}

    def allows(self, url: str) -> bool:
        """Whether this service URL may be believed and called.

        https only, except for a loopback host that is named. Upper-case hosts, credentials, a query or a
        fragment are nothing that Microsoft sends, and are refused.
        """
        if url not in self._asked:
            if len(self._asked) > 1_000:
                self._asked.clear()
            self._asked[url] = self._judged(url)
        return self._asked[url]

    def _judged(self, url: str) -> bool:
        try:
            parts = urlsplit(url)
            host, port = parts.hostname, parts.port
        except ValueError:
            return False
        if (
            not host
            or not url.startswith(("https://", "http://"))
            or parts.netloc != parts.netloc.lower()
            or "@" in parts.netloc
            or parts.query
            or parts.fragment
        ):
            return False
        if any(ord(letter) <= 32 or ord(letter) > 126 or letter == "\\" for letter in url):
            return False
        loopback = is_loopback(host)
        if self._only_loopback:
            return loopback and parts.scheme in ("http", "https")
        if parts.scheme != "https" and not (loopback and parts.scheme == "http"):
            return False
        return any(self._matches(pattern, host, port) for pattern in self._hosts)

    @staticmethod
    def _matches(pattern: str, host: str, port: int | None) -> bool:
        bare = host if ":" not in host else f"[{host}]"
        if pattern in (host, bare):
            return port in (None, 443) or is_loopback(host)
        return port is not None and pattern == f"{bare}:{port}"
