"""The main job from outside: a board never seen before decides, and the export tells the truth about it.

No product code is used: a file goes in by `folkmoot import`, signed requests go in by HTTP, Web API and
connector calls come out to vendors of our own, and `folkmoot export` is compared with what happened.
"""

import asyncio
import datetime
import json
import re
import time
from collections.abc import Callable
from typing import Any

from tests.outside.conftest import Outside
from tests.outside.wire import Json, card_action, nodes, now, slack_button, slack_option

OBJECTION = "The plan forgets the north of the borough."
SECOND = "We would wait for the budget first."
LONG = 3 * 24 * 3600.0


async def until(happened: Callable[[], Any], what: str, seconds: float = 10) -> Any:
    """Wait until something can be found; the test fails when it can't."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            if found := happened():
                return found
        except (LookupError, StopIteration):
            pass
        await asyncio.sleep(0.05)
    raise AssertionError(f"{what} did not happen within {seconds} s")


async def opens(outside: Outside, seconds: float) -> tuple[Json, str, Json]:
    """The coordinator types it in Slack; the card in the Slack room, and in Teams with its message's id."""
    board, vendors = outside.board, outside.vendors
    command = vendors.slack.command(
        board.slack["coordinator"], board.channel, "/board", board.line(seconds), vendors.response_url()
    )
    assert (await outside.to_slack(command))[0] == 200
    in_slack = await until(lambda: vendors.slack_card(board.channel, board.asks), "the card in Slack")
    message, card = await until(lambda: vendors.teams_card(board.conversation, board.asks), "the card in Teams")
    return in_slack, message, card


async def clicks(outside: Outside, who: str, message: Json, label: str) -> int:
    board, vendors = outside.board, outside.vendors
    button = slack_button(message["blocks"], label)
    signed = vendors.slack.click(board.slack[who], board.channel, message, button, vendors.response_url())
    return (await outside.to_slack(signed))[0]


async def objects_in_slack(outside: Outside, who: str, message: Json, reason: str) -> None:
    """Press Object, get the modal, write the reason, send it."""
    board, vendors = outside.board, outside.vendors
    before = len(vendors.views)
    assert await clicks(outside, who, message, "Object") == 200
    view = await until(lambda: vendors.views[before:], "the modal that asks for a reason")
    values = {block["block_id"]: typed(block["element"], reason) for block in inputs_of(view[0])}
    status, body = await outside.to_slack(vendors.slack.submission(board.slack[who], view[0], values))
    assert (status, json.loads(body)) == (200, {"response_action": "clear"})


def typed(element: Json, reason: str) -> Json:
    """The state of an input: what stands in it, and the reason where words are asked for."""
    kept = {"type": element["type"], "action_id": element["action_id"]}
    if element["type"] == "plain_text_input":
        return {**kept, "value": reason}
    return kept if element["type"] == "datetimepicker" else {**kept, "selected_option": element.get("initial_option")}


async def executes(outside: Outside, who: str, message: str, card: Json, title: str) -> Json:
    board, vendors = outside.board, outside.vendors
    action = card_action(card, title)
    signed = vendors.teams.execute(board.teams[who], board.conversation, message, action)
    status, body = await outside.to_teams(signed)
    assert status == 200, body
    answer: Json = json.loads(body)
    return answer


async def objects_in_teams(outside: Outside, who: str, message: str, card: Json, reason: str) -> None:
    """Press Object, get a form or a dialog, write the reason, send it: whatever the card offers."""
    board, vendors = outside.board, outside.vendors
    action = card_action(card, "Object")
    if action["type"] == "Action.Submit":
        value = {"data": action["data"], "context": {"theme": "default"}}
        asked = vendors.teams.invoke("task/fetch", board.teams[who], board.conversation, message, value)
        form = json.loads((await outside.to_teams(asked))[1])["task"]["value"]["card"]["content"]
    else:
        form = (await executes(outside, who, message, card, "Object"))["value"]
    inputs = {each["id"]: reason for each in nodes(form) if each.get("type") == "Input.Text"}
    inputs |= {each["id"]: each["value"] for each in nodes(form) if each.get("type") == "Input.ChoiceSet"}
    send = next(each for each in nodes(form) if str(each.get("type")) in ("Action.Submit", "Action.Execute"))
    if send["type"] == "Action.Submit":
        value = {"data": {**send["data"], **inputs}, "context": {"theme": "default"}}
        signed = vendors.teams.invoke("task/submit", board.teams[who], board.conversation, message, value)
    else:
        signed = vendors.teams.execute(board.teams[who], board.conversation, message, send, inputs)
    status, body = await outside.to_teams(signed)
    assert status == 200, body


