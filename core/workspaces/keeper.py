"""What the adapters ask of installations and tenants: answers from memory, at most half a minute old.

A vote needs no token and must not wait for a query about one, so what was found is kept. Whoever changes something
on this server forgets it here at once; the other servers notice within `KEPT` seconds, or when a tool refuses a token.
"""

import hashlib
import hmac
import logging
import secrets
import time
from collections.abc import Callable, Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from core.requests import Clock, Installation, News
from core.transactions import Transactions, Unavailable
from core.workspaces import installing, models, rooms, tenants
from core.workspaces.vault import Vault

log = logging.getLogger(__name__)

KEPT = 30.0  # seconds that something found is believed
MISSING_KEPT = 2.0  # seconds that something not found is believed, so that no flood of strangers becomes one of queries
KNOCKS_APART = 60.0  # seconds between two notes of the same tenant
STATE_LASTS = 600  # seconds from pressing "install" to coming back
_MOST = 10_000


class Keeper:
    """`Installations` and `Tenants` of core.requests, over the database."""

    def __init__(
        self, transactions: Transactions, clock: Clock, keys: Sequence[str], now: Callable[[], float] = time.monotonic
    ) -> None:
        """keys: FOLKMOOT_SECRET_KEY's values, newest first. now: seconds that nobody shifts."""
        self._transactions = transactions
        self._clock = clock
        self._now = now
        self._tokens = Vault(keys, "tokens")
        self._states = Vault(keys, "install states")
        self._found: dict[str, tuple[float, Installation | None]] = {}
        self._members: dict[str, str] = {}
        self._allowed: tuple[float, frozenset[str]] | None = None
        self._knocked: dict[str, float] = {}

    async def rotate(self) -> None:
        """Encrypt every token with the first key. Raises Unavailable."""
        changed, lost = await self._transactions.write(
            lambda session: installing.rotate(session, self._tokens, self._clock.now())
        )
        if changed:
            log.info("tokens encrypted with the first key", extra={"count": changed})
        for lane in lost:
            log.error("no key opens the token of a workspace; install Folkmoot there again", extra={"lane": lane})

    async def begin(self) -> tuple[str, str]:
        """A state, and the secret that the same browser keeps; the state holds no more than that secret's hash."""
        kept = secrets.token_urlsafe(32)
        said = f"{secrets.token_hex(16)}:{_hash(kept)}"
        return self._states.lock(said, self._clock.now()), kept

    async def redeem(self, state: str, kept: str) -> str:
        """Use a state up: empty when it is good, else `no cookie`, `state` or `used state`."""
        now = self._clock.now()
        if not kept:
            return "no cookie"
        said = self._states.open_fresh(state, STATE_LASTS, now) if len(state) <= 1_000 else None
        if said is None:
            return "state"
        nonce, _, bound = said.partition(":")
        if not hmac.compare_digest(bound, _hash(kept)):
            return "another browser's state"
        fresh = await self._transactions.write(lambda session: installing.spend(session, nonce, now))
        return "" if fresh else "used state"

    async def install(self, installation: Installation) -> None:
        """Keep it in place of an earlier one. Raises Unavailable."""

        async def work(session: AsyncSession) -> None:
            await installing.keep(session, "slack", installation, self._tokens, self._clock.now())

        await self._transactions.write(work)
        self._found.clear()

    async def find(self, workspace: str, refused: str = "") -> Installation | None:
        """The installation that serves this workspace. Raises Unavailable only if it was never known."""
        known = self._found.get(workspace)
        if refused and known is not None and known[1] is not None and known[1].token == refused:
            known = None
        if known is not None and self._now() < known[0]:
            return known[1]
        try:
            row = await self._transactions.read(lambda session: installing.find(session, "slack", workspace))
        except Unavailable:
            if known is None:
                raise
            return known[1]
        found = self._opened(row) if row is not None else None
        if len(self._found) >= _MOST:
            self._found.clear()
        self._found[workspace] = (self._now() + (KEPT if found and found.token else MISSING_KEPT), found)
        return found

    def _opened(self, row: models.Installation) -> Installation:
        """What the adapters may know of it; without a token if it has ended, or if none of our keys opens it."""
        token = self._tokens.open(row.token) if row.token else ""
        if token is None:
            log.error("no key opens the token of a workspace", extra={"workspace": row.workspace})
        return Installation(row.workspace, row.name, row.account, row.scopes, token or "", row.whole)

    async def belongs(self, workspace: str, organisation: str) -> None:
        """Written once for each workspace, as far as this server knows. Raises Unavailable."""
        if self._members.get(workspace) == organisation:
            return
        now = self._clock.now()
        await self._transactions.write(
            lambda session: installing.belongs(session, "slack", workspace, organisation, now)
        )
        if len(self._members) >= _MOST:
            self._members.clear()
        self._members[workspace] = organisation
        self._found.pop(workspace, None)

    async def heard(self, news: News) -> None:
        """Do what the news asks for. Raises Unavailable."""
        now = self._clock.now()

        async def work(session: AsyncSession) -> None:
            match news.what:
                case "renamed":
                    await rooms.rename(session, news)
                case "closed":
                    await rooms.close(session, news, now)
                case "team_closed":
                    await rooms.close_team(session, news, now)
                case "reopened" | "team_reopened":
                    await rooms.reopen(session, news, now)
                case "moved":
                    await rooms.move(session, news)
                case "uninstalled" | "revoked":
                    await installing.end(session, news.place.tool, news, now)

        await self._transactions.write(work)
        if news.what in ("uninstalled", "revoked"):
            self._found.clear()
            self._members.clear()
            log.warning("an installation ended", extra={"what": news.what, "workspace": news.place.workspace})

    async def allows(self, tenant: str) -> bool:
        """Whether a board has allowed this tenant. Raises Unavailable only if nothing was ever known."""
        known, now = self._allowed, self._now()
        if known is not None and now < known[0] + (KEPT if tenant in known[1] else MISSING_KEPT):
            return tenant in known[1]
        try:
            allowed = await self._transactions.read(tenants.everyone)
        except Unavailable:
            if known is None:
                raise
            return tenant in known[1]
        self._allowed = (now, allowed)
        return tenant in allowed

    async def knocked(self, tenant: str) -> None:
        """Remembered at most once a minute for each tenant. Raises Unavailable."""
        now = self._now()
        if now < self._knocked.get(tenant, -KNOCKS_APART) + KNOCKS_APART:
            return
        if len(self._knocked) >= _MOST:
            self._knocked.clear()
        self._knocked[tenant] = now
        await self._transactions.write(lambda session: tenants.note_knock(session, tenant, self._clock.now()))


def _hash(kept: str) -> str:
    return hashlib.sha256(kept.encode()).hexdigest()
