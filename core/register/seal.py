"""The seal of the register: an HMAC chain, so that an edited, missing or reordered entry shows."""

import datetime
import hashlib
import hmac
from collections.abc import Sequence

import orjson

from core.register.models import Entry

FIRST = "0" * 64


class Seal:
    """Seals entries with the first key and checks them with whichever of the keys sealed them."""

    def __init__(self, secrets: Sequence[str]) -> None:
        """secrets: FOLKMOOT_SECRET_KEY's values, newest first; at least one."""
        # The register's key is derived, so that no other use of the secret can forge a seal.
        keys = [hmac.digest(secret.encode(), b"folkmoot register", "sha256") for secret in secrets]
        self._keys = {hashlib.sha256(key).hexdigest()[:8]: key for key in keys}
        self.key_id = next(iter(self._keys))

    def of(self, entry: Entry) -> str:
        """The seal that this entry should bear, or an empty string when its key is not among ours."""
        key = self._keys.get(entry.key_id)
        return hmac.new(key, _content(entry), "sha256").hexdigest() if key else ""


def _content(entry: Entry) -> bytes:
    at = entry.at.astimezone(datetime.UTC).isoformat(timespec="microseconds")
    form = [] if entry.format == 1 else [entry.format]
    return orjson.dumps(
        [
            *form,
            entry.partnership_id,
            entry.position,
            entry.number,
            entry.kind,
            entry.title,
            entry.subject,
            entry.detail,
            entry.actor,
            at,
            entry.previous,
        ],
        option=orjson.OPT_SORT_KEYS,
    )
