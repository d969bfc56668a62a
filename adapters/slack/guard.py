"""What stands in front of Bolt: only a fresh, signed, well-formed request of sane size becomes a dictionary.

The signature is checked on the raw bytes before anything is parsed (docs.slack.dev, "Verifying requests from
Slack"). A refusal says nothing about its reason, and nothing of the body is ever logged.
"""

import asyncio
import hashlib
import hmac
import logging
from typing import Any, TypeAlias

import orjson
from aiohttp import web
from yarl import query_to_pairs

from core.requests import Clock

Json: TypeAlias = dict[str, Any]

LARGEST = 256 * 1024
PATIENCE = 2.0  # seconds for the whole body
WINDOW = 300  # seconds, as Slack recommends, on both sides
_FIELDS = 64  # a slash command has about 14

log = logging.getLogger(__name__)


class Turned(Exception):
    """A request that is turned away: the status, and a word for the log and the metrics."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


async def admit(request: web.Request, secret: bytes, clock: Clock) -> Json:
    """The body of a genuine request. Raises Turned: 400, 401, 408, 413 or 415."""
    if request.headers.get("Content-Encoding", "identity") != "identity":
        raise Turned(415, "content encoding")
    raw = await _read(request)
    _verify(request, raw, secret, clock)
    return parse(request.content_type, request.charset, raw)


async def _read(request: web.Request) -> bytes:
    if request.content_length is not None and request.content_length > LARGEST:
        raise Turned(413, "too large")
    chunks: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(PATIENCE):
            while chunk := await request.content.readany():
                size += len(chunk)
                if size > LARGEST:
                    raise Turned(413, "too large")
                chunks.append(chunk)
    except TimeoutError:
        raise Turned(408, "slow body") from None
    except web.RequestPayloadError:
        raise Turned(400, "broken body") from None
    return b"".join(chunks)


def _verify(request: web.Request, raw: bytes, secret: bytes, clock: Clock) -> None:
    stamps = request.headers.getall("X-Slack-Request-Timestamp", [])
    signatures = request.headers.getall("X-Slack-Signature", [])
    if len(stamps) != 1 or len(signatures) != 1:
        raise Turned(401, "unsigned")
    stamp, signature = stamps[0], signatures[0]
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= 12 and signature.isascii()):
        raise Turned(401, "odd signature headers")
    if abs(clock.now().timestamp() - int(stamp)) > WINDOW:
        raise Turned(401, "stale")
    mine = hmac.new(secret, b"v0:" + stamp.encode() + b":" + raw, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(f"v0={mine}", signature):
        raise Turned(401, "wrong signature")


def parse(content_type: str, charset: str | None, raw: bytes) -> Json:
    """A JSON body, a form's `payload`, or a form of plain fields, always as a dictionary. Raises Turned(400).

    yarl's unquoter and orjson do in C what urllib and json do in Python; the two are most of a click's cost.
    """
    if charset is not None and charset.lower() not in ("utf-8", "utf8"):
        raise Turned(400, "charset")
    if content_type == "application/json":
        return _object(raw)
    if content_type != "application/x-www-form-urlencoded":
        raise Turned(400, "content type")
    try:
        pairs = query_to_pairs(raw.decode("utf-8"), max_fields=_FIELDS)
    except ValueError:
        raise Turned(400, "form") from None
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise Turned(400, "doubled field")
    if any("\ufffd" in value for value in fields.values()) and b"%EF%BF%BD" not in raw.upper():
        raise Turned(400, "encoding")
    payload = fields.get("payload")
    return fields if payload is None else _object(payload)


def _object(written: bytes | str) -> Json:
    try:
        body = orjson.loads(written)  # refuses invalid UTF-8, lone surrogates and more than 1,024 levels
    except orjson.JSONDecodeError:
        raise Turned(400, "json") from None
    if not isinstance(body, dict):
        raise Turned(400, "json shape")
    return body
