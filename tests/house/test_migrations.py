"""What the migrations build is what the models say, on both databases."""

import asyncio
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Table
from sqlalchemy.ext.asyncio import create_async_engine

from core.tables import metadata


def differences(connection: Connection) -> list[Any]:
    """What a new migration would have to change."""
    context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
    return list(compare_metadata(context, metadata))


async def drift(url: str, *statements: str) -> list[Any]:
    """The differences of a database, after some statements on it."""
    engine = create_async_engine(url)
    try:
        async with engine.begin() as connection:
            for statement in statements:
                await connection.exec_driver_sql(statement)
            return await connection.run_sync(differences)
    finally:
        await engine.dispose()


async def test_the_migrations_build_what_the_models_say(migrated_url: str) -> None:
    assert metadata.tables
    assert await drift(migrated_url) == []


async def test_a_forgotten_migration_is_found(migrated_url: str) -> None:
    found = await drift(migrated_url, "CREATE TABLE nobody_knows (id INTEGER NOT NULL)")
    assert [(change[0], change[1].name) for change in found if isinstance(change[1], Table)] == [
        ("remove_table", "nobody_knows")
    ]


def test_upgrading_twice_changes_nothing(migrated_url: str) -> None:
    from bot.migrate import upgrade

    upgrade(migrated_url)
    assert asyncio.run(drift(migrated_url)) == []


def test_the_steps_are_known_by_their_names() -> None:
    from bot.migrate import config_for, head, known

    script = ScriptDirectory.from_config(config_for("sqlite://"))
    assert script.get_current_head() == head()
    assert {each.revision for each in script.walk_revisions()} == known()
