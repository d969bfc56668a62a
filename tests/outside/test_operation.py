"""What an operator sees and does from outside: metrics, one id from request to send, and SIGTERM in mid request."""

import asyncio
import contextlib
import json
import sqlite3
from collections.abc import Callable, Iterator
from typing import Any

import psycopg

from tests.databases import SQLITE_FIRST
from tests.outside.conftest import Outside
from tests.outside.test_nothing_but_http import clicks, executes, opens, until
from tests.outside.wire import Signed

LONG = 3 * 24 * 3600.0


async def metrics(outside: Outside) -> dict[str, float]:
    """What /metrics says, by name and labels."""
    async with outside.session.get(f"{outside.product.base}/metrics") as answer:
        assert answer.status == 200
        lines = (await answer.text()).splitlines()
    rows = [line.rpartition(" ") for line in lines if not line.startswith("#")]
    return {name: float(value) for name, _, value in rows}


def logged(outside: Outside) -> list[dict[str, Any]]:
    """The server's log so far."""
    return [json.loads(line) for line in outside.product.log.read_text("utf-8").splitlines()]


@SQLITE_FIRST
async def test_metrics_and_one_id_from_request_to_send(outside: Outside, report: Callable[[str], None]) -> None:
    async with outside.product.serving():
        in_slack, message, card = await opens(outside, LONG)
        assert await clicks(outside, "council", in_slack, "Consent") == 200
        await executes(outside, "trust", message, card, "Consent")
        forged = outside.vendors.slack.click("U0X", "C0X", in_slack, {}, "")
        headers = {**forged.headers, "X-Slack-Signature": "v0=" + "0" * 64}
        assert (await outside.to_slack(Signed(forged.body, headers)))[0] == 401
        assert (await outside.to_teams(Signed(b"{}", {})))[0] in (401, 403)
        await until(lambda: "2 of 3" in outside.vendors.slack_says(outside.board.channel), "both votes in Slack", 30)

        seen: dict[str, float] = {}
        for _ in range(100):  # what is sent is counted when the platform's answer has come
            seen = await metrics(outside)
            if seen.get('folkmoot_outbox_messages{state="sent"}') == 2:
                break
            await asyncio.sleep(0.1)
    assert seen["folkmoot_database_up"] == 1
    assert seen["folkmoot_oldest_due_seconds"] == 0
    assert seen['folkmoot_outbox_messages{state="sent"}'] == 2
    assert 'folkmoot_outbox_messages{state="waiting"}' in seen  # the week's digest may lie ahead
    for tool in ("slack", "teams"):
        assert seen[f'folkmoot_sends_total{{doing="post",outcome="sent",tool="{tool}"}}'] == 1
        assert seen[f'folkmoot_sends_total{{doing="edit",outcome="sent",tool="{tool}"}}'] >= 1
        assert seen[f'folkmoot_ack_seconds_count{{tool="{tool}"}}'] >= 2
    assert seen['folkmoot_refused_total{reason="wrong signature",tool="slack"}'] == 1
    assert sum(value for name, value in seen.items() if name.startswith("folkmoot_refused_total")) == 2
    assert seen['folkmoot_commands_total{outcome="done"}'] >= 3

    lines = logged(outside)
    (asked,) = [each for each in lines if each["event"] == "done" and each.get("command") == "agreements.propose"]
    sent = [each for each in lines if each["event"] == "sent" and each.get("request") == asked["request"]]
    assert {each["tool"] for each in sent} == {"slack", "teams"}
    others = {each["request"] for each in lines if each["event"] == "done" and each is not asked}
    assert asked["request"] not in others
    secrets_of = (outside.vendors.bot_token, outside.vendors.password, outside.vendors.slack.secret)
    written = outside.product.log.read_text("utf-8")
    assert not [each for each in secrets_of if each in written]
    report(f"one id ({asked['request']}) from the request to {len(sent)} sends; {len(seen)} metrics")


@contextlib.contextmanager
def votes_held_up(url: str) -> Iterator[None]:
    """While this lasts, whoever votes waits for the agreement's row, or on SQLite for the whole file."""
    if url.startswith("sqlite"):
        with contextlib.closing(sqlite3.connect(url.partition(":///")[2], isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
            other.execute("ROLLBACK")
        return
    with psycopg.connect(url.replace("+psycopg", "")) as connection:
        connection.execute("SELECT id FROM agreements FOR UPDATE")
        yield
        connection.rollback()


@SQLITE_FIRST
async def test_sigterm_in_mid_request_finishes_what_was_accepted(
    outside: Outside, report: Callable[[str], None]
) -> None:
    product, vendors = outside.product, outside.vendors
    async with product.serving() as process:
        in_slack, message, card = await opens(outside, LONG)
        await executes(outside, "college", message, card, "Consent")  # the keys of Teams are known from now on
        with votes_held_up(product.environment["DATABASE_URL"]):
            clicked = asyncio.create_task(clicks(outside, "council", in_slack, "Consent"))
            executed = asyncio.create_task(executes(outside, "trust", message, card, "Consent"))
            await asyncio.sleep(0.7)
            assert not clicked.done()
            process.terminate()
            await asyncio.sleep(0.2)
        assert await clicked == 200
        assert "3 of 3" in str(await executed) or "2 of 3" in str(await executed)
        assert await asyncio.wait_for(process.wait(), 20) == 0
    assert len((await product.export())["agreements"][0]["stances"]) == 3
    assert len(vendors.whispers) == 1  # the receipt went out before the end, too
    report("SIGTERM while two votes waited for the database: both acknowledged and kept, the receipt sent, exit 0")
