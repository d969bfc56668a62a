"""Reading a request's body with patience that ends: one JSON object, not too big and not too slow."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

import orjson
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

LARGEST: Final = 256 * 1024
PATIENCE: Final = 2.0  # seconds


class Unusable(Exception):
    """A body that can't be read, with the status and the sentence that say so."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence


async def read_object(request: web.Request) -> Mapping[str, Any]:
    """The JSON object of a request. Raises Unusable for anything else."""
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Unusable(415, "compressed bodies are not taken")
    if (request.content_length or 0) > LARGEST:
        raise Unusable(413, "the body is too large")
    try:
        async with asyncio.timeout(PATIENCE):
            raw = await _read(request)
    except TimeoutError:
        raise Unusable(408, "the body came too slowly") from None
    except (OSError, HttpProcessingError, web.RequestPayloadError):
        raise Unusable(400, "the body broke off") from None
    try:
        found = orjson.loads(raw)  # refuses invalid UTF-8, lone surrogates and deep nesting by itself
    except orjson.JSONDecodeError:
        raise Unusable(400, "the body is not JSON") from None
    if not isinstance(found, dict):
        raise Unusable(400, "the body is not a JSON object")
    return found


async def _read(request: web.Request) -> bytes:
    raw = bytearray()
    async for chunk in request.content.iter_any():
        raw += chunk
        if len(raw) > LARGEST:
            raise Unusable(413, "the body is too large")
    return bytes(raw)
