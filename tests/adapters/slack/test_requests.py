"""Through the real endpoint: what people do in Slack becomes the request that core knows."""

import json
from typing import Any

import pytest

from core.requests import Actor, Place, Request
from tests.adapters.slack.fakes import Rig

AMINA = Actor("slack", "T1", "U1", "amina")
BOARD = Place("slack", "T1", "C1", name="board")
CAST = '{"c":"agreements.cast","a":{"agreement":7}}'


def event(kind: str, **fields: Any) -> dict[str, Any]:
    return {
        "type": "event_callback",
        "team_id": "T1",
        "event_id": "Ev1",
        "authorizations": [{"team_id": "T1", "user_id": "UBOT", "is_bot": True}],
        "event": {"type": kind, "user": "U1", "channel": "C1", "ts": "16.1", **fields},
    }


def only(rig: Rig) -> Request:
    (request,) = rig.desk.heard
    return request


@pytest.mark.parametrize(
    ("command", "typed", "line"),
    [
        ("/board", "raise Bus shelters #transport", "raise Bus shelters #transport"),
        ("/raise", "Bus shelters", "raise Bus shelters"),
        ("/board", "", "home"),
        ("/board", "   ", "home"),
        ("/items", "", "items"),
        (
            "/board",
            "action tidy <@U2|ben> <@U3> <#C9|parks> <#C8|> A &amp; B &lt;3",
            "action tidy @ben @U3 #parks #C8 A & B <3",
        ),
        ("/board", "raise a\x00b\u202ec", "raise abc"),
        (
            "/board",
            "raise <https://x.org/a|x.org/a> <https://evil.org|Approve>",
            "raise x.org/a Approve (https://evil.org)",
        ),
    ],
)
async def test_slash_commands(rig: Rig, command: str, typed: str, line: str) -> None:
    status, said = await rig.command(command, typed)
    assert status == 200 and said["response_type"] == "ephemeral" and said["text"] == "done"
    mentioned = (("ben", "U2"), ("U3", "U3")) if "<@U2|ben>" in typed else ()
    assert only(rig) == Request(AMINA, BOARD, "line", line=line, delivery="1.2.a", people=mentioned)


async def test_a_button(rig: Rig) -> None:
    assert await rig.interact(rig.action()) == (200, "")
    place = Place("slack", "T1", "C1", "16.1", name="board")
    assert only(rig) == Request(
        AMINA, place, "button", command="agreements.cast", args={"agreement": 7}, delivery="1.2.b"
    )


async def test_a_menu_says_the_same(rig: Rig) -> None:
    option = {"type": "static_select", "action_id": "b1.0", "selected_option": {"value": CAST}}
    await rig.interact(rig.action(actions=[option]))
    assert (only(rig).command, only(rig).args) == ("agreements.cast", {"agreement": 7})


@pytest.mark.parametrize(
    ("user", "team", "workspace"),
    [
        ({"id": "U1", "team_id": "T2"}, {"id": "T1"}, "T2"),  # a guest over Slack Connect
        ({"id": "W1", "team_id": "T3"}, None, "T3"),  # Enterprise Grid, installed for the organisation
        ({"id": "U1"}, {"id": "T1"}, "T1"),
        ({"id": "U1", "team_id": "E1"}, {"id": "T1"}, "T1"),
    ],
)
async def test_a_person_belongs_to_their_own_workspace(rig: Rig, user: Any, team: Any, workspace: str) -> None:
    await rig.interact(rig.action(user=user, team=team))
    assert only(rig).actor.workspace == workspace


async def test_the_room_stays_ours_when_a_guest_presses(rig: Rig) -> None:
    message = {"ts": "16.1", "team": "T1", "bot_id": "B1"}
    await rig.interact(rig.action(user={"id": "U5", "team_id": "T2"}, team={"id": "T2"}, message=message))
    assert (only(rig).actor.workspace, only(rig).place.workspace) == ("T2", "T1")


async def test_an_unknown_workspace_is_refused_politely(rig: Rig) -> None:
    await rig.interact(rig.action(user={"id": "U1"}, team=None))
    status, said = await rig.command(team_id="")
    assert not rig.desk.heard and status == 200 and "which workspace" in said["text"]
    assert "which workspace" in rig.slack.of("respond")[0]["text"]


@pytest.mark.parametrize("value", ["", "x", "[]", '{"c":7}', '{"c":""}', "null"])
async def test_a_worn_out_button(rig: Rig, value: str) -> None:
    assert (await rig.interact(rig.action(value)))[0] == 200
    assert not rig.desk.heard
    assert not value or "press there" in rig.slack.of("respond")[0]["text"]


