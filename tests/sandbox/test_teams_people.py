"""The people of the local Teams: what the bot hears when they act, and what they see of its answers."""

from typing import Any

import pytest

from bot.sandbox.teams import NOTHING, SORRY, Invalid
from tests.sandbox.test_teams_trust import (
    ANN,
    APP,
    BEN,
    BOARD,
    CAT,
    TENANT,
    Stage,
    attached,
    card,
    dialog,
    make_stage,
    shown,
    words,
)

stage = pytest.fixture(make_stage)
AGREE = {"type": "Action.Execute", "title": "Agree", "verb": "cast", "data": {"on": 7}}
FORM = {"type": "Action.Submit", "title": "Object", "data": {"on": 7, "msteams": {"type": "task/fetch"}}}
REASON = {"type": "Input.Text", "id": "why", "label": "Why", "isRequired": True, "errorMessage": "Say why."}
SEND = {"type": "Action.Submit", "title": "Send", "data": {"step": 1}}
OPEN = card(words("Agree?"), actions=(AGREE, FORM))


async def test_a_mention_is_marked_up_as_teams_does(stage: Stage) -> None:
    await stage.teams.say(TENANT, ANN, BOARD, "@Folkmoot raise <b>Green spaces</b>")
    [heard] = stage.bot.heard
    assert heard["text"] == "<at>Folkmoot</at>\u00a0raise <b>Green spaces</b>"
    mention, client = heard["entities"]
    assert mention["mentioned"] == {"id": f"28:{APP}", "name": "Folkmoot"}
    assert mention["text"] == "<at>Folkmoot</at>"
    assert client["type"] == "clientInfo"
    assert heard["from"]["aadObjectId"] == ANN
    assert heard["recipient"]["id"] == f"28:{APP}"
    assert heard["conversation"]["id"] == f"{BOARD};messageid={heard['id']}"
    assert (heard["conversation"]["conversationType"], heard["conversation"]["tenantId"]) == (
        "channel",
        TENANT,
    )
    assert heard["channelData"]["tenant"]["id"] == TENANT
    assert heard["channelData"]["channel"]["id"] == BOARD
    assert heard["serviceUrl"] == stage.teams.service_url
    assert heard["timestamp"].endswith("Z")


async def test_a_bot_in_a_channel_hears_only_mentions_and_in_a_chat_everything(stage: Stage) -> None:
    assert await stage.teams.say(TENANT, ANN, BOARD, "good morning") == NOTHING
    chat = stage.teams.personal(TENANT, ANN)
    assert (await stage.teams.say(TENANT, ANN, chat, "raise it")).status == 200
    [heard] = stage.bot.heard
    assert (heard["text"], heard["conversation"]["conversationType"]) == ("raise it", "personal")
    assert "isGroup" not in heard["conversation"]
    stage.teams.install(TENANT, ANN, False)
    with pytest.raises(LookupError, match="not installed"):
        await stage.teams.say(TENANT, ANN, chat, "raise it")
    with pytest.raises(LookupError):
        await stage.teams.say(TENANT, CAT, BOARD, "hello")


async def test_a_click_shows_the_new_card_to_the_clicker_until_the_message_is_updated(stage: Stage) -> None:
    given = await stage.post(OPEN)
    stage.bot.reply = lambda activity: shown(card(words("You agreed")))
    assert (await stage.teams.execute(TENANT, ANN, BOARD, given, "Agree")).status == 200
    [heard] = stage.bot.heard
    assert (heard["type"], heard["name"], heard["replyToId"]) == ("invoke", "adaptiveCard/action", given)
    action = {"type": "Action.Execute", "title": "Agree", "verb": "cast", "data": {"on": 7}}
    assert heard["value"] == {"action": action, "trigger": "manual"}
    assert stage.teams.text_of(stage.teams.messages(TENANT, BOARD, ANN)[0]) == "You agreed"
    assert "Agree?" in stage.teams.text_of(stage.teams.messages(TENANT, BOARD, BEN)[0])
    with pytest.raises(LookupError, match="no button"):
        await stage.teams.execute(TENANT, ANN, BOARD, given, "Agree")
    update = {"type": "message", "attachments": [attached(card(words("1 agreed")))]}
    await stage.call("PUT", f"/{BOARD}/activities/{given}", update)
    assert stage.teams.text_of(stage.teams.messages(TENANT, BOARD, ANN)[0]) == "1 agreed"


async def test_a_message_in_the_answer_is_a_toast_for_one(stage: Stage) -> None:
    given = await stage.post(OPEN)
    message = "application/vnd.microsoft.activity.message"
    stage.bot.reply = lambda activity: {"statusCode": 200, "type": message, "value": "Thank you"}
    await stage.teams.execute(TENANT, ANN, BOARD, given, "Agree")
    assert stage.teams.toast(TENANT, ANN) == "Thank you"
    assert stage.teams.toast(TENANT, BEN) is None
    stage.teams.back(TENANT, ANN)
    assert stage.teams.toast(TENANT, ANN) is None


