"""What core replies reaches the person in the place where they acted."""

import asyncio
import dataclasses
import json
from typing import Any, ClassVar

import pytest
from aiohttp import web

from core.cards import Button, Buttons, Card, Form, Input, Params, Prose
from core.requests import Ask, Replace, Whisper
from tests.adapters.slack.fakes import Rig
from tests.adapters.slack.limits import check_message, check_view
from tests.adapters.slack.test_requests import event


@dataclasses.dataclass(frozen=True)
class See(Params):
    command: ClassVar[str] = "agreements.see"
    agreement: int = 0


FORM = Form("Your reason", "agreements.cast", (Input("reason", "Why?", "text"),), {"agreement": 7})
LONG = Card("Long", (Prose("word " * 5000), Buttons((Button("Go", See(7)),))), "long")
HOME: dict[str, Any] = {"view": {"type": "home"}, "response_url": None, "channel": None, "container": {"type": "view"}}
MODAL: dict[str, Any] = {
    "view": {"type": "modal"},
    "response_url": None,
    "channel": None,
    "container": {"type": "view"},
}
EPHEMERAL: dict[str, Any] = {
    "container": {"type": "message", "message_ts": "16.1", "channel_id": "C1", "is_ephemeral": True}
}


def submission(fields: tuple[str, ...] = ("reason",), channel: str = "C1") -> dict[str, Any]:
    metadata = json.dumps({"c": "agreements.cast", "f": {}, "p": ["T1", channel, "", 0, ""]})
    blocks = [{"type": "input", "block_id": name} for name in fields]
    view = {
        "type": "modal",
        "callback_id": "form",
        "private_metadata": metadata,
        "state": {"values": {}},
        "blocks": blocks,
    }
    return {"type": "view_submission", "user": {"id": "U1", "team_id": "T1"}, "trigger_id": "9", "view": view}


async def test_a_whisper_to_a_button_goes_to_its_response_url(rig: Rig) -> None:
    await rig.interact(rig.action())
    (said,) = rig.slack.of("respond")
    assert said["response_type"] == "ephemeral" and said["replace_original"] is False
    check_message(said["blocks"], said["text"])


async def test_a_whisper_finds_another_way(rig: Rig) -> None:
    rig.slack.answers["respond"] = gone
    rig.slack.answers["chat.postEphemeral"] = {"ok": False, "error": "user_not_in_channel"}
    await rig.interact(rig.action())
    assert [called for called, _ in rig.slack.calls] == [
        "respond", "chat.postEphemeral", "conversations.open", "chat.postMessage",
    ]  # fmt: skip
    assert rig.slack.of("chat.postMessage")[0]["channel"] == "D9"


async def gone(_: web.Request) -> web.Response:
    return web.Response(status=404, text="expired_url")


async def test_what_is_too_long_for_a_message_opens_as_a_modal(rig: Rig) -> None:
    rig.desk.reply = Whisper(LONG)
    assert await rig.command() == (200, "")
    (opened,) = rig.slack.of("views.open")
    check_view(opened["view"])
    assert opened["trigger_id"] == "1.2.a" and len(json.dumps(opened["view"])) > 25_000


async def test_a_form_opens(rig: Rig) -> None:
    rig.desk.reply = Ask(FORM)
    assert await rig.command() == (200, "")
    await rig.interact(rig.action())
    await rig.interact(rig.action(**MODAL))
    assert [called for called, _ in rig.slack.calls] == ["views.open", "views.open", "views.push"]
    view = rig.slack.of("views.open")[0]["view"]
    check_view(view)
    assert json.loads(view["private_metadata"]) == {
        "c": "agreements.cast", "f": {"agreement": 7}, "p": ["T1", "C1", "", 0, "board"],
    }  # fmt: skip


@pytest.mark.parametrize("code", ["expired_trigger_id", "exchanged_trigger_id", "internal_error"])
async def test_a_form_that_came_too_late_says_so(rig: Rig, code: str) -> None:
    rig.desk.reply = Ask(FORM)
    rig.slack.answers["views.open"] = {"ok": False, "error": code}
    await rig.command()
    assert "once more" in rig.slack.of("respond")[0]["text"]


async def test_a_form_that_carries_too_much_says_so(rig: Rig) -> None:
    rig.desk.reply = Ask(dataclasses.replace(FORM, fixed={"x": "y" * 3000}))
    await rig.command()
    assert "more than Slack allows" in rig.slack.of("respond")[0]["text"]


