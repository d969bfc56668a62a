"""What the demo page gets and sends: one person's snapshot, and doors for everything that they do."""

import asyncio
from typing import Any

import pytest

from tests.sandbox.test_teams_people import OPEN, REASON, SEND
from tests.sandbox.test_teams_trust import ANN, BOARD, TENANT, Stage, card, dialog, make_stage, shown, words

stage = pytest.fixture(make_stage)


async def test_the_page_sees_and_does_everything(stage: Stage) -> None:
    before = stage.teams.revision
    waiting = asyncio.create_task(stage.teams.wait_for_change(before))
    given = await stage.post(OPEN)
    assert await asyncio.wait_for(waiting, 1) > before

    async def do(what: str, **order: Any) -> Any:
        url = f"{stage.teams.base_url}/sandbox/teams/do/{what}"
        order = {"tenant": TENANT, "user": ANN, "conversation": BOARD, **order}
        async with stage.session.post(url, json=order) as response:
            return await response.json()

    assert await do("say", text="@Folkmoot help") == {"ok": True}
    form = dialog("Why?", card(REASON, actions=(SEND,)))
    stage.bot.reply = lambda activity: form if activity["name"] == "task/fetch" else shown(card(words("done")))
    assert await do("execute", activity=given, action=["actions", 1]) == {"ok": True}
    seen = stage.teams.snapshot(TENANT, ANN)
    assert seen["dialog"]["title"] == "Why?"
    assert seen["user"] == {"id": ANN, "name": "Ann Archer"}
    assert [(each["kind"], each["installed"]) for each in seen["conversations"]] == [
        ("channel", True),
        ("personal", True),
    ]
    card_message, said = seen["messages"][BOARD]
    assert (card_message["bot"], card_message["card"], card_message["updated"]) == (True, OPEN, None)
    assert (said["bot"], said["author"], said["text"]) == (False, "Ann Archer", "@Folkmoot help")
    missing = await do("dialog_submit", inputs={"why": ""})
    assert missing == {"ok": False, "error": "Say why.", "problems": {"why": "Say why."}}
    assert await do("dialog_close") == {"ok": True}
    assert stage.teams.snapshot(TENANT, ANN)["dialog"] is None
    assert await do("execute", activity=given, action="Agree") == {"ok": True}
    assert stage.teams.snapshot(TENANT, ANN)["messages"][BOARD][0]["card"] == card(words("done"))
    assert await do("back", activity=given) == {"ok": True}
    assert stage.teams.snapshot(TENANT, ANN)["messages"][BOARD][0]["card"] == OPEN
    for what, order in (
        ("say", {"text": " "}),
        ("say", {"text": "x", "user": "nobody"}),
        ("execute", {"activity": given, "action": "Veto"}),
        ("execute", {"activity": given, "action": 5}),
        ("execute", {"activity": "17", "action": "Agree"}),
        ("dialog_submit", {}),
        ("fly", {}),
    ):
        answer = await do(what, **order)
        assert answer["ok"] is False
        assert answer["error"].endswith(".")
