"""Who may speak: every forged, stale or foreign request gets a 401, and never reaches the desk."""

import asyncio
import base64
import json
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from adapters.teams import auth
from adapters.teams.settings import ServiceHosts, TeamsSettings, check
from tests.adapters.teams.world import APP, KEY, OTHER_KEY, TENANT, World, build, tear_down


async def refused(world: World, token: str, activity: Any = None) -> None:
    status, body = await world.send(activity if activity is not None else world.activity(), token)
    assert status == 401
    assert body == {"error": "unauthorised"}
    assert world.desk.asked == []


async def test_a_signed_message_is_heard(world: World) -> None:
    status, body = await world.send(world.activity())
    assert (status, body) == (200, None)
    assert world.desk.asked[0].line == "agree Five themes"
    assert world.desk.asked[0].actor.workspace == TENANT


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": None},
        {"exp": "soon"},
        {"exp": True},
        {"exp": [1]},
        {"aud": "somebody-else"},
        {"aud": None},
        {"iss": "https://evil.example"},
        {"iss": None},
        {"serviceurl": None},
        {"serviceurl": ""},
        {"serviceurl": "https://evil.example/"},
        {"serviceurl": 5},
        {"nbf": "yesterday"},
    ],
    ids=str,
)
async def test_wrong_claims(world: World, changes: dict[str, Any]) -> None:
    await refused(world, world.token(**changes))


async def test_claims_that_are_no_numbers_we_can_hold(world: World) -> None:
    for number in ("1e999", "NaN", "9" * 400):
        head = base64.urlsafe_b64encode(b'{"alg":"RS256","kid":"key-1"}').rstrip(b"=")
        claims = json.dumps(world.claims(exp="EXP")).replace('"EXP"', number).encode()
        signing = head + b"." + base64.urlsafe_b64encode(claims).rstrip(b"=")
        signature = jwt.get_algorithm_by_name("RS256").sign(signing, KEY)
        token = (signing + b"." + base64.urlsafe_b64encode(signature).rstrip(b"=")).decode()
        await refused(world, token)


async def test_times_are_the_clock_s_with_five_minutes_to_spare(world: World) -> None:
    now = int(world.clock.now().timestamp())
    await refused(world, world.token(exp=now - 301))
    await refused(world, world.token(nbf=now + 301))
    assert (await world.send(world.activity(), world.token(exp=now - 299)))[0] == 200
    assert (await world.send(world.activity(), world.token(nbf=now + 299)))[0] == 200


async def test_unsigned_and_otherwise_signed(world: World) -> None:
    public = "the public key as a shared secret, long enough for the algorithm"
    await refused(world, world.token(key=None, algorithm="none"))
    await refused(world, world.token(key=public, algorithm="HS256"))
    await refused(world, world.token(algorithm="RS512"))
    await refused(world, world.token(key=OTHER_KEY))
    await refused(world, world.token()[:-8] + "AAAAAAAA")
    await refused(world, world.token(headers={}))
    await refused(world, world.token(headers={"kid": "never-heard-of"}))
    await refused(world, world.token(headers={"kid": "key-1", "crit": ["b64"]}))


@pytest.mark.parametrize(
    "header", ["", "Basic abc", "Bearer", "Bearer ", "Bearer a.b.c", "Bearer ü.b.c", "Bearer " + "x" * 7000]
)
async def test_unusable_headers(world: World, header: str) -> None:
    status, _ = await world.send(world.activity(), Authorization=header)
    assert status == 401
    assert world.desk.asked == []


async def test_a_doubled_header(world: World) -> None:
    url = world.server.make_url("/api/messages")
    headers = [("Authorization", f"Bearer {world.token()}"), ("Authorization", f"Bearer {world.token()}")]
    async with world.client.post(url, json=world.activity(), headers=headers) as response:
        assert response.status == 401


