"""The server's own secret: what seals the register and encrypts tokens."""

import os
import secrets
from pathlib import Path

from bot.settings import Settings
from core.errors import Refused


def secret_keys(settings: Settings) -> tuple[str, ...]:
    """FOLKMOOT_SECRET_KEY's values; with SQLite and none set, one kept in a file beside the database.

    Raises Refused with PostgreSQL and no key: several servers must share one, so it cannot be made up here.
    """
    if settings.secret_keys:
        return settings.secret_keys
    database = settings.database_file
    if database is None:
        raise Refused(
            "FOLKMOOT_SECRET_KEY is missing. Make one with: "
            'python3 -c "import secrets; print(secrets.token_hex(32))" and set it on every server.'
        )
    return (_kept_beside(database),)


def _kept_beside(database: Path) -> str:
    path = database.with_suffix(".key")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        # Made with its permissions at once, so that nobody can read it in between.
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(32))
    except FileExistsError:
        pass
    return path.read_text().strip()
