"""Which token speaks in which workspace: the installation's, or the one that the operator has set for a single one."""

import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from core.requests import Installation, Installations

ASK_AGAIN = 30.0  # seconds until a workspace is asked for anew when Slack could not be asked

log = logging.getLogger(__name__)


class NoToken(Exception):
    """There is no token for this workspace; the code says why, in the manner of Slack's own."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Tokens:
    """Finds the token of a workspace.

    Without `installations` the operator's token serves whatever workspace Slack names; with them, it serves its own
    alone, which is asked of Slack once (`ask`: auth.test with this token).
    """

    def __init__(
        self, own: str, installations: Installations | None, ask: Callable[[str], Awaitable[Mapping[str, Any]]]
    ) -> None:
        self._own = own
        self._installations = installations
        self._ask = ask
        self._told: Mapping[str, Any] = {}
        self._asked = -ASK_AGAIN

    async def of(self, workspace: str, refused: str = "") -> str:
        """The token; `refused` is one that Slack would not take, so that another one is looked for. Raises NoToken."""
        if self._installations is None:
            return self._own
        found = await self._installation(workspace, refused)
        if found is not None and found.token:
            return found.token
        if self._own and (await self._about_own()).get("team_id") == workspace:
            return self._own
        raise NoToken("not_installed" if found is None else "app_uninstalled")

    async def account(self, workspace: str) -> str:
        """Our own user id in that workspace; empty while nobody can tell."""
        try:
            found = await self._installation(workspace, "") if self._installations is not None else None
        except NoToken:
            return ""
        if found is not None and found.account:
            return found.account
        told = (await self._about_own()).get("user_id") if self._own else ""
        return told if isinstance(told, str) else ""

    async def _installation(self, workspace: str, refused: str) -> Installation | None:
        if self._installations is None:
            return None
        try:
            return await self._installations.find(workspace, refused)
        except Exception:
            log.warning("no token, because the records are away", extra={"workspace": workspace})
            raise NoToken("records_away") from None

    async def _about_own(self) -> Mapping[str, Any]:
        """What Slack says of the operator's token, asked once."""
        if not self._told and time.monotonic() - self._asked >= ASK_AGAIN:
            self._asked = time.monotonic()
            self._told = await self._ask(self._own)
        return self._told