async def brings_forward(outside: Outside, message: Json, seconds: int) -> None:
    """The coordinator moves the deadline to a few seconds from now, in the modal behind the card's menu."""
    board, vendors = outside.board, outside.vendors
    choice = slack_option(message["blocks"], "Move the deadline")
    before = len(vendors.views)
    pressed = vendors.slack.interaction(
        "block_actions",
        board.slack["coordinator"],
        container={"type": "message", "message_ts": message["ts"], "channel_id": board.channel},
        channel={"id": board.channel, "name": "board"},
        message=message,
        response_url=vendors.response_url(),
        actions=[choice],
    )
    assert (await outside.to_slack(pressed))[0] == 200
    (view,) = await until(lambda: vendors.views[before:], "the modal that asks for the new deadline")
    values = {block["block_id"]: typed(block["element"], "Everyone has answered.") for block in inputs_of(view)}
    for state in values.values():
        if state["type"] == "datetimepicker":
            state["selected_date_time"] = int(now()) + seconds
    status, body = await outside.to_slack(vendors.slack.submission(board.slack["coordinator"], view, values))
    assert (status, json.loads(body)) == (200, {"response_action": "clear"})


def inputs_of(view: Json) -> list[Json]:
    return [block for block in view["blocks"] if block["type"] == "input"]


async def test_a_board_never_seen_before_decides(outside: Outside, report: Callable[[str], None]) -> None:
    board, vendors = outside.board, outside.vendors
    async with outside.product.serving():
        in_slack, message, card = await opens(outside, LONG)

        assert await clicks(outside, "council", in_slack, "Consent") == 200
        await until(lambda: "1 of 3" in vendors.teams_says(board.conversation), "the council's answer in Teams", 3)
        answer = await executes(outside, "trust", message, card, "Consent")
        assert "2 of 3" in json.dumps(answer)
        await until(lambda: "2 of 3" in vendors.slack_says(board.channel), "the trust's answer in Slack", 3)
        # A deputy in the other tool objects; the representative's word stands.
        await objects_in_slack(outside, "trust deputy", in_slack, OBJECTION)
        # The college objects with its reason, is heard, and consents after all.
        await objects_in_teams(outside, "college", message, card, SECOND)
        await until(lambda: SECOND in vendors.slack_says(board.channel), "the college's reason in Slack", 4)
        during = await outside.product.export()
        await executes(outside, "college", message, card, "Consent")

        await brings_forward(outside, in_slack, 3)
        number = await until(lambda: numbers(vendors.slack_says(board.channel))[0], "the outcome in Slack", 20)
        await until(lambda: number in vendors.teams_says(board.conversation), "the outcome in Teams")
        # A stance that comes after the closing changes nothing and is told so.
        assert await clicks(outside, "council", in_slack, "Object") == 200
        assert "has closed" in json.dumps(await executes(outside, "trust", message, card, "Consent"))
    exported = await outside.product.export()
    check(exported, outside, number)
    ((open_then,), (closed,)) = during["agreements"], exported["agreements"]
    assert open_then["state"] == "open"
    assert not vendors.denied, vendors.denied
    for before, after in zip(open_then["stances"], closed["stances"], strict=False):
        assert {**before, "superseded": None} == {**after, "superseded": None}
    took = moment(closed["closed_at"]) - moment(closed["closes_at"])
    assert took >= datetime.timedelta(0), "it closed before its deadline"
    report(
        f"a board never seen before: {len(closed['stances'])} stances in two tools, {closed['outcome']['result']} "
        f"as {number}, closed {took.total_seconds():.1f} s after its deadline, {len(vendors.calls)} Web API calls"
    )


def moment(written: str) -> datetime.datetime:
    return datetime.datetime.fromisoformat(written)


def numbers(words: str) -> list[str]:
    """Register numbers in what was said, such as BPB-2026-001."""
    return re.findall(r"\b[A-Z0-9]{1,12}-20\d\d-\d{3}\b", words)


def check(exported: Json, outside: Outside, number: str) -> None:
    """The export says what happened, and nothing else."""
    board = outside.board
    council, trust, college = board.partners
    assert exported["partnership"]["name"] == board.title
    ((agreement,), (decision,)) = exported["agreements"], exported["register"]
    assert (agreement["title"], agreement["rule"], agreement["state"]) == (board.asks, "consent", "closed")
    assert (agreement["quorum"]["number"], agreement["quorum"]["needed"]) == (3, 3)
    assert sorted(elector_name(each) for each in agreement["electorate"]) == sorted(board.partners)
    said = [
        (each["organisation"], each["position"], each["reason"] or "", each["superseded"])
        for each in agreement["stances"]
    ]
    assert said == [
        (council, "consent", "", False),
        (trust, "consent", "", False),
        (trust, "object", OBJECTION, True),
        (college, "object", SECOND, True),
        (college, "consent", "", False),
    ]
    assert all(each["member"] and each["at"] for each in agreement["stances"])
    assert agreement["tally"]["consent"] == 3, agreement["tally"]
    assert not agreement["tally"].get("object")
    assert agreement["outcome"]["result"] == "passed"
    assert agreement["outcome"]["statement"]
    assert decision["number"] == number
    assert number in json.dumps(agreement)
    assert {each["name"]: each["state"] for each in exported["themes"]} == dict.fromkeys(board.themes, "agreed")


def elector_name(elector: Any) -> str:
    return str(elector if isinstance(elector, str) else elector.get("organisation") or elector["name"])
