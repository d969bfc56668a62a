"""Messages and events: what was typed becomes a line, and the answer arrives as a card in its thread."""

from typing import Any

import pytest

from adapters.teams.text import clean, tidy, typed, words_of_html
from core.cards import Card, Form, Input, Prose, Text
from core.requests import Ask, Replace, Whisper
from tests.adapters.teams.limits import actions, check_card, shown
from tests.adapters.teams.world import BOT, PERSON, TENANT, Cast, Show, World

MENTION = {"type": "mention", "text": "<at>Folkmoot</at>", "mentioned": {"id": BOT, "name": "Folkmoot"}}


async def test_a_person_and_a_place(world: World) -> None:
    await world.send(world.activity(text="home"))
    request = world.desk.asked[0]
    assert (request.actor.tool, request.actor.workspace, request.actor.user) == ("teams", TENANT, PERSON)
    assert request.actor.name == "Anna Example"
    place = request.place
    assert (place.conversation, place.message, place.bot, place.personal) == ("a:chat", "", BOT, True)
    assert place.service_url == world.microsoft.service_url
    assert (request.source, request.line, request.command) == ("line", "home", "")
    assert request.delivery.startswith("1709550000001@")


@pytest.mark.parametrize("text", ["", "   ", "\u00a0\r\n", None, 5, []])
async def test_an_empty_message_goes_home(world: World, text: Any) -> None:
    await world.send(world.activity(text=text))
    assert world.desk.asked[0].line == "home"


async def test_the_same_delivery_has_the_same_name_and_no_other_has(world: World) -> None:
    await world.send(world.activity())
    await world.send(world.activity())
    await world.send(world.in_room(text="<at>Folkmoot</at> home", entities=[MENTION]))
    names = [request.delivery for request in world.desk.asked]
    assert names[0] == names[1] != names[2]


async def test_a_mention_in_a_channel(world: World) -> None:
    text = "<at>Folkmoot</at>\u00a0raise Bins &amp; <b>noise</b> <at>Bo Ek</at> &lt;now&gt;\r\n"
    other = {"type": "mention", "text": "<at>Bo Ek</at>", "mentioned": {"id": "29:bo", "name": "Bo Ek"}}
    await world.send(world.in_room(text=text, entities=[MENTION, other, None, 5, {"type": "mention"}]))
    request = world.desk.asked[0]
    assert request.line == "raise Bins & <b>noise</b> @Bo Ek <now>"
    assert request.place.conversation == "19:room@thread.tacv2"
    assert request.place.name == "Barnet"
    assert not request.place.personal
    await world.settled()
    method, path, body, token = world.microsoft.calls[0]
    assert (method, token) == ("POST", "Bearer token-1")
    assert path == "v3/conversations/19%3Aroom%40thread.tacv2%3Bmessageid%3D1700/activities"
    assert body["replyToId"] == "1709550000001"
    assert body["from"] == {"id": BOT}


async def test_talk_in_a_channel_is_not_for_us(world: World) -> None:
    somebody = {**MENTION, "mentioned": {"id": "28:another"}}
    for activity in (
        world.in_room(text="home"),
        world.in_room(text="<at>Folkmoot</at> home", entities=[]),
        world.in_room(text="<at>Folkmoot</at> home", entities=[somebody]),
        world.activity(type="typing"),
        world.activity(type="messageReaction"),
        world.activity(type="installationUpdate", action="remove"),
        world.activity(type="conversationUpdate", membersAdded=[{"id": "29:x"}]),
        world.activity(type="conversationUpdate", membersAdded=5),
        world.activity(type="🦆"),
    ):
        assert await world.send(activity) == (200, None)
    assert world.desk.asked == []
    assert world.microsoft.calls == []


async def test_somebody_without_a_directory_id(world: World) -> None:
    status, _ = await world.send(world.activity(**{"from": {"id": "29:guest"}}))
    await world.settled()
    assert status == 200
    assert world.desk.asked == []
    assert "who you are" in shown(world.microsoft.posts[0]["attachments"][0]["content"])


async def test_a_whisper_is_a_card_in_the_thread(world: World) -> None:
    world.desk.reply = Whisper(Card("Your board", (Text(("Nothing waits.",)),), "Nothing waits for you."))
    await world.send(world.activity())
    await world.settled()
    (post,) = world.microsoft.posts
    assert post["summary"] == "Nothing waits for you."
    card = post["attachments"][0]["content"]
    check_card(card)
    assert "Nothing waits." in shown(card)


