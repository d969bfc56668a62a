"""Bringing a database to the present schema; the steps stand in migrations/."""

import asyncio
import functools
import re
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.pool import NullPool

import migrations
from core.db import open_engine

if TYPE_CHECKING:
    from alembic.config import Config

# Alembic is imported when there is something to do: a start that finds nothing to do is a third quicker without.


def config_for(url: str) -> "Config":
    """Alembic's configuration for this database."""
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.attributes["url"] = url
    return config


class Unknown(Exception):
    """The database is of a schema that this version has never heard of."""


def upgrade(url: str, revision: str = "head") -> None:
    """Migrate the database at `url`, making SQLite's file and folder if they are not there yet. Raises Unknown."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    if revision == "head" and asyncio.run(_present(url)) == head():
        return
    from alembic import command  # noqa: PLC0415
    from alembic.util.exc import CommandError  # noqa: PLC0415

    try:
        command.upgrade(config_for(url), revision)
    except CommandError as error:
        raise Unknown(str(error)) from None


def downgrade(url: str, revision: str) -> None:
    """Take the database back to an earlier schema."""
    from alembic import command  # noqa: PLC0415

    command.downgrade(config_for(url), revision)


def known() -> set[str]:
    """All revisions of this version: the numbers with which the names of its steps begin."""
    return {step.name.partition("_")[0] for step in _steps()}


def _steps() -> list[Path]:
    return list((Path(migrations.__file__).parent / "versions").glob("0*.py"))


@functools.cache
def head() -> str:
    """The newest of them, which no other follows."""
    followed = set[str]()
    for step in _steps():
        followed |= set(re.findall(r'^down_revision = "(\w+)"', step.read_text("utf-8"), re.MULTILINE))
    (newest,) = known() - followed
    return newest


async def present(connection: AsyncConnection) -> str | None:
    """Which schema the database has; None for one that was never migrated."""
    if not await connection.run_sync(lambda sync: inspect(sync).has_table("alembic_version")):
        return None
    found = await connection.execute(text("SELECT version_num FROM alembic_version"))
    return found.scalar_one_or_none()


async def _present(url: str) -> str | None:
    engine = open_engine(url, poolclass=NullPool)
    try:
        async with engine.connect() as connection:
            return await present(connection)
    finally:
        await engine.dispose()