WRONG: list[Any] = [
    None,
    "ok",
    [],
    card(words("bare")),
    {"status": 200, "body": shown(card(words("wrapped")))},
    {**shown(card(words("x"))), "statusCode": "200"},
    {**shown(card(words("x"))), "extra": 1},
    shown({**card(words("x")), "version": "1.6"}),
    {"statusCode": 200, "type": "application/vnd.microsoft.activity.message", "value": ""},
    {"statusCode": 200, "type": "application/vnd.microsoft.activity.message", "value": {"text": "x"}},
    {"statusCode": 200, "type": "application/vnd.microsoft.error", "value": {"code": "x", "message": "y"}},
    {"statusCode": 200, "type": "message", "value": "x"},
    {"task": {"type": "message", "value": "x"}},
]


@pytest.mark.parametrize("answer", WRONG)
async def test_a_wrong_answer_to_a_click_is_something_went_wrong(stage: Stage, answer: Any) -> None:
    given = await stage.post(OPEN)
    stage.bot.reply = lambda activity: answer
    await stage.teams.execute(TENANT, ANN, BOARD, given, "Agree")
    assert stage.teams.toast(TENANT, ANN) == SORRY
    assert len(stage.teams.errors) == 1
    assert stage.teams.errors[0].startswith("adaptiveCard/action: ")
    assert "Agree?" in stage.teams.text_of(stage.teams.messages(TENANT, BOARD, ANN)[0])


async def test_a_dialog_opens_checks_its_inputs_asks_again_and_closes(stage: Stage) -> None:
    given = await stage.post(OPEN)
    form = card(REASON, actions=(SEND,))
    answers = [
        dialog("Why?", form),
        dialog("Once more", form),
        {"task": {"type": "message", "value": "Noted"}},
    ]
    stage.bot.reply = lambda activity: answers.pop(0)
    await stage.teams.execute(TENANT, ANN, BOARD, given, "Object")
    fetch = stage.bot.heard[-1]
    assert (fetch["name"], fetch["value"]["data"]["on"]) == ("task/fetch", 7)
    assert fetch["value"]["context"] == {"theme": "default"}
    assert stage.teams.dialog(TENANT, ANN) == {"title": "Why?", "card": form}
    assert stage.teams.dialog(TENANT, BEN) is None
    with pytest.raises(Invalid, match="Say why"):
        await stage.teams.dialog_submit(TENANT, ANN, {"Why": ""})
    assert len(stage.bot.heard) == 1
    await stage.teams.dialog_submit(TENANT, ANN, {"Why": "money"})
    submit = stage.bot.heard[-1]
    assert (submit["name"], submit["value"]["data"]) == ("task/submit", {"step": 1, "why": "money"})
    assert submit["replyToId"] == given
    opened = stage.teams.dialog(TENANT, ANN)
    assert opened is not None
    assert opened["title"] == "Once more"
    await stage.teams.dialog_submit(TENANT, ANN, {"why": "time"}, title="Send")
    assert stage.teams.dialog(TENANT, ANN) is None
    assert stage.teams.toast(TENANT, ANN) == "Noted"
    with pytest.raises(LookupError, match="no dialog"):
        await stage.teams.dialog_submit(TENANT, ANN)


BAD_DIALOGS: list[Any] = [
    None,
    {},
    {"task": {"type": "continue", "value": {"title": "x", "card": card(words("bare"))}}},
    {"task": {"type": "continue", "value": {"title": "x"}}},
    {"task": {"type": "continue", "value": {"card": attached(card(words("x"))), "width": "wide"}}},
    dialog("x", card(words("x"), actions=(AGREE,))),
    {"task": {"type": "message", "value": 5}},
    {"task": {"type": "close"}},
]


@pytest.mark.parametrize("answer", BAD_DIALOGS)
async def test_a_wrong_dialog_is_something_went_wrong(stage: Stage, answer: Any) -> None:
    given = await stage.post(OPEN)
    stage.bot.reply = lambda activity: answer
    await stage.teams.execute(TENANT, ANN, BOARD, given, "Object")
    assert stage.teams.dialog(TENANT, ANN) is None
    assert stage.teams.toast(TENANT, ANN) == SORRY
    assert stage.teams.errors


async def test_an_empty_answer_closes_a_dialog_and_a_failed_one_keeps_it(stage: Stage) -> None:
    given = await stage.post(OPEN)
    answers = [dialog("Why?", card(words("x"), actions=(SEND,))), {"task": {"type": "close"}}, None]
    stage.bot.reply = lambda activity: answers.pop(0)
    await stage.teams.execute(TENANT, ANN, BOARD, given, "Object")
    await stage.teams.dialog_submit(TENANT, ANN)
    assert stage.teams.dialog(TENANT, ANN) is not None
    await stage.teams.dialog_submit(TENANT, ANN)
    assert stage.teams.dialog(TENANT, ANN) is None


