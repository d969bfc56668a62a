"""Where everything is put together: engine, dispatch, courier, clock and adapters, by hand, once."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import aiohttp
from aiohttp import web

from bot import calendars
from bot.clock import ShiftingClock, SystemClock, Ticker
from bot.doorkeeper import Doorkeeper
from bot.files import FileDesk, SignedLinks
from bot.metrics import Metrics
from bot.process import is_gone, new_name
from bot.secrets import secret_keys
from bot.settings import Settings
from core.calendar import bank_holidays
from core.catalog import offers
from core.courier import Courier
from core.db import open_engine
from core.dispatch import Dispatch
from core.drawing import Drawer
from core.errors import Refused
from core.meter import Meter
from core.register.seal import Seal
from core.requests import Clock, Messenger, Offer
from core.throttle import Throttle
from core.timekeeper import Timekeeper
from core.transactions import Transactions, Unavailable
from core.workspaces.keeper import Keeper
from core.workspaces.vault import Vault

if TYPE_CHECKING:
    from adapters.slack.app import SlackAdapter
    from adapters.teams.app import TeamsAdapter

log = logging.getLogger(__name__)

WARM_AFTER_SECONDS = 0.5  # the first requests need not wait behind imports that they have no use for


@dataclass(frozen=True, slots=True)
class House:
    """The running product. `routes` are the adapters'; everything else is reached through the desk."""

    settings: Settings
    clock: SystemClock | ShiftingClock
    transactions: Transactions
    desk: Dispatch
    courier: Courier
    timekeeper: Timekeeper
    ticker: Ticker
    metrics: Metrics
    doorkeeper: Doorkeeper
    offers: tuple[Offer, ...]
    routes: Sequence[web.RouteDef]
    warming: asyncio.Task[None]  # imports what a first request would have to wait for


def links_for(settings: Settings) -> SignedLinks:
    """Links to files at this server's address, under its secret keys."""
    return SignedLinks(Vault(secret_keys(settings), "files"), settings.address)


def open_records(settings: Settings) -> Transactions:
    """Sessions over the database of these settings; the register's seal and links to files go with each."""
    pool = {} if settings.database_file else {"pool_size": 10, "max_overflow": 10}
    engine = open_engine(settings.database_url, **pool)
    info = {"seal": Seal(secret_keys(settings)), "links": links_for(settings), "public_url": settings.address}
    return Transactions(engine, info=info)


@contextlib.asynccontextmanager
async def running(settings: Settings, clock: SystemClock | ShiftingClock | None = None) -> AsyncIterator[House]:
    """Build the house, let it run, and at the end finish what was accepted before closing.

    The database is migrated already. Raises Refused for settings that would be unsafe or could not work.
    """
    clock = clock or SystemClock()
    transactions = open_records(settings)
    meter = Meter()
    drawer = Drawer(transactions, clock)
    throttle = Throttle(settings.requests_per_person, settings.requests_per_workspace)
    desk = Dispatch(transactions, drawer, clock, meter, throttle)
    keeper = Keeper(transactions, clock, secret_keys(settings))
    timekeeper = Timekeeper(transactions, clock)
    # The default of 100 connections in all would let one slow workspace starve the key server of the other tool.
    connector = aiohttp.TCPConnector(limit=500, limit_per_host=100)
    timeout = aiohttp.ClientTimeout(total=10)
    nothing_kept = aiohttp.DummyCookieJar()  # no vendor needs one, and a jar costs time with every call
    async with aiohttp.ClientSession(connector=connector, timeout=timeout, cookie_jar=nothing_kept) as session:
        adapters = _adapters(settings, desk, session, clock, keeper)
        messengers: dict[str, Messenger] = {tool: adapter.messenger for tool, adapter in adapters.items()}
        courier = Courier(transactions, drawer, messengers, clock, meter, name=new_name(), is_gone=is_gone)
        transactions.committed = courier.wake
        ticker = Ticker(timekeeper, clock)
        metrics, doorkeeper = Metrics(transactions, meter, clock), Doorkeeper(meter)
        routes = [route for adapter in adapters.values() for route in adapter.routes()]
        routes += calendars.routes(transactions, clock)
        routes += FileDesk(links_for(settings), transactions, clock).routes()
        carrying = asyncio.create_task(courier.run(), name="courier")
        warming = asyncio.create_task(_warm(adapters), name="warming up")
        rotating = asyncio.create_task(_rotate(keeper), name="rotating keys")
        for adapter in adapters.values():
            await adapter.start()
        ticker.start()
        try:
            yield House(
                settings=settings,
                clock=clock,
                transactions=transactions,
                desk=desk,
                courier=courier,
                timekeeper=timekeeper,
                ticker=ticker,
                metrics=metrics,
                doorkeeper=doorkeeper,
                offers=offers(),
                routes=routes,
                warming=warming,
            )
        finally:
            ticker.stop()
            for adapter in adapters.values():
                await adapter.stop()
            await courier.stop()
            await carrying
            warming.cancel()
            await asyncio.gather(warming, return_exceptions=True)
            await rotating
            await transactions.close()


