"""The users' side of the local Slack: buttons, menus, forms and the home behave as in the client."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from bot.sandbox.slack import PleaseComplete
from bot.sandbox.slack.people import TROUBLE
from tests.sandbox.test_slack_target import OWEN, PRIYA, ROOM, TEAM, Json, Rig, rig


def plain(text: str) -> Json:
    return {"type": "plain_text", "text": text}


def option(label: str, value: str) -> Json:
    return {"text": plain(label), "value": value}


CARD: list[Json] = [
    {"type": "section", "text": {"type": "mrkdwn", "text": "*Five themes* &amp; <https://e.org|paper>"}},
    {
        "type": "actions",
        "block_id": "stances",
        "elements": [
            {"type": "button", "action_id": "consent", "text": plain("Consent"), "value": "7:consent"},
            {"type": "button", "action_id": "object", "text": plain("Object"), "style": "danger"},
            {
                "type": "overflow",
                "action_id": "more",
                "options": [option("Withdraw", "w"), option("Close", "c")],
            },
            {"type": "static_select", "action_id": "rule", "options": [option("Consent rule", "consent")]},
        ],
    },
]
FORM: Json = {
    "type": "modal",
    "callback_id": "object",
    "private_metadata": "7",
    "title": plain("Object"),
    "submit": plain("Send"),
    "notify_on_close": True,
    "blocks": [
        {
            "type": "input",
            "block_id": "reason",
            "label": plain("Your reason"),
            "element": {"type": "plain_text_input", "action_id": "text", "max_length": 20},
        },
        {
            "type": "input",
            "block_id": "themes",
            "optional": True,
            "label": plain("Themes"),
            "element": {
                "type": "checkboxes",
                "action_id": "boxes",
                "options": [option("Smart cities", "4"), option("Arts and culture", "5")],
            },
        },
        {
            "type": "input",
            "block_id": "until",
            "label": plain("Until"),
            "element": {"type": "datepicker", "action_id": "date", "initial_date": "2026-12-04"},
        },
        {
            "type": "actions",
            "elements": [{"type": "button", "action_id": "help", "text": plain("Help")}],
        },
    ],
}


@pytest.fixture(name="at")
async def fixture_at() -> AsyncIterator[Rig]:
    async with rig() as found:
        yield found


async def card(at: Rig) -> str:
    return str((await at.client.chat_postMessage(channel=ROOM, text="Five themes", blocks=CARD))["ts"])


async def form(at: Rig) -> None:
    await at.slack.shortcut(TEAM, PRIYA, "propose")
    await at.client.views_open(trigger_id=at.received[-1]["trigger_id"], view=FORM)


def responds(at: Rig, answer: Json | None) -> None:
    async def answers(_: Json) -> web.Response:
        return web.Response() if answer is None else web.json_response(answer)

    at.answer = answers


async def test_a_click_carries_message_button_and_response_url(at: Rig) -> None:
    ts = await card(at)
    done = await at.slack.click(TEAM, PRIYA, ROOM, ts, "Consent")
    assert done.ok
    came = at.received[0]
    assert came["type"] == "block_actions"
    assert came["user"] == {"id": PRIYA, "username": "priya.shah", "name": "priya.shah", "team_id": TEAM}
    assert came["team"] == {"id": TEAM, "domain": "barnet-council"}
    assert came["channel"] == {"id": ROOM, "name": "partnership-board"}
    assert came["container"] == {
        "type": "message",
        "message_ts": ts,
        "channel_id": ROOM,
        "is_ephemeral": False,
    }
    assert came["message"]["blocks"][1]["block_id"] == "stances"
    (action,) = came["actions"]
    assert (action["action_id"], action["block_id"], action["value"]) == ("consent", "stances", "7:consent")
    assert "trigger_id" in came
    await at.slack.click(TEAM, PRIYA, ROOM, "", "object")  # by action_id, in the newest message that has it
    assert at.received[1]["actions"][0]["action_id"] == "object"
    with pytest.raises(LookupError, match="sees no button 'Block'"):
        await at.slack.click(TEAM, PRIYA, ROOM, ts, "Block")
    with pytest.raises(LookupError, match="no user"):
        await at.slack.click(TEAM, "U0NONE", ROOM, ts, "Consent")


async def test_an_ephemeral_button_is_there_for_one_person_and_its_message_is_not_sent(at: Rig) -> None:
    await at.client.chat_postEphemeral(channel=ROOM, user=PRIYA, text="x", blocks=CARD)
    ts = at.slack.messages(TEAM, ROOM, PRIYA)[0].ts
    with pytest.raises(LookupError):
        await at.slack.click(TEAM, OWEN, ROOM, ts, "Consent")
    await at.slack.click(TEAM, PRIYA, ROOM, ts, "Consent")
    assert "message" not in at.received[0]
    assert at.received[0]["container"]["is_ephemeral"] is True
    async with at.session.post(
        at.received[0]["response_url"], json={"replace_original": True, "text": "Done"}
    ) as answer:
        assert answer.status == 200
    assert [m.text for m in at.slack.messages(TEAM, ROOM, PRIYA)] == ["Done"]
    assert at.slack.messages(TEAM, ROOM, OWEN) == []


async def test_a_failed_click_is_shown(at: Rig) -> None:
    ts = await card(at)

    async def fails(_: Json) -> web.Response:
        return web.Response(status=404)

    at.answer = fails
    assert (await at.slack.click(TEAM, PRIYA, ROOM, ts, "Consent")).error == "dispatch_failed"
    assert at.slack.errors[0].user == PRIYA


async def test_menus(at: Rig) -> None:
    ts = await card(at)
    await at.slack.select(TEAM, PRIYA, ROOM, ts, "Withdraw")
    await at.slack.select(TEAM, PRIYA, ROOM, ts, "Consent rule")
    overflow, select = at.received
    assert overflow["actions"][0]["selected_option"]["value"] == "w"
    assert overflow["actions"][0]["type"] == "overflow"
    chosen = select["state"]["values"]["stances"]["rule"]["selected_option"]
    assert (chosen["value"], select["actions"][0]["selected_option"]["value"]) == ("consent", "consent")
    with pytest.raises(LookupError):
        await at.slack.select(TEAM, PRIYA, ROOM, ts, "Veto")


async def test_a_form_is_filled_by_label_or_block_id(at: Rig) -> None:
    await form(at)
    modal = at.slack.modal(TEAM, PRIYA)
    assert modal is not None
    with pytest.raises(PleaseComplete, match="Your reason"):
        await at.slack.submit(TEAM, PRIYA)
    with pytest.raises(PleaseComplete, match="20 characters"):
        await at.slack.submit(TEAM, PRIYA, {"reason": "x" * 21})
    with pytest.raises(LookupError, match="no field 'Colour'"):
        await at.slack.submit(TEAM, PRIYA, {"Colour": "red"})
    with pytest.raises(LookupError, match="offers no 'Sport'"):
        await at.slack.submit(TEAM, PRIYA, {"themes": ["Sport"]})
    await at.slack.submit(TEAM, PRIYA, {"Your reason": "Unclear", "themes": ["Smart cities", "5"]})
    view = at.received[-1]["view"]
    values = view["state"]["values"]
    assert (view["callback_id"], view["private_metadata"]) == ("object", "7")
    assert values["reason"]["text"] == {"type": "plain_text_input", "value": "Unclear"}
    assert [each["value"] for each in values["themes"]["boxes"]["selected_options"]] == ["4", "5"]
    assert values["until"]["date"]["selected_date"] == "2026-12-04"
    assert at.slack.modal(TEAM, PRIYA) is None


async def test_errors_keep_the_form_open_and_other_answers_do_what_they_say(at: Rig) -> None:
    await form(at)
    responds(at, {"response_action": "errors", "errors": {"reason": "Say a little more."}})
    await at.slack.submit(TEAM, PRIYA, {"reason": "No"})
    modal = at.slack.modal(TEAM, PRIYA)
    assert modal is not None
    assert modal.errors == {"reason": "Say a little more."}
    assert "Say a little more." in at.slack.text_of(modal)
    responds(at, {"response_action": "push", "view": {**FORM, "title": plain("Second")}})
    await at.slack.submit(TEAM, PRIYA, {})  # what was typed is still there
    assert len(at.slack.world.user(TEAM, PRIYA).modals) == 2
    responds(at, {"response_action": "update", "view": {**FORM, "title": plain("Third")}})
    await at.slack.submit(TEAM, PRIYA, {"reason": "Still no"})
    top = at.slack.modal(TEAM, PRIYA)
    assert top is not None
    assert top.view["title"]["text"] == "Third"
    responds(at, {"response_action": "clear"})
    await at.slack.submit(TEAM, PRIYA, {})
    assert at.slack.modal(TEAM, PRIYA) is None
    assert at.slack.errors == []


@pytest.mark.parametrize(
    "answer",
    [
        {"response_action": "errors", "errors": {"nowhere": "x"}},
        {"response_action": "errors", "errors": {}},
        {"response_action": "update", "view": {**FORM, "title": plain("x" * 25)}},
        {"response_action": "explode"},
    ],
)
async def test_a_wrong_answer_to_a_form_is_trouble_and_the_form_stays(at: Rig, answer: Json) -> None:
    await form(at)
    responds(at, answer)
    await at.slack.submit(TEAM, PRIYA, {"reason": "No"})
    assert at.slack.errors[0].text.startswith(TROUBLE)
    assert at.slack.modal(TEAM, PRIYA) is not None


async def test_closing_tells_the_app_if_it_asked(at: Rig) -> None:
    await form(at)
    await at.slack.click(TEAM, PRIYA, "", "", "Help", view="modal")
    assert at.received[-1]["container"]["type"] == "view"
    assert "response_url" not in at.received[-1]
    await at.slack.close(TEAM, PRIYA)
    assert (at.received[-1]["type"], at.received[-1]["is_cleared"]) == ("view_closed", False)
    with pytest.raises(LookupError, match="no modal open"):
        await at.slack.close(TEAM, PRIYA)


async def test_the_home_and_what_a_person_sees(at: Rig) -> None:
    revision = at.slack.revision
    change = asyncio.create_task(at.slack.wait_for_change(revision))
    await asyncio.sleep(0)
    await at.client.views_publish(user_id=PRIYA, view={"type": "home", "blocks": CARD})
    assert await asyncio.wait_for(change, 1) > revision
    home = at.slack.home(TEAM, PRIYA)
    assert home is not None
    assert "Five themes & paper" in at.slack.text_of(home)
    await at.slack.click(TEAM, PRIYA, "", "", "Consent", view="home")
    assert at.received[-1]["view"]["type"] == "home"
    await card(at)
    await at.slack.message(TEAM, OWEN, ROOM, "Morning")
    seen = at.slack.snapshot(TEAM, PRIYA)
    assert [(c["name"], c["kind"]) for c in seen["channels"]] == [
        ("partnership-board", "channel"),
        ("Folkmoot", "im"),
    ]
    assert [(m["author"], m["bot"]) for m in seen["messages"][ROOM]] == [
        ("Folkmoot", True),
        ("Owen Hughes", False),
    ]
    assert seen["home"]["type"] == "home"
    assert (seen["modal"], seen["notice"]) == (None, None)
    assert at.slack.snapshot(TEAM, OWEN)["home"] is None


async def test_the_pages_routes_do_the_same_deeds(at: Rig) -> None:
    async def do(deed: str, **asked: object) -> Json:
        body = {"team": TEAM, "user": PRIYA, "channel": ROOM, **asked}
        async with at.session.post(f"{at.slack.base_url}/sandbox/slack/do/{deed}", json=body) as answer:
            found: Json = await answer.json()
            return found

    ts = await card(at)
    assert await do("command", text="/board agree Five themes") == {"ok": True}
    assert (at.received[-1]["command"], at.received[-1]["text"]) == ("/board", "agree Five themes")
    assert await do("click", ts=ts, block_id="stances", action_id="consent") == {"ok": True}
    assert await do("select", ts=ts, block_id="stances", action_id="more", value="c") == {"ok": True}
    assert at.received[-1]["actions"][0]["selected_option"]["value"] == "c"
    assert await do("message", text="hello") == {"ok": True}
    assert await do("home") == {"ok": True}
    await form(at)
    assert await do("submit", values={}) == {
        "ok": False,
        "error": "Please complete this required field: Your reason.",
    }
    assert await do("submit", values={"reason": "Unclear"}) == {"ok": True}
    assert (await do("close"))["ok"] is False
    assert (await do("click", ts=ts, action_id="nowhere"))["ok"] is False
    assert (await do("click", ts=3, action_id=[]))["ok"] is False
    assert (await do("dance"))["ok"] is False


async def test_a_thousand_clicks_at_once_are_fine(at: Rig) -> None:
    ts = await card(at)
    start = time.monotonic()
    done = await asyncio.gather(*(at.slack.click(TEAM, PRIYA, ROOM, ts, "Consent") for _ in range(1000)))
    assert all(each.ok for each in done)
    assert len({came["trigger_id"] for came in at.received}) == 1000
    assert time.monotonic() - start < 20  # a hung queue, not a slow machine