async def test_what_the_activity_says_must_agree(world: World) -> None:
    here = world.microsoft.service_url
    for changes in (
        {"serviceUrl": None},
        {"serviceUrl": here.upper()},
        {"serviceUrl": "https://smba.trafficmanager.net.evil.example/"},
        {"serviceUrl": f"http://user@127.0.0.1:{world.microsoft.server.port}/connector/"},
        {"serviceUrl": ["x"]},
        {"channelId": None},
        {"channelId": "MSTEAMS"},
        {"channelId": "webchat"},
        {"channelData": {"tenant": {"id": "another"}}},
        {"channelData": {"tenant": {"id": TENANT}}, "conversation": {"id": "a:x", "tenantId": "another"}},
        {"channelData": None, "conversation": {"id": "a:x"}},
        {"channelData": [], "conversation": 5},
    ):
        await refused(world, world.token(), world.activity(**changes))


async def test_a_token_s_own_foreign_service_url(world: World) -> None:
    for url in (
        "https://evil.example/",
        "http://smba.trafficmanager.net/emea/",
        "http://localhost:1/",
        "HTTP://127.0.0.1/",
    ):
        await refused(world, world.token(serviceurl=url), world.activity(serviceUrl=url))


async def test_a_token_once_verified_is_checked_again_in_all_that_can_change(world: World) -> None:
    token = world.token()
    assert (await world.send(world.activity(), token))[0] == 200
    world.desk.asked.clear()
    await refused(world, token, world.activity(serviceUrl="https://smba.trafficmanager.net/emea/"))
    await refused(world, token, world.activity(channelData={"tenant": {"id": "another"}}))
    await refused(world, token[:-1] + ("A" if token[-1] != "A" else "Q"))
    world.clock.move(3_600 + 301)
    await refused(world, token)
    lasting = world.token(exp=int(world.clock.now().timestamp()) + 10**6)
    assert (await world.send(world.activity(), lasting))[0] == 200
    world.desk.asked.clear()
    world.microsoft.kids = ("key-2",)
    world.clock.move(24 * 3600)
    await refused(world, lasting)  # its key is not among the Bot Framework's any more


async def test_a_trailing_slash_makes_no_difference(world: World) -> None:
    activity = world.activity(serviceUrl=world.microsoft.service_url.rstrip("/"))
    assert (await world.send(activity))[0] == 200


async def test_keys_without_endorsement_are_no_keys(world: World) -> None:
    world.microsoft.endorsements = ["webchat"]
    await refused(world, world.token())


async def test_keys_are_fetched_once_and_again_for_an_unknown_one_at_most_each_minute(world: World) -> None:
    for _ in range(3):
        assert (await world.send(world.activity()))[0] == 200
    assert world.microsoft.keys_fetched == 1
    world.microsoft.kids = ("key-2",)
    world.clock.move(61)
    rotated = {"kid": "key-2"}
    assert (await world.send(world.activity(), world.token(headers=rotated)))[0] == 200
    assert world.microsoft.keys_fetched == 2
    for number in range(5):
        status, _ = await world.send(world.activity(), world.token(headers={"kid": f"guess-{number}"}))
        assert status == 401
    assert world.microsoft.keys_fetched == 2
    world.clock.move(24 * 3600 + 1)
    assert (await world.send(world.activity(), world.token(headers=rotated)))[0] == 200
    assert world.microsoft.keys_fetched == 3


async def test_a_hundred_first_requests_fetch_the_keys_once(world: World) -> None:
    answers = await asyncio.gather(*(world.send(world.activity()) for _ in range(100)))
    assert {status for status, _ in answers} == {200}
    assert world.microsoft.keys_fetched == 1


@pytest.mark.parametrize("body", ["", "null", "[]", '{"keys": 5}', '{"keys": [5, {}]}', "<html>"])
async def test_a_broken_key_server(world: World, body: str) -> None:
    world.microsoft.keys_body = body
    await refused(world, world.token())