async def test_a_form_in_answer_to_a_message_is_a_button_away(rig: Rig) -> None:
    rig.desk.reply = Ask(dataclasses.replace(FORM, inputs=(Input("reason", "Why?", value="It helps"),)))
    await rig.event(event("message", text="agree", channel="D1", channel_type="im"))
    (said,) = rig.slack.of("chat.postMessage")
    value = json.loads(said["blocks"][-1]["elements"][0]["value"])
    assert value == {"c": "agreements.cast", "a": {"agreement": 7, "reason": "It helps"}}


async def test_replacing_only_whispers_the_note(rig: Rig) -> None:
    rig.desk.reply = Replace(See(7), 1, "Recorded: Agree.")
    await rig.interact(rig.action())
    (said,) = rig.slack.of("respond")
    assert said["text"] == "Recorded: Agree." and said["replace_original"] is False
    assert (await rig.command())[1]["text"] == "Recorded: Agree."
    rig.desk.reply = Replace(See(7), 1)
    assert await rig.command() == (200, "") and len(rig.slack.calls) == 1


async def test_replacing_redraws_an_ephemeral_card(rig: Rig) -> None:
    rig.desk.reply = Replace(See(7), 1)
    await rig.interact(rig.action(**EPHEMERAL))
    (said,) = rig.slack.of("respond")
    assert said["replace_original"] is True and said["text"] == "drawn {'agreement': 7}"


async def test_the_home_is_published_and_refreshed(rig: Rig) -> None:
    await rig.event(event("app_home_opened", tab="home", channel="D1"))
    rig.desk.reply = Replace(See(7), 1, "Recorded.")
    await rig.interact(rig.action(**HOME))
    published = rig.slack.of("views.publish")
    assert [each["user_id"] for each in published] == ["U1", "U1"]
    for each in published:
        check_view(each["view"])
    assert "Recorded." in json.dumps(published[1]["view"])
    assert [request.line for request in rig.desk.heard] == ["home", "", "home"]


async def test_a_submission_with_problems_stays_open(rig: Rig) -> None:
    rig.desk.reply = Ask(dataclasses.replace(FORM, problems={"reason": "Please say why."}))
    assert await rig.interact(submission()) == (
        200, {"response_action": "errors", "errors": {"reason": "Please say why."}},
    )  # fmt: skip
    _status, said = await rig.interact(submission(fields=("other",)))
    assert said["response_action"] == "update" and "Please say why." in json.dumps(said["view"])
    check_view(said["view"])


async def test_a_submission_is_answered_in_its_channel_or_directly(rig: Rig) -> None:
    assert await rig.interact(submission()) == (200, {"response_action": "clear"})
    assert rig.slack.of("chat.postEphemeral")[0]["channel"] == "C1"
    await rig.interact(submission(channel=""))
    assert rig.slack.of("chat.postMessage")[0]["channel"] == "D9"
    rig.desk.reply = Whisper(LONG)
    _status, said = await rig.interact(submission())
    assert said["response_action"] == "update"
    check_view(said["view"])


async def test_a_closed_view_and_unknown_kinds_are_acknowledged(rig: Rig) -> None:
    view = {"type": "modal", "callback_id": "form"}
    assert await rig.interact({"type": "view_closed", "user": {"id": "U1"}, "view": view}) == (200, "")
    assert await rig.interact({"type": "block_suggestion", "action_id": "a"}) == (200, "")
    assert not rig.desk.heard


async def test_a_fault_of_ours_is_no_acknowledgement(rig: Rig) -> None:
    rig.desk.reply = RuntimeError("no database")
    assert (await rig.interact(rig.action()))[0] == 503
    assert "nothing was changed" in rig.slack.of("respond")[0]["text"]
    assert (await rig.event(event("app_mention", text="help")))[0] == 503


async def test_the_acknowledgement_waits_for_core_but_not_for_slack(rig: Rig) -> None:
    entered, finish = asyncio.Event(), asyncio.Event()

    async def slow(_: web.Request) -> web.Response:
        entered.set()
        await finish.wait()
        return web.Response(text="ok")

    rig.slack.answers["respond"] = slow
    assert (await rig.form(payload=json.dumps(rig.action())))[0] == 200
    await asyncio.wait_for(entered.wait(), 2)
    stopping = asyncio.create_task(rig.adapter.stop())
    await asyncio.sleep(0.05)
    assert not stopping.done()
    finish.set()
    await stopping