async def test_a_message_extension_carries_the_message(stage: Stage) -> None:
    await stage.teams.say(TENANT, BEN, BOARD, "we should <plant> trees")
    [said] = stage.teams.messages(TENANT, BOARD)
    compose = {"composeExtension": {"type": "message", "text": "Raised"}}
    answers = [dialog("Raise", card(REASON, actions=(SEND,))), compose]
    stage.bot.reply = lambda activity: answers.pop(0)
    await stage.teams.extension(TENANT, ANN, "raise", BOARD, said["id"])
    await stage.teams.dialog_submit(TENANT, ANN, {"why": "trees"})
    fetch, submit = stage.bot.heard
    assert (fetch["name"], submit["name"]) == ("composeExtension/fetchTask", "composeExtension/submitAction")
    for heard in (fetch, submit):
        assert (heard["value"]["commandId"], heard["value"]["commandContext"]) == ("raise", "message")
        message = heard["value"]["messagePayload"]
        assert message["id"] == said["id"]
        assert message["body"]["content"] == "<div>we should &lt;plant&gt; trees</div>"
        assert message["from"]["user"]["id"] == BEN
    assert submit["value"]["data"] == {"step": 1, "why": "trees"}
    assert stage.teams.toast(TENANT, ANN) == "Raised"


async def test_submit_buttons_send_messages(stage: Stage) -> None:
    back = {"type": "messageBack", "text": "agree 7", "displayText": "I agree", "value": {"n": 7}}
    given = await stage.post(
        card(
            words("x"),
            actions=(
                {"type": "Action.Submit", "title": "Plain", "data": {"a": 1}},
                {"type": "Action.Submit", "title": "Back", "data": {"msteams": back}},
                {"type": "Action.OpenUrl", "title": "Paper", "url": "https://example.org/paper"},
            ),
        )
    )
    for title in ("Plain", "Back", "Paper"):
        await stage.teams.execute(TENANT, ANN, BOARD, given, title)
    plain, spoken = stage.bot.heard
    assert (plain["type"], plain["value"], plain["replyToId"]) == ("message", {"a": 1}, given)
    assert "text" not in plain
    assert (spoken["text"], spoken["value"]) == ("agree 7", {"n": 7})
    assert stage.teams.messages(TENANT, BOARD)[-1]["text"] == "I agree"
    assert stage.teams.opened == ["https://example.org/paper"]


async def test_the_app_arrives_and_leaves_with_both_events(stage: Stage) -> None:
    stage.teams.add_channel(TENANT, "19:new@thread.tacv2", "New", [ANN], "Team", installed=False)
    assert await stage.teams.say(TENANT, ANN, "19:new@thread.tacv2", "@Folkmoot help") == NOTHING
    assert [each.status for each in await stage.teams.install_in("19:new@thread.tacv2")] == [200, 200]
    update, added = stage.bot.heard
    assert (update["type"], update["membersAdded"]) == ("conversationUpdate", [{"id": f"28:{APP}"}])
    assert update["channelData"]["eventType"] == "teamMemberAdded"
    assert update["channelData"]["team"]["name"] == "Team"
    assert update["conversation"]["id"] == "19:new@thread.tacv2"
    assert (added["type"], added["action"]) == ("installationUpdate", "add")
    assert await stage.post(OPEN, "19:new@thread.tacv2")
    await stage.teams.remove_from("19:new@thread.tacv2")
    assert stage.bot.heard[-2]["membersRemoved"] == [{"id": f"28:{APP}"}]
    refused = await stage.call("POST", "/19:new@thread.tacv2/activities", {"type": "message", "text": "x"})
    assert refused[0] == 403


async def test_a_card_refreshes_itself_for_whom_it_names(stage: Stage) -> None:
    mri = stage.teams.store.user(TENANT, ANN).mri
    given = await stage.post(card(words("x"), refresh={"action": AGREE, "userIds": [mri]}))
    stage.bot.reply = lambda activity: shown(card(words("yours")))
    await stage.teams.refresh(TENANT, ANN, BOARD, given)
    assert stage.bot.heard[-1]["value"]["trigger"] == "automatic"
    assert stage.teams.text_of(stage.teams.messages(TENANT, BOARD, ANN)[0]) == "yours"
    with pytest.raises(LookupError):
        await stage.teams.refresh(TENANT, BEN, BOARD, given)


@pytest.mark.parametrize("new_id", [False, True])
async def test_an_invoke_without_an_answer_is_sent_again(stage: Stage, new_id: bool) -> None:
    given = await stage.post(OPEN)
    stage.teams.wire.timeout, stage.teams.wire.resend, stage.teams.wire.new_id = 0.2, True, new_id
    stage.bot.delays = [0.5]
    stage.bot.reply = lambda activity: shown(card(words("done")))
    assert (await stage.teams.execute(TENANT, ANN, BOARD, given, "Agree")).status == 200
    first, second = stage.bot.heard
    assert (first["id"] == second["id"]) is not new_id
    assert first["value"] == second["value"]
    stage.bot.delays = [0.5, 0.5]
    assert (await stage.teams.execute(TENANT, BEN, BOARD, given, "Agree")).status == 0
    assert stage.teams.errors == ["adaptiveCard/action: status timeout"]
    stage.teams.target = "http://127.0.0.1:9/"
    assert (await stage.teams.execute(TENANT, BEN, BOARD, given, "Agree")).body == "unreachable"
