"""Trust in both directions: the vendor's signed tokens, and the bot's tokens for the connector.

Source: Microsoft's page "Authentication with the Bot Connector API": RS256 tokens of issuer
https://api.botframework.com, keys with endorsements behind an OpenID document; client credentials at the
login service with the scope https://api.botframework.com/.default.
"""

import base64
import datetime
import secrets
from collections.abc import Mapping
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.sandbox.teams.store import stamp
from core.requests import Clock

ISSUER = "https://api.botframework.com"
SCOPE = "https://api.botframework.com/.default"
LIFETIME = datetime.timedelta(hours=1)
REUSED_FOR = datetime.timedelta(minutes=5)


class Keyring:
    """The vendor's signing key, published as a key set, and the tokens made with it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._cache: dict[tuple[str, str], tuple[datetime.datetime, str]] = {}
        self.published: list[dict[str, Any]] = []
        self.rotate()

    def rotate(self, *, keep_old: bool = False) -> None:
        """Sign with a new key from now on; the old one is no longer published unless `keep_old`."""
        self._key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.kid = secrets.token_urlsafe(20)
        numbers = self._key.public_key().public_numbers()
        entry = {
            "kty": "RSA",
            "use": "sig",
            "kid": self.kid,
            "x5t": self.kid,
            "n": _number(numbers.n),
            "e": _number(numbers.e),
            "endorsements": ["msteams"],
        }
        self.published = [entry, *(self.published if keep_old else ())]
        self._cache.clear()

    def token(self, audience: str, service_url: str, **other: Any) -> str:
        """A signed token, the same for some minutes. `other` claims override, None leaves one out."""
        now = self._clock.now()
        cached = self._cache.get((audience, service_url))
        if cached and not other and abs(now - cached[0]) < REUSED_FOR:
            return cached[1]
        claims: dict[str, Any] = {
            "serviceurl": service_url,
            "nbf": int(now.timestamp()),
            "exp": int((now + LIFETIME).timestamp()),
            "iss": ISSUER,
            "aud": audience,
        }
        claims = {name: value for name, value in {**claims, **other}.items() if value is not None}
        token = jwt.encode(claims, self._key, algorithm="RS256", headers={"kid": self.kid, "x5t": self.kid})
        if not other:
            self._cache[audience, service_url] = (now, token)
        return token


class Logins:
    """The login service: it changes the bot's id and password into an opaque token that runs out."""

    def __init__(self, clock: Clock, app_id: str, password: str) -> None:
        self._clock = clock
        self._app_id = app_id
        self._password = password
        self._issued: dict[str, datetime.datetime] = {}
        self.lifetime = LIFETIME
        self.asked = 0

    def issue(self, known_tenant: bool, form: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
        """Answer a token request: status and body, refusals with the codes that the real service uses."""
        self.asked += 1
        if not known_tenant:
            return self._refused(400, "invalid_request", 90002, "Tenant not found.")
        if form.get("grant_type") != "client_credentials":
            return self._refused(400, "unsupported_grant_type", 70003, "The grant type is not supported.")
        if form.get("client_id") != self._app_id:
            return self._refused(400, "unauthorized_client", 700016, "The application was not found in the directory.")
        if form.get("client_secret") != self._password:
            return self._refused(401, "invalid_client", 7000215, "Invalid client secret provided.")
        if form.get("scope") != SCOPE:
            return self._refused(400, "invalid_scope", 70011, "The provided value for scope is not valid.")
        token = secrets.token_urlsafe(48)
        self._issued[token] = self._clock.now() + self.lifetime
        seconds = int(self.lifetime.total_seconds()) - 1
        return 200, {
            "token_type": "Bearer",
            "expires_in": seconds,
            "ext_expires_in": seconds,
            "access_token": token,
        }

    def holds(self, authorization: str) -> bool:
        """Whether an Authorization header carries a token of ours that has not run out."""
        scheme, _, token = authorization.partition(" ")
        until = self._issued.get(token.strip())
        return scheme.lower() == "bearer" and until is not None and self._clock.now() < until

    def expire(self) -> None:
        """Let every token that was issued run out now."""
        self._issued.clear()

    def _refused(self, status: int, error: str, code: int, what: str) -> tuple[int, dict[str, Any]]:
        return status, {
            "error": error,
            "error_description": f"AADSTS{code}: {what}",
            "error_codes": [code],
            "timestamp": stamp(self._clock.now()),
        }


def _number(value: int) -> str:
    raw = value.to_bytes((value.bit_length() + 7) // 8, "big")
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
