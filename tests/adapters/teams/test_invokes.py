"""Invokes: buttons, dialogs and message extensions, each answered in the shape that Teams waits for."""

from typing import Any

import pytest

from core.cards import Button, Buttons, Card, Form, Input, Option, Text
from core.requests import Ask, Replace, Whisper
from tests.adapters.teams.limits import actions, check_card, shown
from tests.adapters.teams.world import PERSON, Cast, Show, World

CARD = "application/vnd.microsoft.card.adaptive"
TOAST = "application/vnd.microsoft.activity.message"
OURS = {"folkmoot": {"c": "agreements.cast", "a": {"agreement": "a1", "position": "consent"}}}
FORM = Form(
    "Object",
    "agreements.cast",
    (
        Input("reason", "Why?", "text"),
        Input("themes", "Themes", "choices", options=(Option("A, B", "a,b"), Option("C", "c%2C"))),
        Input("closes", "Closes", "moment", value="2026-12-04T17:00+01:00"),
        Input("weight", "Weight", "number", required=False),
        Input("hidden", "Hidden", "toggle"),
        Input("folkmoot", "An awkward name", required=False),
    ),
    {"agreement": "a1"},
    submit="Object",
)
FILLED = {
    "reason": "Too\u202e dear\x00",
    "themes": "a%2Cb,c%252C",
    "closes__date": "2026-12-05",
    "closes__time": "09:30",
    "weight": 3,
    "hidden": "yes",
    "folkmoot__": "kept apart",
}
READ = {
    "agreement": "a1",
    "reason": "Too dear",
    "themes": ["a,b", "c%2C"],
    "closes": "2026-12-05T09:30",
    "weight": "3",
    "hidden": "yes",
    "folkmoot": "kept apart",
}


def execute(data: Any) -> dict[str, Any]:
    return {
        "action": {"type": "Action.Execute", "verb": "agreements.cast", "data": data},
        "trigger": "manual",
    }


async def test_a_click_brings_the_new_card_and_the_note(world: World) -> None:
    world.desk.reply = Replace(Show("a1"), 1, "Your consent is noted.")
    body = await world.invoke("adaptiveCard/action", execute(OURS))
    assert (body["statusCode"], body["type"]) == (200, CARD)
    check_card(body["value"])
    assert shown(body["value"]) == "Five themes\n[Consent]\nYour consent is noted."
    request = world.desk.asked[0]
    assert (request.command, request.source) == ("agreements.cast", "button")
    assert request.args == {"agreement": "a1", "position": "consent"}
    assert request.place.message == "card-1"
    assert world.microsoft.calls == []


async def test_what_buttons_carry_is_what_comes_back(world: World) -> None:
    body = await world.invoke("adaptiveCard/action", execute(OURS))
    world.desk.reply = Replace(Show("a1"), 1)
    body = await world.invoke("adaptiveCard/action", execute(OURS))
    (press,) = actions(body["value"])
    await world.invoke("adaptiveCard/action", {"action": press})
    assert world.desk.asked[-1].args == Cast("a1", "consent").packed()


async def test_a_short_whisper_is_a_toast(world: World) -> None:
    body = await world.invoke("adaptiveCard/action", execute(OURS))
    assert body == {"statusCode": 200, "type": TOAST, "value": "Noted."}


async def test_a_long_whisper_goes_to_the_person_alone(world: World) -> None:
    card = Card("Help", (Text(("One",)), Text(("Two",))), "All about it.")
    world.desk.reply = Whisper(card)
    room = world.in_room()
    places = {name: room[name] for name in ("conversation", "channelData")}
    body = await world.invoke("adaptiveCard/action", execute(OURS), **places)
    assert body == {"statusCode": 200, "type": TOAST, "value": "All about it."}
    await world.settled()
    made, posted = world.microsoft.calls
    assert made[2]["members"] == [{"id": PERSON}]
    assert made[2]["tenantId"] == world.desk.asked[0].actor.workspace
    assert posted[1] == f"v3/conversations/a%3Achat-with-{PERSON}/activities"
    await world.invoke("adaptiveCard/action", execute(OURS))
    await world.settled()
    assert world.microsoft.calls[-1][1] == "v3/conversations/a%3Achat/activities"


async def test_a_form_in_the_card_s_place_and_back(world: World) -> None:
    world.desk.reply = Replace(Show("a1"), 1)
    await world.send(world.activity())
    await world.settled()
    world.desk.reply = Ask(FORM)
    body = await world.invoke("adaptiveCard/action", execute(OURS), replyToId="message-1")
    check_card(body["value"])
    submit, cancel = actions(body["value"])
    assert cancel["associatedInputs"] == "none"
    asked = len(world.desk.asked)
    back = await world.invoke("adaptiveCard/action", {"action": cancel}, replyToId="message-1")
    assert back["type"] == CARD
    assert shown(back["value"]) == "Five themes\n[Consent]"
    unknown = await world.invoke("adaptiveCard/action", {"action": cancel}, replyToId="never-seen")
    assert unknown["type"] == TOAST
    assert len(world.desk.asked) == asked
    world.desk.reply = Replace(Show("a1"), 1)
    await world.invoke("adaptiveCard/action", {"action": {**submit, "data": {**submit["data"], **FILLED}}})
    request = world.desk.asked[-1]
    assert (request.source, request.command) == ("form", "agreements.cast")
    assert request.args == READ