async def test_a_hanging_key_server(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(auth, "KEYS_TIMEOUT", 0.2)
    world.microsoft.keys_hang = True
    await refused(world, world.token())
    world.microsoft.keys_hang = False
    world.clock.move(6)
    assert (await world.send(world.activity()))[0] == 200


async def test_keys_too_short_to_trust(world: World) -> None:
    weak = rsa.generate_private_key(public_exponent=65537, key_size=1024)
    jwk = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(weak.public_key()))
    world.microsoft.keys_body = json.dumps({"keys": [{**jwk, "kid": "key-1", "endorsements": ["msteams"]}]})
    await refused(world, world.token(key=weak))


def test_settings_that_leave_the_door_open_are_refused() -> None:
    for settings, said in (
        (TeamsSettings("", ""), "TEAMS_APP_ID"),
        (TeamsSettings(APP, "", tenant_id=TENANT), "TEAMS_APP_PASSWORD"),
        (TeamsSettings(APP, "secret"), "TEAMS_TENANT_ID"),
        (TeamsSettings(APP, "secret", tenant_id=" "), "TEAMS_TENANT_ID"),
        (TeamsSettings(APP, "secret", app_type="Any", tenant_id=TENANT), "TEAMS_APP_TYPE"),
    ):
        with pytest.raises(ValueError, match=said) as raised:
            check(settings)
        assert "secret" not in str(raised.value)
    check(TeamsSettings(APP, "", app_type="UserAssignedMSI", tenant_id=TENANT))
    check(TeamsSettings("", "", local_emulator=True))


def test_service_hosts() -> None:
    public = ServiceHosts(TeamsSettings(APP, "x"))
    assert public.allows("https://smba.trafficmanager.net/emea/")
    for url in (
        "http://smba.trafficmanager.net/emea/",
        "https://SMBA.trafficmanager.net/",
        "https://smba.trafficmanager.net:8443/",
        "https://smba.trafficmanager.net@evil.example/",
        "https://evil.example/smba.trafficmanager.net",
        "https://smba.trafficmanager.net\\@evil.example/",
        "https://smba.trafficmanager.net/?x=1",
        "https://smba.trafficmanager.net/#x",
        "https://127.0.0.1/",
        "https://[::1/",
        "https://smba.trafficmanager.net:port/",
        "file:///etc/passwd",
        "//smba.trafficmanager.net/",
        "",
    ):
        assert not public.allows(url), url
    named = ServiceHosts(TeamsSettings(APP, "x", service_hosts=("localhost:4000", "[::1]", "teams.example")))
    assert named.allows("http://localhost:4000/x")
    assert named.allows("http://[::1]:99/")
    assert named.allows("https://teams.example/")
    assert not named.allows("http://teams.example/")
    assert not named.allows("http://localhost:4001/x")
    assert not named.allows("https://smba.trafficmanager.net/emea/")


async def test_the_local_emulator_hears_this_machine_only() -> None:
    world = await build(app_id="", app_password="", tenant_id="", service_hosts=(), local_emulator=True)
    try:
        plain = world.activity(channelData=None, conversation={"id": "c1"})
        plain["from"] = {"id": "user-1", "name": "Me"}
        assert (await world.send(plain, Authorization=""))[0] == 200
        assert world.desk.asked[0].actor.user == "user-1"
        far = {**plain, "serviceUrl": "https://smba.trafficmanager.net/emea/"}
        assert (await world.send(far, Authorization=""))[0] == 401
        for name, value in (
            ("X_Forwarded_For", "203.0.113.5"),
            ("Host", "evil.example"),
            ("Origin", "https://evil.example"),
            ("Content_Type", "text/plain"),
        ):
            headers: dict[str, Any] = {name: value, "Authorization": ""}
            assert (await world.send(plain, **headers))[0] == 401
        assert len(world.desk.asked) == 1
    finally:
        await tear_down(world)
