"""The local Teams' connector: what it keeps, and what it refuses as the real one does."""

import asyncio
from typing import Any

import aiohttp
import pytest

from tests.sandbox.test_teams_trust import (
    ANN,
    APP,
    BEN,
    BOARD,
    CAT,
    OTHER,
    TENANT,
    Stage,
    attached,
    card,
    make_stage,
    words,
)

stage = pytest.fixture(make_stage)
HELLO = {"type": "message", "text": "hello"}


def code(answer: tuple[int, Any]) -> tuple[int, str]:
    return answer[0], answer[1]["error"]["code"]


async def test_a_message_is_kept_updated_with_its_times_and_deleted(stage: Stage) -> None:
    given = await stage.post(card(words("open")))
    seen = stage.teams.messages(TENANT, BOARD)
    assert [(each["id"], each["from"]["id"]) for each in seen] == [(given, f"28:{APP}")]
    before = asyncio.get_running_loop().time()
    update = {"type": "message", "attachments": [attached(card(words("closed")))]}
    assert await stage.call("PUT", f"/{BOARD}/activities/{given}", update) == (200, {"id": given})
    assert stage.teams.text_of(stage.teams.messages(TENANT, BOARD)[0]) == "closed"
    [stamp] = stage.teams.updates(BOARD, given)
    assert before <= stamp <= asyncio.get_running_loop().time()
    assert (await stage.call("DELETE", f"/{BOARD}/activities/{given}"))[0] == 200
    assert stage.teams.messages(TENANT, BOARD) == []
    for method in ("PUT", "DELETE"):
        answer = await stage.call(method, f"/{BOARD}/activities/{given}", update)
        assert code(answer) == (404, "ActivityNotFoundInConversation")


async def test_refusals_of_a_conversation(stage: Stage) -> None:
    assert code(await stage.call("POST", "/19:gone/activities", HELLO)) == (404, "ConversationNotFound")
    thread = await stage.call("POST", f"/{BOARD};messageid=17/activities", HELLO)
    assert code(thread) == (404, "ActivityNotFoundInConversation")
    stage.teams.add_channel(TENANT, "19:bare@thread.tacv2", "Bare", [ANN], installed=False)
    refused = await stage.call("POST", "/19:bare@thread.tacv2/activities", HELLO)
    assert code(refused) == (403, "ForbiddenOperationException")
    foreign = {**HELLO, "channelData": {"tenant": {"id": OTHER}}}
    assert (await stage.call("POST", f"/{BOARD}/activities", foreign))[0] == 403
    stage.token = "made-up"
    assert (await stage.call("POST", f"/{BOARD}/activities", HELLO))[0] == 401


@pytest.mark.parametrize(
    "activity",
    [
        [],
        {},
        {"type": "message"},
        {"type": "banner", "text": "x"},
        {"type": "message", "text": 5},
        {"type": "message", "attachments": {}},
        {"type": "message", "attachments": [{"content": {}}]},
        {"type": "message", "attachments": [attached({**card(words("x")), "version": "1.6"})]},
    ],
)
async def test_refusals_of_a_message(stage: Stage, activity: Any) -> None:
    assert code(await stage.call("POST", f"/{BOARD}/activities", activity)) == (400, "BadSyntax")
    assert stage.teams.messages(TENANT, BOARD) == []


async def test_a_message_over_100_kb_as_utf16_is_too_big(stage: Stage) -> None:
    fits, not_quite = "x" * 51_000, "x" * 51_200
    assert (await stage.call("POST", f"/{BOARD}/activities", {**HELLO, "text": fits}))[0] == 201
    refused = await stage.call("POST", f"/{BOARD}/activities", {**HELLO, "text": not_quite})
    assert code(refused) == (413, "MessageSizeTooBig")


async def test_text_with_a_card_is_split_and_names_no_message(stage: Stage) -> None:
    both = {**HELLO, "attachments": [attached(card(words("x")))]}
    assert await stage.call("POST", f"/{BOARD}/activities", both) == (201, {})
    first, second = stage.teams.messages(TENANT, BOARD)
    assert (first["text"], second["text"]) == ("hello", "")
    assert code(await stage.call("PUT", f"/{BOARD}/activities/{first['id']}", both)) == (400, "BadArgument")


async def test_a_personal_chat_opens_only_for_who_has_the_app(stage: Stage) -> None:
    mri = stage.teams.store.user(TENANT, ANN).mri
    assert mri.startswith("29:")
    for member in (mri, ANN):
        create = {
            "isGroup": False,
            "bot": {"id": f"28:{APP}"},
            "members": [{"id": member}],
            "tenantId": TENANT,
        }
        assert await stage.call("POST", "", create) == (201, {"id": stage.teams.personal(TENANT, ANN)})
    given = stage.teams.personal(TENANT, ANN)
    assert (await stage.call("POST", f"/{given}/activities", HELLO))[0] == 201
    assert code(await stage.call("POST", "", {"members": [{"id": mri}]})) == (400, "BadSyntax")
    wrong = {"members": [{"id": CAT}], "channelData": {"tenant": {"id": TENANT}}}
    assert code(await stage.call("POST", "", wrong)) == (403, "ForbiddenOperationException")
    stage.teams.install(TENANT, ANN, False)
    assert code(await stage.call("POST", "", create)) == (403, "ForbiddenOperationException")
    refused = await stage.call("POST", f"/{given}/activities", HELLO)
    assert code(refused) == (403, "ForbiddenOperationException")


