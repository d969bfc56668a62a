"""How Alembic reaches the database: one connection, one transaction, the same on both."""

import asyncio

from alembic import context
from sqlalchemy import Connection, text
from sqlalchemy.pool import NullPool

from core.db import Moment, open_engine
from core.tables import metadata


def render_item(kind: str, item: object, _context: object) -> str | bool:
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


async def migrate(url: str) -> None:
    """Open the database, run the steps, close it."""
    engine = open_engine(url, poolclass=NullPool)
    async with engine.connect() as connected:
        connection = await connected.execution_options(writes=True)
        async with connection.begin():
            if connection.dialect.name == "postgresql":
                # Servers that start together take turns; the second finds nothing left to do.
                await connection.execute(text("SELECT pg_advisory_xact_lock(7001)"))
            await connection.run_sync(run)
    await engine.dispose()


url: str = context.config.attributes["url"]
asyncio.run(migrate(url))
