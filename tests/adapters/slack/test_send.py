"""The courier is told truly whether a message stands, may stand, will stand later or never."""

import json
import logging
from typing import Any

import pytest
from aiohttp import web

from adapters.slack import web as slack_web
from core.errors import SendFailed
from core.requests import Address
from tests.adapters.slack.fakes import Rig, card
from tests.adapters.slack.limits import check_message

ROOM = Address("slack", "T1", "C1")
PERSON = Address("slack", "T1", user="U1")


PAUSED = ["invalid_auth", "token_revoked", "account_inactive"]
NEVER = [
    *("channel_not_found", "is_archived", "not_in_channel", "cant_update_message"),
    *("message_not_found", "msg_too_long", "invalid_blocks", "msg_blocks_too_long"),
]


async def fails(rig: Rig, *, update: bool = False, again: bool = False) -> SendFailed:
    with pytest.raises(SendFailed) as failed:
        if update:
            await rig.adapter.messenger.update(ROOM, "16.1", card("hello"))
        else:
            await rig.adapter.messenger.post(ROOM, card("hello"), stamp="out-1", again=again)
    assert "xoxb" not in failed.value.reason
    return failed.value


def status(code: int, text: str = "<html>", **headers: str) -> Any:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(
            status=code, text=text, headers={name.replace("_", "-"): said for name, said in headers.items()}
        )

    return answer


async def drop(request: web.Request) -> web.Response:
    assert request.transport is not None
    request.transport.close()
    return web.Response()


async def test_posting_and_updating(rig: Rig) -> None:
    posted = await rig.adapter.messenger.post(ROOM, card("a & b"), stamp="out-1", again=False)
    assert (posted.conversation, posted.message) == ("C1", "17.1")
    await rig.adapter.messenger.update(ROOM, posted.message, card("c"))
    (first,) = rig.slack.of("chat.postMessage")
    (second,) = rig.slack.of("chat.update")
    assert first["metadata"] == {"event_type": "folkmoot", "event_payload": {"stamp": "out-1"}}
    assert first["unfurl_links"] is False and first["text"] == "a &amp; b" and second["ts"] == "17.1"
    check_message(first["blocks"], first["text"])


async def test_a_person_is_written_to_directly_and_looked_up_once(rig: Rig) -> None:
    for stamp in ("1", "2"):
        assert (await rig.adapter.messenger.post(PERSON, card("x"), stamp=stamp, again=False)).conversation == "D9"
    assert len(rig.slack.of("conversations.open")) == 1


@pytest.mark.parametrize(
    ("answer", "posting", "updating", "retry_after"),
    [
        (status(429, Retry_After="7"), "later", "later", 7.0),
        (status(429), "later", "later", None),
        (status(429, Retry_After="soon"), "later", "later", None),
        (status(429, Retry_After="-3"), "later", "later", None),
        (status(429, Retry_After="nan"), "later", "later", None),
        (status(429, Retry_After="99999999"), "later", "later", 3600.0),
        (status(500), "unsure", "later", None),
        (status(503), "unsure", "later", None),
        (status(200), "unsure", "later", None),
        (status(200, "[]"), "unsure", "later", None),
        (status(200, "{}"), "unsure", "later", None),
        (drop, "unsure", "later", None),
        ({"ok": False, "error": "ratelimited"}, "later", "later", None),
        ({"ok": False, "error": "internal_error"}, "unsure", "later", None),
        ({"ok": False, "error": "something_new"}, "later", "later", None),
        ({"ok": False, "error": 7}, "later", "later", None),
        *[({"ok": False, "error": code}, "paused", "paused", None) for code in PAUSED],
        *[({"ok": False, "error": code}, "never", "never", None) for code in NEVER],
    ],
)
async def test_failures(rig: Rig, answer: Any, posting: str, updating: str, retry_after: float | None) -> None:
    rig.slack.answers = {"chat.postMessage": answer, "chat.update": answer}
    posted, updated = await fails(rig), await fails(rig, update=True)
    assert (posted.kind, updated.kind) == (posting, updating)
    assert posted.retry_after == updated.retry_after == retry_after


async def test_a_hang_is_given_up(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    import asyncio

    import aiohttp

    async def hang(_: web.Request) -> web.Response:
        await asyncio.sleep(1)
        return web.Response()

    monkeypatch.setattr(slack_web, "TIMEOUT", aiohttp.ClientTimeout(total=0.1))
    rig.slack.answers = {"chat.postMessage": hang, "chat.update": hang}
    assert ((await fails(rig)).kind, (await fails(rig, update=True)).kind) == ("unsure", "later")
    assert slack_web.TIMEOUT.total is not None


async def test_a_second_attempt_finds_the_first(rig: Rig) -> None:
    stamped = {"ts": "15.9", "metadata": {"event_type": "folkmoot", "event_payload": {"stamp": "out-1"}}}
    rig.slack.answers["conversations.history"] = {"messages": [7, {"ts": "1"}, {"metadata": []}, stamped]}
    posted = await rig.adapter.messenger.post(ROOM, card("x"), stamp="out-1", again=True)
    assert posted.message == "15.9" and not rig.slack.of("chat.postMessage")
    assert rig.slack.of("conversations.history")[0]["include_all_metadata"] == "true"


@pytest.mark.parametrize("answer", [{"messages": []}, {"ok": False, "error": "missing_scope"}])
async def test_a_second_attempt_posts_what_it_cannot_find(rig: Rig, answer: dict[str, Any]) -> None:
    rig.slack.answers["conversations.history"] = answer
    await rig.adapter.messenger.post(ROOM, card("x"), stamp="out-1", again=True)
    assert len(rig.slack.of("chat.postMessage")) == 1


@pytest.mark.parametrize("answer", [status(500), status(429, Retry_After="3")])
async def test_a_second_attempt_does_not_post_while_it_cannot_look(rig: Rig, answer: Any) -> None:
    rig.slack.answers["conversations.history"] = answer
    assert (await fails(rig, again=True)).kind == "unsure"
    assert not rig.slack.of("chat.postMessage")


async def test_no_token_in_logs_or_settings(rig: Rig, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    rig.slack.answers["chat.postMessage"] = {"ok": False, "error": "invalid_auth"}
    await fails(rig)
    said = json.dumps([record.getMessage() for record in caplog.records]) + repr(rig.adapter._settings)
    assert "xoxb" not in said and "8f742231" not in said
