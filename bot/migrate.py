"""Bringing a database to the present schema; the steps stand in migrations/."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy.engine import make_url

import migrations


def config_for(url: str) -> Config:
    """Alembic's configuration for this database."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.attributes["url"] = url
    return config


def upgrade(url: str, revision: str = "head") -> None:
    """Migrate the database at `url`, making SQLite's file and folder if they are not there yet."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database and parsed.database != ":memory:":
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    command.upgrade(config_for(url), revision)


def downgrade(url: str, revision: str) -> None:
    """Take the database back to an earlier schema."""
    command.downgrade(config_for(url), revision)


def head() -> str:
    """The newest revision that this version knows."""
    return ScriptDirectory.from_config(config_for("sqlite://")).get_current_head() or ""
