"""Where everything is put together: engine, dispatch, courier, clock and adapters, by hand, once."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

import aiohttp
from aiohttp import web

from adapters.slack.app import SlackAdapter, SlackSettings
from adapters.teams.app import TeamsAdapter
from adapters.teams.settings import TeamsSettings
from bot.clock import ShiftingClock, SystemClock, Ticker
from bot.metrics import Metrics
from bot.secrets import secret_keys
from bot.settings import Settings
from core.catalog import offers
from core.courier import Courier
from core.db import open_engine
from core.dispatch import Dispatch
from core.drawing import Drawer
from core.errors import Refused
from core.meter import Meter
from core.register.seal import Seal
from core.requests import Messenger, Offer
from core.timekeeper import Timekeeper
from core.times import warm_up
from core.transactions import Transactions


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
    offers: tuple[Offer, ...]
    routes: Sequence[web.RouteDef]


def open_records(settings: Settings) -> Transactions:
    """Sessions over the database of these settings; the register's seal goes with each."""
    pool = {} if settings.database_file else {"pool_size": 10, "max_overflow": 10}
    engine = open_engine(settings.database_url, **pool)
    return Transactions(engine, info={"seal": Seal(secret_keys(settings))})


@contextlib.asynccontextmanager
async def running(settings: Settings, clock: SystemClock | ShiftingClock | None = None) -> AsyncIterator[House]:
    """Build the house, let it run, and at the end finish what was accepted before closing.

    The database is migrated already. Raises Refused for settings that would be unsafe or could not work.
    """
    clock = clock or SystemClock()
    transactions = open_records(settings)
    meter = Meter()
    drawer = Drawer(transactions, clock)
    desk = Dispatch(transactions, drawer, clock, meter)
    timekeeper = Timekeeper(transactions, clock)
    # The default of 100 connections in all would let one slow workspace starve the key server of the other tool.
    connector = aiohttp.TCPConnector(limit=500, limit_per_host=100)
    timeout = aiohttp.ClientTimeout(total=10)
    nothing_kept = aiohttp.DummyCookieJar()  # no vendor needs one, and a jar costs time with every call
    async with aiohttp.ClientSession(connector=connector, timeout=timeout, cookie_jar=nothing_kept) as session:
        adapters = _adapters(settings, desk, session, clock)
        messengers: dict[str, Messenger] = {tool: adapter.messenger for tool, adapter in adapters.items()}
        courier = Courier(transactions, drawer, messengers, clock, meter)
        transactions.committed = courier.wake
        ticker = Ticker(timekeeper, clock)
        metrics = Metrics(transactions, meter, clock)
        routes = [route for adapter in adapters.values() for route in adapter.routes()]
        carrying = asyncio.create_task(courier.run(), name="courier")
        warming = asyncio.create_task(asyncio.to_thread(warm_up), name="warming up")
        for adapter in adapters.values():
            await adapter.start()
        ticker.start()
        try:
            yield House(settings, clock, transactions, desk, courier, timekeeper, ticker, metrics, offers(), routes)
        finally:
            ticker.stop()
            for adapter in adapters.values():
                await adapter.stop()
            await courier.stop()
            await carrying
            await warming
            await transactions.close()


def _adapters(
    settings: Settings, desk: Dispatch, session: aiohttp.ClientSession, clock: SystemClock | ShiftingClock
) -> dict[str, SlackAdapter | TeamsAdapter]:
    adapters: dict[str, SlackAdapter | TeamsAdapter] = {}
    if settings.has_slack:
        slack = SlackSettings(
            signing_secret=settings.slack_signing_secret.get_secret_value(),
            bot_token=settings.slack_bot_token.get_secret_value(),
            app_token=settings.slack_app_token.get_secret_value(),
            api_url=settings.slack_api_url,
        )
        adapters["slack"] = SlackAdapter(desk, slack, offers(), session, clock)
    if settings.has_teams:
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
            adapters["teams"] = TeamsAdapter(desk, teams, offers(), session, clock)
        except ValueError as unsafe:
            raise Refused(str(unsafe)) from None
    return adapters