async def test_a_new_thread_and_a_reply_in_it(stage: Stage) -> None:
    create = {"isGroup": True, "channelData": {"channel": {"id": BOARD}}, "activity": HELLO}
    status, made = await stage.call("POST", "", create)
    assert (status, made["id"]) == (201, f"{BOARD};messageid={made['activityId']}")
    _, reply = await stage.call("POST", f"/{made['id']}/activities", HELLO)
    assert stage.teams.store.message(BOARD, reply["id"]).root == made["activityId"]
    _, again = await stage.call("POST", f"/{BOARD}/activities/{reply['id']}", HELLO)
    assert stage.teams.store.message(BOARD, again["id"]).root == made["activityId"]


async def test_the_roster_comes_whole_in_pages_and_by_one(stage: Stage) -> None:
    _, everybody = await stage.call("GET", f"/{BOARD}/members")
    assert [member["aadObjectId"] for member in everybody] == [ANN, BEN]
    assert everybody[0]["tenantId"] == TENANT
    _, page = await stage.call("GET", f"/{BOARD}/pagedmembers", params={"pageSize": "1"})
    assert [member["name"] for member in page["members"]] == ["Ann Archer"]
    following = {"pageSize": "1", "continuationToken": page["continuationToken"]}
    _, page = await stage.call("GET", f"/{BOARD}/pagedmembers", params=following)
    assert [member["name"] for member in page["members"]] == ["Ben Baker"]
    assert "continuationToken" not in page
    for given in (BEN, everybody[1]["id"]):
        assert (await stage.call("GET", f"/{BOARD}/members/{given}"))[1]["name"] == "Ben Baker"
    assert (await stage.call("GET", f"/{BOARD}/members/nobody"))[0] == 404
    assert (await stage.call("GET", f"/{BOARD}/pagedmembers", params={"continuationToken": "x"}))[0] == 400


async def test_a_targeted_message_is_seen_by_one_where_they_are_switched_on(stage: Stage) -> None:
    whisper = {**HELLO, "recipient": {"id": stage.teams.store.user(TENANT, BEN).mri}}
    path, query = f"/{BOARD}/activities", {"isTargetedActivity": "true"}
    assert code(await stage.call("POST", path, whisper, params=query)) == (400, "BadArgument")
    stage.teams.connector.targeted = True
    assert (await stage.call("POST", path, whisper, params=query))[0] == 201
    assert len(stage.teams.messages(TENANT, BOARD, BEN)) == 1
    assert stage.teams.messages(TENANT, BOARD, ANN) == []


@pytest.mark.parametrize(
    ("kind", "status", "retry"),
    [
        ("401", 401, None),
        ("403", 403, None),
        ("404", 404, None),
        ("412", 412, None),
        ("413", 413, None),
        ("429", 429, "1"),
        ("429-bare", 429, None),
        ("429-garbage", 429, "in a little while"),
        ("500", 500, None),
        ("502", 502, None),
        ("503", 503, None),
        ("504", 504, None),
        ("blocked", 403, None),
        ("html", 200, None),
    ],
)
async def test_a_fault_happens_as_often_as_asked(stage: Stage, kind: str, status: int, retry: str | None) -> None:
    stage.teams.fault(kind, times=2, path="/activities")
    _, body = await stage.login()
    headers = {"Authorization": f"Bearer {body['access_token']}"}
    url = f"{stage.teams.service_url}v3/conversations/{BOARD}/activities"
    for expected in (status, status, 201):
        async with stage.session.post(url, json=HELLO, headers=headers) as response:
            assert response.status == expected
            if expected == status:
                assert response.headers.get("Retry-After") == retry
    assert len(stage.teams.messages(TENANT, BOARD)) == 1


async def test_a_dropped_message_has_arrived_and_a_refused_one_has_not(stage: Stage) -> None:
    for kind, arrived in (("drop", 1), ("refuse", 1)):
        stage.teams.fault(kind, path="POST")
        with pytest.raises(aiohttp.ClientError):
            await stage.call("POST", f"/{BOARD}/activities", HELLO)
        assert len(stage.teams.messages(TENANT, BOARD)) == arrived
    stage.teams.fault("hang", path="POST")
    with pytest.raises(TimeoutError):
        await stage.call("POST", f"/{BOARD}/activities", HELLO, timeout=aiohttp.ClientTimeout(total=0.2))
    with pytest.raises(ValueError, match="no fault"):
        stage.teams.fault("418")


async def test_rate_limits_when_they_are_on(stage: Stage) -> None:
    for _ in range(9):
        assert (await stage.call("POST", f"/{BOARD}/activities", HELLO))[0] == 201
    stage.teams.limits.on = True
    statuses = [(await stage.call("POST", f"/{BOARD}/activities", HELLO))[0] for _ in range(9)]
    assert statuses[:7] == [201] * 7
    assert statuses[7:] == [429] * 2
    elsewhere = stage.teams.personal(TENANT, ANN)
    assert (await stage.call("POST", f"/{elsewhere}/activities", HELLO))[0] == 201
