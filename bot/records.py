"""The database as the command line sees it: opened for one piece of work, or refused with a sentence."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from bot import migrate
from bot.secrets import secret_keys
from bot.settings import Settings
from core import tables  # a row can only be written when every table is known
from core.db import open_engine
from core.errors import Refused
from core.register.seal import Seal
from core.transactions import Transactions, Unavailable

T = TypeVar("T")
TABLES = tables.metadata
BACKENDS = ("sqlite+aiosqlite", "postgresql+psycopg")


def checked_url(settings: Settings) -> str:
    """DATABASE_URL, if it is one that Folkmoot can use. Raises Refused."""
    try:
        url = make_url(settings.database_url)
    except (ArgumentError, ValueError):
        url = None
    if url is None or url.drivername not in BACKENDS or not url.database:
        raise Refused(
            "DATABASE_URL is not one that Folkmoot can use; write sqlite+aiosqlite:///var/folkmoot.db "
            "or postgresql+psycopg://user:password@host/database."
        )
    return settings.database_url


def shown(settings: Settings) -> str:
    """The database's address without its password, for sentences."""
    return make_url(settings.database_url).render_as_string(hide_password=True)


def upgrade(settings: Settings) -> None:
    """Bring the database to this version's schema, making it first where it is not there. Raises Refused."""
    url = checked_url(settings)
    try:
        migrate.upgrade(url)
    except migrate.Unknown:
        raise _newer(settings) from None
    except (DBAPIError, OSError) as error:
        raise refusal_for(settings, error) from None


def run(settings: Settings, work: Callable[[AsyncSession], Awaitable[T]], *, writes: bool = False) -> T:
    """Do one piece of work in a transaction of its own. Raises Refused, also when the schema is not this version's."""
    checked_url(settings)
    if settings.database_file is not None and not settings.database_file.is_file():
        raise Refused(f"There is no database at {settings.database_file} yet; make one with: folkmoot import FILE")
    try:
        return asyncio.run(_run(settings, work, writes))
    except (DBAPIError, Unavailable, OSError) as error:
        raise refusal_for(settings, error) from None


async def _run(settings: Settings, work: Callable[[AsyncSession], Awaitable[T]], writes: bool) -> T:
    info = {"seal": Seal(secret_keys(settings))}
    transactions = Transactions(open_engine(settings.database_url), info=info)
    try:
        async with transactions.engine.connect() as connection:
            at = await migrate.present(connection)
        if at != migrate.head():
            raise _older(settings) if at is None or at in migrate.known() else _newer(settings)
        return await (transactions.write(work) if writes else transactions.read(work))
    finally:
        await transactions.close()


def refusal_for(settings: Settings, error: Exception) -> Refused:
    """What to tell an operator whose database did not answer, or not as one of ours does."""
    if isinstance(error, DBAPIError) and type(error.orig).__name__ not in ("OperationalError", "ConnectionTimeout"):
        return Refused(
            f"The database at {shown(settings)} did not take this ({type(error.orig).__name__}); nothing was changed."
        )
    return Refused(
        f"The database at {shown(settings)} cannot be reached or opened; check DATABASE_URL and that it is running."
    )


def _older(settings: Settings) -> Refused:
    return Refused(f"The database at {shown(settings)} has another schema than this version; run: folkmoot migrate")


def _newer(settings: Settings) -> Refused:
    return Refused(f"The database at {shown(settings)} is of a newer Folkmoot than this one; install that version.")
