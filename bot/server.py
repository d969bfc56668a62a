"""The HTTP server: the adapters' routes, health, and a plain status page."""

import asyncio
import contextlib
import fcntl
import gc
import logging
import secrets
import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from pathlib import Path

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from bot import logs, migrate
from bot.settings import Settings
from bot.wiring import House, running
from core.errors import Refused
from core.meter import CAUSE
from core.transactions import Unavailable

log = logging.getLogger(__name__)

LARGEST_BODY = 256 * 1024
TICK_TOO_OLD = 60  # seconds; twelve ticks missed
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def serve(settings: Settings) -> None:
    """Migrate, then serve until SIGTERM or SIGINT. Raises Refused when it cannot start."""
    gc.disable()  # what a start builds lives as long as the server; until it is warm there is no garbage worth a walk
    logs.configure(settings.log_level)
    with only_server(settings.database_file):
        migrate.upgrade(settings.database_url)
        asyncio.run(_serve(settings))


async def _serve(settings: Settings) -> None:
    async with running(settings) as house, listening(settings, [*house.routes, web.get("/", _status)], house):
        house.warming.add_done_callback(lambda _: spare_the_collector())
        await until_told_to_stop()


def spare_the_collector() -> None:
    """Take what was built at the start out of the garbage collector's rounds.

    There are some 300,000 objects that live as long as the server; walking them again and again took a quarter
    of a click's time. A round after 10,000 new objects instead of 700 costs a few MB at most.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)
    gc.enable()


async def until_told_to_stop() -> None:
    """Wait for SIGTERM or SIGINT."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for each in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(each, stop.set)
    await stop.wait()


@contextlib.contextmanager
def only_server(database: Path | None) -> Iterator[None]:
    """Hold the SQLite file's lock while serving: two servers on one file would send everything twice.

    Raises Refused when another server holds it. PostgreSQL needs no such lock.
    """
    if database is None:
        yield
        return
    database.parent.mkdir(parents=True, exist_ok=True)
    with Path(f"{database}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise Refused(
                f"Another Folkmoot already serves {database}. Stop it first, or use PostgreSQL for several servers."
            ) from None
        yield


@contextlib.asynccontextmanager
async def listening(settings: Settings, routes: Sequence[web.RouteDef], house: House) -> AsyncIterator[str]:
    """Listen on HOST and PORT with these routes and the health routes; gives the address in use."""
    app = web.Application(client_max_size=LARGEST_BODY, middlewares=[_told_apart])
    app[HOUSE] = house
    app.add_routes(routes)
    app.add_routes([web.get("/healthz", _healthy), web.get("/readyz", _ready), web.get("/metrics", _metrics)])
    # A refused body that never ends is not waited for; what was accepted gets its answer at the end.
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=2, lingering_time=2)
    await runner.setup()
    site = web.TCPSite(runner, settings.host, settings.port)
    try:
        await site.start()
    except OSError as error:
        await runner.cleanup()
        raise Refused(
            f"Port {settings.port} on {settings.host} cannot be used ({error.strerror}). Set PORT to another one."
        ) from None
    address = f"http://{settings.host}:{settings.port}"
    log.info("listening", extra={"address": address})
    try:
        yield address
    finally:
        await runner.cleanup()


HOUSE = web.AppKey("house", House)


@web.middleware
async def _told_apart(request: web.Request, handler: Handler) -> web.StreamResponse:
    """One id for all that a request causes, and no stack trace to anyone whatever happens."""
    cause = secrets.token_hex(6)
    CAUSE.set(cause)
    started = time.perf_counter()
    house = request.app[HOUSE]
    try:
        response = house.doorkeeper.before(request) or await handler(request)
        return house.doorkeeper.after(request, response)
    except web.HTTPException:
        raise
    except Exception:
        log.exception("a request failed", extra={"path": _named(request)})
        return web.json_response({"error": "Something went wrong on our side."}, status=500)
    finally:
        house.metrics.answered(request, time.perf_counter() - started)


def _named(request: web.Request) -> str:
    """The path as it was declared, because the last part of some is a key."""
    resource = request.match_info.route.resource
    return resource.canonical if resource is not None else request.path


async def _healthy(_request: web.Request) -> web.Response:
    """Alive; never asks the database, lest a database fault restarts every server."""
    return web.json_response({"ok": True})


async def _ready(request: web.Request) -> web.Response:
    """Ready for traffic: the database answers, its schema is ours, and the clock ticks."""
    house = request.app[HOUSE]
    problems = []
    try:
        revision = await asyncio.wait_for(house.transactions.read(_revision), 2)
        if revision != migrate.head():
            problems.append("the database has another schema; run folkmoot migrate")
    except (Unavailable, TimeoutError):
        problems.append("the database does not answer")
    ticked = house.timekeeper.ticked_at
    if ticked is None or (house.clock.now() - ticked).total_seconds() > TICK_TOO_OLD:
        problems.append("the clock does not tick")
    return web.json_response({"ok": not problems, "problems": problems}, status=503 if problems else 200)


async def _metrics(request: web.Request) -> web.Response:
    page = await request.app[HOUSE].metrics.page()
    return web.Response(body=page, headers={"Content-Type": CONTENT_TYPE_LATEST})


async def _revision(session: AsyncSession) -> str:
    return (await session.execute(text("SELECT version_num FROM alembic_version"))).scalar_one_or_none() or ""


async def _status(request: web.Request) -> web.Response:
    settings = request.app[HOUSE].settings
    rows = "".join(
        f"<li>{name}: {'connected' if on else 'not connected; see folkmoot doctor'}</li>"
        for name, on in (("Slack", settings.has_slack), ("Microsoft Teams", settings.has_teams))
    )
    page = (
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Folkmoot</title>'
        f"<h1>Folkmoot is running</h1><ul>{rows}</ul></html>"
    )
    return web.Response(text=page, content_type="text/html")