async def test_a_dialog_opens_is_corrected_and_closes(world: World) -> None:
    world.desk.reply = Ask(FORM)
    opened = await world.invoke("task/fetch", {"data": {**OURS, "msteams": {"type": "task/fetch"}}})
    value = opened["task"]["value"]
    assert opened["task"]["type"] == "continue"
    assert value["title"] == "Object"
    assert value["card"]["contentType"] == CARD
    check_card(value["card"]["content"])
    (press,) = actions(value["card"]["content"])
    assert press["type"] == "Action.Submit"
    world.desk.reply = Ask(Form(FORM.title, FORM.command, FORM.inputs, FORM.fixed, problems={"reason": "Say why."}))
    again = await world.invoke("task/submit", {"data": {**press["data"], **FILLED}})
    card = again["task"]["value"]["card"]["content"]
    check_card(card)
    assert world.desk.asked[-1].args == READ
    fields = {field["id"]: field.get("value") for field in card["body"] if "id" in field}
    assert fields["reason"] == "Too dear"
    assert fields["themes"] == "a%2Cb,c%252C"
    kinds = [element.get("id") or shown(element) for element in card["body"]]
    assert kinds[kinds.index("reason") + 1] == "✗ \nSay why."
    world.desk.reply = Replace(Show("a1"), 1, "Your objection is noted.")
    closed = await world.invoke("task/submit", {"data": {**press["data"], **FILLED}})
    assert closed == {"task": {"type": "message", "value": "Your objection is noted."}}


async def test_a_whisper_in_a_dialog(world: World) -> None:
    closed = await world.invoke("task/submit", {"data": OURS})
    assert closed == {"task": {"type": "message", "value": "Noted."}}
    buttons = Buttons((Button("Object", Cast("a1", "object"), asks=True), Button("Agree", Cast("a1"), confirm="Sure?")))
    world.desk.reply = Whisper(Card("What now?", (Text(("Choose.",)), buttons), "Choose."))
    card = (await world.invoke("task/submit", {"data": OURS}))["task"]["value"]["card"]["content"]
    check_card(card)
    assert [action["type"] for action in actions(card)] == ["Action.Submit", "Action.Submit"]
    assert "msteams" not in actions(card)[0]["data"]


async def test_a_message_becomes_a_proposal(world: World) -> None:
    world.desk.reply = Ask(FORM)
    value = {
        "commandId": "agreements.open",
        "commandContext": "message",
        "messagePayload": {"body": {"contentType": "html", "content": "<p>Let us &lt;agree&gt;<br>on this</p>"}},
    }
    body = await world.invoke("composeExtension/fetchTask", value)
    assert body["task"]["type"] == "continue"
    request = world.desk.asked[0]
    assert (request.source, request.command) == ("shortcut", "agreements.open")
    assert request.args == {"text": "Let us <agree>\non this"}
    await world.invoke("composeExtension/fetchTask", {"commandId": "agreements.open"})
    assert world.desk.asked[1].args == {}
    world.desk.reply = Replace(Show("a1"), 1, "Opened.")
    value = {
        "commandId": "agreements.open",
        "data": {"folkmoot": {"c": "agreements.open", "i": {"text": "text"}}, "text": "x"},
    }
    closed = await world.invoke("composeExtension/submitAction", value)
    assert closed == {"task": {"type": "message", "value": "Opened."}}
    assert world.desk.asked[2].args == {"text": "x"}


@pytest.mark.parametrize("name", ["adaptiveCard/action", "task/fetch", "task/submit", "composeExtension/submitAction"])
@pytest.mark.parametrize(
    "data",
    [
        None,
        5,
        [],
        {},
        {"folkmoot": None},
        {"folkmoot": []},
        {"folkmoot": {"c": 5}},
        {"folkmoot": {"c": ""}},
        {"folkmoot": {"c": "x" * 200}},
        {"somebody": "else"},
    ],
    ids=str,
)
async def test_payloads_that_are_not_ours(world: World, name: str, data: Any) -> None:
    body = await world.invoke(name, execute(data) if name.startswith("adaptive") else {"data": data})
    words = body["value"] if name.startswith("adaptive") else body["task"]["value"]
    assert "Type home" in words
    assert world.desk.asked == []


@pytest.mark.parametrize("value", [None, 5, [], "x", {"action": []}, {"data": 5}, {"messagePayload": []}], ids=str)
async def test_values_of_any_kind(world: World, value: Any) -> None:
    for name in (
        "adaptiveCard/action",
        "task/fetch",
        "task/submit",
        "composeExtension/fetchTask",
        "composeExtension/submitAction",
        "composeExtension/query",
        "signin/verifyState",
        "fileConsent/invoke",
        "",
    ):
        body = await world.invoke(name, value)
        assert isinstance(body, dict)
    assert world.desk.asked == []


async def test_odd_arguments_reach_the_desk_as_they_are_or_as_text(world: World) -> None:
    data = {
        "folkmoot": {
            "c": "x",
            "a": {"n": [1, {"deep": None}]},
            "i": {"t": 5, "k": "choices", "m": "moment", "n2": []},
        }
    }
    await world.invoke("task/submit", {"data": {**data, "t": {"no": 1}, "k": ["x"], "m__date": 5, "n2": True}})
    assert world.desk.asked[0].args == {"n": [1, {"deep": None}], "t": "", "k": [], "m": "5", "n2": "yes"}


async def test_a_fault_of_ours_keeps_the_shape(world: World) -> None:
    world.desk.fails = True
    body = await world.invoke("adaptiveCard/action", execute(OURS))
    assert body["type"] == "application/vnd.microsoft.error"
    assert "our side" in body["value"]["message"]
    body = await world.invoke("task/submit", {"data": OURS})
    assert "our side" in body["task"]["value"]


async def test_an_arrival_cannot_be_pressed(world: World) -> None:
    await world.invoke("adaptiveCard/action", execute({"folkmoot": {"c": "partners.arrived"}}))
    assert world.desk.asked == []