async def test_a_form_for_a_line(world: World) -> None:
    form = Form("Raise an item", "items.raise", (Input("title", "Title"),), {"theme": "t1"}, submit="Raise")
    world.desk.reply = Ask(form)
    await world.send(world.activity(text="raise"))
    await world.settled()
    card = world.microsoft.posts[0]["attachments"][0]["content"]
    check_card(card)
    (press,) = actions(card)
    assert press["verb"] == "items.raise"
    assert press["data"]["folkmoot"]["a"] == {"theme": "t1"}


async def test_a_card_stands_in_a_chat_and_only_a_note_in_a_room(world: World) -> None:
    world.desk.reply = Replace(Show("a1"), 1, "Opened.")
    await world.send(world.activity())
    await world.settled()
    assert shown(world.microsoft.posts[0]["attachments"][0]["content"]) == "Five themes\n[Consent]\nOpened."
    await world.send(world.in_room(text="<at>Folkmoot</at> agree it", entities=[MENTION]))
    await world.settled()
    assert shown(world.microsoft.posts[1]["attachments"][0]["content"]) == "Opened."
    world.desk.reply = Replace(Show("a1"), 1)
    await world.send(world.in_room(text="<at>Folkmoot</at> agree it", entities=[MENTION]))
    await world.settled()
    assert len(world.microsoft.posts) == 2


async def test_a_pressed_fallback_comes_as_a_message(world: World) -> None:
    value = {"folkmoot": {"c": "agreements.cast", "a": Cast("a1", "consent").packed()}}
    await world.send(world.in_room(text=None, value=value, replyToId="card-1"))
    request = world.desk.asked[0]
    assert (request.command, request.source) == ("agreements.cast", "button")
    assert request.args == {"agreement": "a1", "position": "consent"}
    assert request.place.message == "card-1"
    await world.settled()
    assert [path for _, path, _, _ in world.microsoft.calls] == [
        "v3/conversations",
        f"v3/conversations/a%3Achat-with-{PERSON}/activities",
    ]  # the whisper did not go into the room


async def test_a_whisper_that_cannot_be_private_says_so_and_no_more(world: World) -> None:
    world.desk.reply = Whisper(Card("Receipt", (Text(("Your stance is object.",)),), "Your stance is object."))
    world.microsoft.script = [(403, {"error": {"code": "ForbiddenOperationException"}})]
    value = {"folkmoot": {"c": "agreements.cast"}}
    await world.send(world.in_room(text=None, value=value))
    await world.settled()
    (post,) = world.microsoft.posts
    assert "stance" not in str(post)
    assert "your own chats" in str(post)


async def test_being_added_is_told_once(world: World) -> None:
    added = {"membersAdded": [{"id": "29:x"}, {"id": BOT}], "text": None}
    await world.send(world.in_room(type="conversationUpdate", **added))
    await world.send(world.in_room(type="installationUpdate", action="add", text=None, id="2"))
    (request,) = world.desk.asked
    assert (request.command, request.source) == ("partners.arrived", "event")
    await world.settled()
    assert len(world.microsoft.posts) == 1
    world.clock.move(61)
    await world.send(world.in_room(type="installationUpdate", action="add", text=None, id="3"))
    assert len(world.desk.asked) == 2


async def test_a_fault_of_ours_is_an_apology(world: World, caplog: pytest.LogCaptureFixture) -> None:
    world.desk.fails = True
    assert (await world.send(world.activity()))[0] == 200
    await world.settled()
    assert "went wrong on our side" in str(world.microsoft.posts[0])
    assert "secret" not in str(world.microsoft.posts[0])
    assert any(record.exc_info for record in caplog.records)


async def test_stopping_waits_for_answers_on_their_way(world: World) -> None:
    world.desk.reply = Whisper(Card("Long", (Prose("words " * 100),), "Long."))
    for number in range(20):
        await world.send(world.activity(id=str(number)))
    await world.adapter.stop()
    assert len(world.microsoft.posts) == 20


async def test_a_connector_that_fails_costs_nobody_anything(world: World) -> None:
    world.microsoft.script = [(500, {}), (403, "no"), (429, None)]
    for number in range(3):
        assert (await world.send(world.activity(id=str(number))))[0] == 200
    await world.settled()
    assert len(world.desk.asked) == 3


def test_words_are_tidied() -> None:
    assert tidy(" a\u00a0b\r\nc\x00\x1b[31m \u202ed ") == "a b\nc[31m d"
    assert clean("\ud800x") == "\ufffdx"
    assert clean("👩‍👩‍👧 e\u0301") == "👩‍👩‍👧 e\u0301"
    assert typed("<at>A</at> <at>B &amp; C</at>x", [], "28:b") == ("@A @B & Cx", False)
    assert typed("<at " * 60_000, [], "28:b")[1] is False
    assert words_of_html("<p>One<br/>two &lt;b&gt;</p><p>three</p>") == "One\ntwo <b>\nthree"
    assert len(words_of_html("<" * 300_000)) <= 20_000
