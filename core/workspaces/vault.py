"""Secrets that have to lie in the database, or to leave the house and come back: encrypted under rotating keys."""

import base64
import datetime
from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


class Vault:
    """Encrypts with the first key and opens with any. Each purpose has keys of its own, so none stands for another."""

    def __init__(self, secrets: Sequence[str], purpose: str) -> None:
        """secrets: FOLKMOOT_SECRET_KEY's values, newest first; at least one."""
        keys = [_derived(secret, purpose) for secret in secrets]
        self._all = MultiFernet(keys)
        self._first = keys[0]

    def lock(self, secret: str, now: datetime.datetime) -> str:
        """The secret, encrypted with the first key and dated."""
        return self._all.encrypt_at_time(secret.encode(), int(now.timestamp())).decode()

    def open(self, locked: str) -> str | None:
        """The secret; None when none of our keys has locked it, or it was altered."""
        try:
            return self._all.decrypt(locked.encode()).decode()
        except (InvalidToken, UnicodeError):
            return None

    def open_fresh(self, locked: str, seconds: int, now: datetime.datetime) -> str | None:
        """The secret if it was locked at most so many seconds ago; None otherwise."""
        try:
            return self._all.decrypt_at_time(locked.encode(), seconds, int(now.timestamp())).decode()
        except (InvalidToken, UnicodeError):
            return None

    def is_current(self, locked: str) -> bool:
        """Whether it is the first key that has locked it."""
        try:
            self._first.decrypt(locked.encode())
        except (InvalidToken, UnicodeError):
            return False
        return True


def _derived(secret: str, purpose: str) -> Fernet:
    """A Fernet key of 32 bytes from a secret of any form and length."""
    derive = HKDF(SHA256(), 32, salt=None, info=f"folkmoot {purpose}".encode())
    return Fernet(base64.urlsafe_b64encode(derive.derive(secret.encode())))
