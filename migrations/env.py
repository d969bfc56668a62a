"""How Alembic reaches the database: one connection, one transaction, the same on both."""

import asyncio
from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.pool import NullPool

from core.db import Moment, open_engine
from core.tables import metadata


def render_item(kind: str, item: object, _context: AutogenContext) -> str | Literal[False]:
    """A step must not depend on today's code, so our own column type is written as what it is in the database."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, Moment) else False


def run(connection: Connection) -> None:
    """Run the steps on this connection."""
    context.configure(
        connection=connection,
        target_metadata=metadata,
        # SQLite cannot alter a constraint, so its tables are made anew in a batch.
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
        render_item=render_item,
        transaction_per_migration=False,
    )
    with context.begin_transaction():
        context.run_migrations()
    if connection.dialect.name == "sqlite" and connection.exec_driver_sql("PRAGMA foreign_key_check").first():
        raise RuntimeError("a step has left rows that refer to nothing; it was taken back")


async def _let_tables_be_remade(connection: AsyncConnection) -> None:
    """While a table that others refer to is made anew, SQLite must not look at these references.

    It can only be told so outside a transaction; see https://www.sqlite.org/lang_altertable.html#otheralter, and `run`.
    """
    driver = (await connection.get_raw_connection()).driver_connection
    if driver is not None:
        await driver.execute("PRAGMA foreign_keys=OFF")


async def migrate(url: str) -> None:
    """Open the database, run the steps, close it."""
    engine = open_engine(url, poolclass=NullPool)
    async with engine.connect() as connected:
        connection = await connected.execution_options(writes=True)
        if connection.dialect.name == "sqlite":
            await _let_tables_be_remade(connection)
        async with connection.begin():
            if connection.dialect.name == "postgresql":
                # Servers that start together take turns; the second finds nothing left to do.
                await connection.execute(text("SELECT pg_advisory_xact_lock(7001)"))
            await connection.run_sync(run)
    await engine.dispose()


url: str = context.config.attributes["url"]
asyncio.run(migrate(url))