async def _warm(adapters: "Mapping[str, SlackAdapter | TeamsAdapter]") -> None:
    await asyncio.sleep(WARM_AFTER_SECONDS)
    await asyncio.to_thread(bank_holidays)
    for adapter in adapters.values():
        await asyncio.to_thread(adapter.warm_up)


async def _rotate(keeper: Keeper) -> None:
    """Tokens that an older key locked are locked with the newest; while the database is away, at the next start."""
    try:
        await keeper.rotate()
    except Unavailable:
        log.warning("tokens were not encrypted anew, because the database is away")
    except Exception:
        log.exception("tokens were not encrypted anew")


def _adapters(
    settings: Settings,
    desk: Dispatch,
    session: aiohttp.ClientSession,
    clock: SystemClock | ShiftingClock,
    keeper: Keeper,
) -> "dict[str, SlackAdapter | TeamsAdapter]":
    """Those that are set up; a tool that nobody uses is not even imported."""
    adapters: dict[str, Any] = {}
    if settings.has_slack:
        adapters["slack"] = _slack(settings, desk, session, clock, keeper)
    if settings.has_teams:
        adapters["teams"] = _teams(settings, desk, session, clock, keeper)
    return adapters


def _slack(
    settings: Settings, desk: Dispatch, session: aiohttp.ClientSession, clock: Clock, keeper: Keeper
) -> "SlackAdapter":
    from adapters.slack.app import SlackAdapter, SlackSettings

    slack = SlackSettings(
        signing_secret=settings.slack_signing_secret.get_secret_value(),
        bot_token=settings.slack_bot_token.get_secret_value(),
        app_token=settings.slack_app_token.get_secret_value(),
        api_url=settings.slack_api_url,
        client_id=settings.slack_client_id,
        client_secret=settings.slack_client_secret.get_secret_value(),
        public_url=settings.public_url,
    )
    return SlackAdapter(desk, slack, offers(), session, clock, keeper)


def _teams(
    settings: Settings, desk: Dispatch, session: aiohttp.ClientSession, clock: Clock, keeper: Keeper
) -> "TeamsAdapter":
    from adapters.teams.app import TeamsAdapter
    from adapters.teams.settings import TeamsSettings

    if settings.teams_local_emulator and not settings.is_loopback:
        raise Refused("TEAMS_LOCAL_EMULATOR takes unsigned traffic, so HOST must be 127.0.0.1 with it.")
    teams = TeamsSettings(
        app_id=settings.teams_app_id,
        app_password=settings.teams_app_password.get_secret_value(),
        app_type=settings.teams_app_type,
        tenant_id=settings.teams_tenant_id,
        allowed_tenants=settings.allowed_tenants,
        openid_metadata=settings.teams_openid_metadata,
        login_url=settings.teams_login_url,
        service_hosts=settings.service_hosts,
        local_emulator=settings.teams_local_emulator,
    )
    try:
        return TeamsAdapter(desk, teams, offers(), session, clock, keeper)
    except ValueError as unsafe:
        raise Refused(str(unsafe)) from None