async def test_a_form_sent(rig: Rig) -> None:
    metadata = json.dumps({"c": "agreements.open", "f": {"agreement": 7}, "p": ["T1", "C1", "16.1", 0, "board"]})
    values = {"title": {"value": {"type": "plain_text_input", "value": "Five themes"}}}
    view = {
        "type": "modal",
        "callback_id": "form",
        "private_metadata": metadata,
        "state": {"values": values},
        "blocks": [],
    }
    payload = {"type": "view_submission", "user": {"id": "U1", "team_id": "T1"}, "team": {"id": "T1"}, "view": view}
    assert await rig.interact({**payload, "trigger_id": "9"}) == (200, {"response_action": "clear"})
    asked = only(rig)
    assert (asked.source, asked.command, asked.delivery) == ("form", "agreements.open", "9")
    assert asked.args == {"agreement": 7, "title": "Five themes"}
    assert asked.place == Place("slack", "T1", "C1", "16.1", name="board")


async def test_an_edited_form_is_told_so(rig: Rig) -> None:
    view = {"type": "modal", "callback_id": "form", "private_metadata": "{edited", "blocks": [7]}
    status, said = await rig.interact({"type": "view_submission", "user": {"id": "U1", "team_id": "T1"}, "view": view})
    assert status == 200 and said["response_action"] == "update" and not rig.desk.heard


@pytest.mark.parametrize("callback", ["agreements.propose", "agreements.propose:message"])
async def test_a_message_shortcut_gives_the_text(rig: Rig, callback: str) -> None:
    message = {"ts": "15.5", "text": "Shall we *plant* trees &amp; hedges?", "user": "U7"}
    await rig.interact(rig.action(type="message_action", callback_id=callback, message=message))
    assert (only(rig).source, only(rig).command) == ("shortcut", "agreements.propose")
    assert only(rig).args == {"title": "Shall we *plant* trees & hedges?"} and only(rig).place.message == "15.5"


async def test_a_global_shortcut(rig: Rig) -> None:
    payload = {"type": "shortcut", "callback_id": "agreements.propose", "user": {"id": "U1", "team_id": "T1"}}
    await rig.interact({**payload, "team": {"id": "T1"}, "trigger_id": "5"})
    assert only(rig) == Request(
        Actor("slack", "T1", "U1"), Place("slack", "T1", ""), "shortcut", command="agreements.propose", delivery="5"
    )


@pytest.mark.parametrize(
    ("body", "line"),
    [
        (event("app_mention", text="<@UBOT> raise Bus shelters"), "raise Bus shelters"),
        (event("app_mention", text="<@UBOT|folkmoot>, raise it"), "raise it"),
        (event("app_mention", text="please <@UBOT> help"), "please help"),
        (event("app_mention", text="<@UBOT>"), "home"),
        (event("message", text="items", channel="D1", channel_type="im"), "items"),
    ],
)
async def test_mentions_and_direct_messages(rig: Rig, body: dict[str, Any], line: str) -> None:
    assert await rig.event(body) == (200, "")
    assert only(rig).line.split() == line.split() and only(rig).delivery == "Ev1"
    assert only(rig).place.personal is (body["event"]["channel"] == "D1")


@pytest.mark.parametrize(
    "body",
    [
        event("message", text="x", channel_type="channel"),
        event("message", text="x", channel_type="im", bot_id="B1"),
        event("message", text="x", channel_type="im", user="UBOT"),
        event("message", text="x", channel_type="im", subtype="message_changed"),
        event("message", text="", channel_type="im"),
        event("app_mention", text="<@UBOT> x", bot_id="B1"),
        event("app_home_opened", tab="messages"),
        event("member_joined_channel", user="U7"),
        event("reaction_added"),
        event("channel_id_changed"),
        event("app_mention", text="x", user=None),
        event("app_mention", text=None, channel=None),
    ],
)
async def test_events_that_are_not_ours(rig: Rig, body: dict[str, Any]) -> None:
    assert await rig.event(body) == (200, "")
    assert not rig.desk.heard and not rig.slack.calls


async def test_being_invited(rig: Rig) -> None:
    await rig.event(event("member_joined_channel", user="UBOT", inviter="U1"))
    assert (only(rig).command, only(rig).source, only(rig).actor.user) == ("partners.arrived", "event", "U1")
    assert rig.slack.of("chat.postMessage")[0]["channel"] == "C1"
    assert not rig.slack.of("auth.test")


async def test_being_invited_where_the_event_does_not_say_who_we_are(rig: Rig) -> None:
    rig.slack.answers["auth.test"] = {"user_id": "UBOT"}
    for _ in range(2):
        await rig.event({**event("member_joined_channel", user="UBOT"), "authorizations": None})
    assert len(rig.desk.heard) == 2 and len(rig.slack.of("auth.test")) == 1


async def test_strangers_in_a_shared_channel(rig: Rig) -> None:
    shared = {"is_ext_shared_channel": True}
    await rig.event({**event("app_mention", text="<@UBOT> help", user_team="T9"), **shared})
    assert only(rig).actor.workspace == "T9" and only(rig).place.workspace == "T1"
    await rig.event({**event("app_mention", text="<@UBOT> help", user_team="E9"), **shared})
    assert len(rig.desk.heard) == 1 and "which workspace" in rig.slack.of("chat.postEphemeral")[-1]["text"]
