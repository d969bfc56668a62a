"""The server's own secret: what seals the register and encrypts tokens."""

import contextlib
import os
import secrets
import tempfile
from pathlib import Path

from bot.settings import Settings
from core.errors import Refused


def secret_keys(settings: Settings) -> tuple[str, ...]:
    """FOLKMOOT_SECRET_KEY's values; with SQLite and none set, one kept in a file beside the database.

    Raises Refused with PostgreSQL and no key: several servers must share one, so it cannot be made up here.
    """
    database = settings.database_file
    if database is None:
        if settings.secret_keys:
            return settings.secret_keys
        raise Refused(
            "FOLKMOOT_SECRET_KEY is missing. Make one with: "
            'python3 -c "import secrets; print(secrets.token_hex(32))" and set it on every server.'
        )
    kept = database.with_suffix(".key")
    if not settings.secret_keys:
        return (_kept_in(kept),)
    # What the file's key sealed before the setting was made must stay verifiable.
    return (*settings.secret_keys, _kept_in(kept)) if kept.exists() else settings.secret_keys


def _kept_in(path: Path) -> str:
    """The key in this file, made at the first start. Raises Refused when the file is empty or unreadable."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        # Written whole before it gets its name, so that a second process never reads half a key.
        handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".key-")  # readable by its owner alone
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_hex(32))
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
        Path(draft).unlink()
    key = path.read_text().strip()
    if not key:
        raise Refused(
            f"The key file {path} is empty. Put its content back from your backup, or set FOLKMOOT_SECRET_KEY."
        )
    return key
