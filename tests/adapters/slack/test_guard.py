"""Whatever is not a fresh, signed, well-formed request is turned away: 4xx, nothing done, nothing said."""

import asyncio
import gzip
import json
import logging
from typing import Any

import pytest

from adapters.slack.app import PATH
from tests.adapters.slack.fakes import NOW, Rig, running

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
STAMP = int(NOW.timestamp())


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Slack-Request-Timestamp": "abc"},
        {"X-Slack-Request-Timestamp": "1.5"},
        {"X-Slack-Request-Timestamp": "9" * 5000},
        {"X-Slack-Request-Timestamp": "-1"},
        {"X-Slack-Request-Timestamp": "١٢٣"},
        {"X-Slack-Request-Timestamp": str(STAMP - 301)},
        {"X-Slack-Request-Timestamp": str(STAMP + 301)},
        {"X-Slack-Signature": "v0=é"},
        {"X-Slack-Signature": ""},
        {"X-Slack-Signature": "v0=" + "0" * 64},
    ],
)
async def test_wrong_signatures(rig: Rig, headers: dict[str, str]) -> None:
    assert await rig.send(b"command=/board&user_id=U1", FORM, **headers) == (401, "")
    assert not rig.desk.heard


async def test_unsigned_requests_and_doubled_headers(rig: Rig) -> None:
    async with rig.client.post(PATH, data={"ssl_check": "1"}) as unsigned:
        assert unsigned.status == 401
    doubled = [("X-Slack-Signature", "v0=a"), ("X-Slack-Signature", "v0=b"), ("X-Slack-Request-Timestamp", str(STAMP))]
    async with rig.client.post(PATH, data=b"{}", headers=doubled) as response:
        assert response.status == 401


async def test_an_adapter_without_a_secret_lets_nobody_in() -> None:
    async with running(secret="") as rig:
        assert (await rig.send(b"command=/board&user_id=U1", FORM))[0] == 401


DEEP = "[" * 50_000 + "]" * 50_000


@pytest.mark.parametrize(
    ("raw", "content_type"),
    [
        (b"null", JSON),
        (b"[]", JSON),
        (b'"text"', JSON),
        (b"7", JSON),
        (b"", JSON),
        (b"{", JSON),
        (b'{"a":"\xff"}', JSON),
        (b'{"a":"\\ud800"}', JSON),
        (DEEP.encode(), JSON),
        (b'{"a":' + DEEP.encode() + b"}", JSON),
        (b"{}", JSON),
        (b"payload=", FORM),
        (b"payload=%5B%5D", FORM),
        (b"payload=null", FORM),
        (b"payload=%7B%7D", FORM),
        (b"payload=%7B%22a%22:%22%FF%22%7D", FORM),
        (b"payload=%7B%7D&payload=%7B%7D", FORM),
        (b"command=%2Fboard&text=\xff\xfe", FORM),
        (b"command=%2Fboard", FORM),
        (b"command=board&user_id=U1", FORM),
        (b"&".join(b"a%d=1" % at for at in range(100)), FORM),
        (b"command=%2Fboard&user_id=U1", FORM + "; charset=bogus"),
        (b"command=%2Fboard&user_id=U1", "text/plain"),
        (b"command=%2Fboard&user_id=U1", ""),
    ],
)
async def test_wrong_bodies(rig: Rig, raw: bytes, content_type: str) -> None:
    status, said = await rig.send(raw, content_type)
    assert (status, said) == (400, "")
    assert not rig.desk.heard


@pytest.mark.parametrize(
    "changes",
    [
        {"actions": []},
        {"actions": None},
        {"actions": {}},
        {"actions": [None]},
        {"actions": [{"action_id": ["a"]}]},
        {"user": None},
        {"user": {}},
        {"user": {"id": None}},
        {"user": 7},
        {"team": []},
        {"channel": 3},
        {"enterprise": 5},
        {"authorizations": 5},
        {"authorizations": [5]},
        {"response_urls": [1]},
        {"message": []},
        {"view": "x"},
        {"container": []},
        {"type": "view_submission", "view": {}},
        {"type": "view_submission", "view": {"callback_id": 7}},
        {"type": "view_closed"},
        {"type": "shortcut", "callback_id": None},
        {"type": "message_action", "callback_id": []},
        {"type": "event_callback", "event": None},
        {"type": "event_callback", "event": {"type": []}},
        {"type": None},
    ],
)
async def test_wrong_shapes(rig: Rig, changes: dict[str, Any]) -> None:
    assert await rig.interact(rig.action(**changes)) == (400, "")
    assert not rig.desk.heard and not rig.slack.calls


async def test_nested_too_deep_for_bolt_is_malformed(rig: Rig) -> None:
    body: dict[str, Any] = {}
    for _ in range(900):
        body = {"message": body}
    assert (await rig.interact({"type": "event_callback", "event": {"type": "x", **body}}))[0] in (200, 400)


async def test_large_and_packed_bodies(rig: Rig) -> None:
    assert (await rig.send(b"a" * (2 * 1024 * 1024), FORM))[0] == 413
    bomb = gzip.compress(b"a" * 10_000_000)
    stamped = {"X-Slack-Signature": "v0=a", "X-Slack-Request-Timestamp": str(STAMP), "Content-Encoding": "gzip"}
    async with rig.client.post(PATH, data=bomb, headers=stamped) as response:
        assert response.status in (400, 415)

    async def endless() -> Any:
        for _ in range(40):
            yield b"a" * 16_384

    async with rig.client.post(PATH, data=endless(), headers={"Content-Type": FORM}) as response:
        assert response.status == 413


async def test_a_slow_body_is_given_up(rig: Rig) -> None:
    async def slow() -> Any:
        yield b"a"
        await asyncio.sleep(4)
        yield b"b"

    began = asyncio.get_running_loop().time()
    try:
        async with rig.client.post(PATH, data=slow(), headers={"Content-Type": FORM}) as response:
            assert response.status == 408
    except ConnectionError:
        pass  # the server may close before the client has finished writing
    assert asyncio.get_running_loop().time() - began < 3.5


async def test_the_url_is_verified_only_when_signed(rig: Rig) -> None:
    asked = json.dumps({"type": "url_verification", "challenge": "3eZ"}).encode()
    assert await rig.send(asked, JSON) == (200, {"challenge": "3eZ"})
    assert (await rig.send(asked, JSON, **{"X-Slack-Signature": "v0=a"}))[0] == 401
    assert (await rig.form(ssl_check="1", token="x"))[0] == 200


async def test_no_secret_and_no_body_is_ever_logged(rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    await rig.send(b"command=%2Fboard&text=marker-in-body", FORM, **{"X-Slack-Signature": "v0=marker-signature"})
    await rig.interact(rig.action('{"c":"marker-in-body"}', user=None))
    await rig.interact({"type": "block_suggestion", "action_id": "a", "marker-in-body": 1})
    rig.desk.reply = RuntimeError("the database is away")
    assert (await rig.command(text="marker-in-body"))[0] == 503
    written = "\n".join(record.getMessage() + str(record.__dict__) for record in caplog.records)
    assert "marker" not in written and "xoxb" not in written
