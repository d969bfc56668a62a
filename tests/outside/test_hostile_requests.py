"""Every hostile request of the trust list against the running server: an answer, no effect, no secret in the log."""

import asyncio
import gzip
import json
import secrets
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote, urlencode

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from tests.databases import SQLITE_FIRST
from tests.outside.conftest import Outside
from tests.outside.test_nothing_but_http import clicks, opens, until
from tests.outside.wire import Json, Signed, card_action, now, slack_button, slack_option

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
MARKER = "Marker" + secrets.token_hex(8)
WORDS = (
    "<!channel>",
    "<@U1>",
    "<https://evil.example|Approve>",
    "[x](https://evil.example)",
    "<at>Everyone</at>",
    '=HYPERLINK("https://evil.example")',
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "a\r\nX-Injected: yes",
    "\x1b[31mred\x1b[0m",
    "nul\x00byte",
    "\u202egnp.exe",
    "👩‍👩‍👧‍👦" * 50,
    "e\u0301 and \u00e9",
    "x" * 10_000,
    "9999-12-31",
    "'; DROP TABLE stances; --",
)
"""What people may write; each has to be refused or taken as mere words."""
ODD: tuple[Any, ...] = (None, [], "text", 7, True, 1e308, {"a": {"b": None}})


def forged_slack(outside: Outside, good: Signed) -> Iterator[tuple[str, Signed]]:
    """A good body under headers that are not."""
    side = outside.vendors.slack

    def under(stamp: str, signature: str | None = None, **more: str) -> Signed:
        made = side.signature(good.body, stamp) if signature is None else signature
        headers = {"Content-Type": FORM, "X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": made}
        return Signed(good.body, {**headers, **more})

    for stamp in ("abc", f"{now():.3f}", "9" * 5000, "", "-1", "١٢٣", str(int(now()) - 301), str(int(now()) + 302)):
        yield f"timestamp {stamp[:12]!r}", under(stamp)
    fresh = str(int(now()))
    for signature in ("", "v0=", "v0=" + "0" * 64, "v1=" + "0" * 64, "vö=é", "v0=" + "f" * 5000):
        yield f"signature {signature[:8]!r}", under(fresh, signature)
    yield "unsigned", Signed(good.body, {"Content-Type": FORM})
    yield "unsigned ssl_check", Signed(b"ssl_check=1&token=x", {"Content-Type": FORM})
    yield "another body", Signed(good.body + b"&x=1", good.headers)


def odd_slack(outside: Outside, message: Json) -> Iterator[tuple[str, Signed]]:
    """Well-signed bodies that Slack would never send, or that somebody has tampered with."""
    side, board = outside.vendors.slack, outside.board
    council = board.slack["council"]
    deep = "[" * 50_000 + "]" * 50_000
    for name, raw in (
        ("invalid UTF-8", b"payload=%ff%fe&x=\xff"),
        ("JSON null", b"payload=null"),
        ("payload an array", b"payload=[]"),
        ("payload a string", b'payload="x"'),
        ("payload deep", b"payload=" + deep.encode()),
        ("payload empty", b"payload="),
        ("doubled payload", b"payload={}&payload={}"),
        ("lone surrogate", b'payload={"type":"\\ud800"}'),
        ("nothing", b""),
        ("2 MiB", b"a=" + b"x" * 2 * 1024 * 1024),
    ):
        yield name, side.signed(raw)
    for name, raw in (("null", b"null"), ("array", b"[]"), ("string", b'"x"'), ("deep", deep.encode()), ("cut", b"{")):
        yield f"event {name}", side.signed(raw, JSON)
    yield "bogus charset", side.signed(b"payload={}", f"{FORM}; charset=klingon-8")
    bomb = gzip.compress(b"payload=" + b"[" * 10_000_000)
    packed = side.signed(bomb)
    yield "gzip bomb", Signed(packed.body, {**packed.headers, "Content-Encoding": "gzip"})
    # Pressing this one is harmless, so that whatever is tampered with around it can't be a stance in disguise.
    consent = slack_button(message["blocks"], "Consent")
    shows = slack_option(message["blocks"], "Who said what")
    good = side.payload("block_actions", council, actions=[shows], channel={"id": board.channel}, message=message)
    for key in ("actions", "user", "team", "channel", "message", "type", "trigger_id"):
        for odd in ODD:
            yield f"{key} is {odd!r}", side.signed(urlencode({"payload": json.dumps({**good, key: odd})}).encode())
    for value in ("", "{", "null", "[]", "{}", '{"c":1}', '{"c":"agreements.cast"}', "x" * 5000, deep[:1999]):
        pressed = {**good, "actions": [{**consent, "value": value}]}
        yield f"value {value[:12]!r}", side.signed(urlencode({"payload": json.dumps(pressed)}).encode())
    foreign = consent["value"].replace("agr_", "agr_zzzz")
    assert foreign != consent["value"]
    pressed = {**good, "actions": [{**consent, "value": foreign}]}
    yield "another board's agreement", side.signed(urlencode({"payload": json.dumps(pressed)}).encode())
    for metadata in ("", "{", "[]", '{"c":"agreements.close","f":{},"p":null}', '{"c":"x","f":[],"p":[]}', "x" * 3000):
        view = {"type": "modal", "callback_id": "form", "private_metadata": metadata, "blocks": []}
        yield f"metadata {metadata[:12]!r}", side.submission(council, view, {})
    stranger = good | {"actions": [consent], "user": {"id": board.slack["stranger"], "team_id": "T0EVIL"}}
    yield "a stranger's click", side.signed(urlencode({"payload": json.dumps(stranger)}).encode())
    for word in WORDS:
        text = f"agree {word} {MARKER} closes:1999-01-01"
        for who in ("stranger", "council"):
            yield (
                f"{who} says {word[:12]!r}",
                side.command(board.slack[who], board.channel, "/board", text, outside.vendors.response_url()),
            )
    event = {"type": "event_callback", "team_id": board.team, "event_id": "Ev1"}
    for odd in (*ODD, {"type": "app_mention"}, {"type": "message", "channel_type": "im", "text": MARKER}):
        yield f"event is {odd!r}", side.signed(json.dumps({**event, "event": odd}).encode(), JSON)


def forged_teams(outside: Outside, good: Json) -> Iterator[tuple[str, Signed]]:
    """A good activity under tokens that are not."""
    side = outside.vendors.teams
    other = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    none = jwt.encode(side.claims(), "", algorithm="none", headers={"kid": side.kid})
    tokens = {
        "none": "",
        "rubbish": "a.b.c",
        "not ASCII": "é.é.é",
        "long": "x" * 7000,
        "alg none": none,
        "HS256": side.token(key="secret" * 8, algorithm="HS256"),
        "another key": side.token(key=other),
        "unknown kid": side.token(kid="unheard-of"),
        "no kid": jwt.encode(side.claims(), side.key, algorithm="RS256"),
        "no exp": side.token(exp=None),
        "expired": side.token(exp=int(now()) - 600),
        "not yet": side.token(nbf=int(now()) + 6000),
        "an endless nbf": side.token(nbf=1e400),
        "wrong aud": side.token(aud="somebody else"),
        "no aud": side.token(aud=None),
        "wrong iss": side.token(iss="https://evil.example"),
        "no iss": side.token(iss=None),
        "no serviceurl": side.token(serviceurl=None),
        "foreign serviceurl": side.token(serviceurl="https://evil.example/"),
    }
    for name, token in tokens.items():
        made = side.signed(good, token)
        header = {**made.headers, "Authorization": quote(made.headers["Authorization"], safe=" .-_=")} if token else {}
        yield f"token {name}", Signed(made.body, {**made.headers, **header})
    yield (
        "twice the scheme",
        Signed(json.dumps(good).encode(), {"Authorization": "Bearer Bearer x", "Content-Type": JSON}),
    )
    for name, changed in (
        ("missing", {"serviceUrl": None}),
        ("foreign", {"serviceUrl": "https://evil.example/"}),
        ("upper case", {"serviceUrl": side.service_url.upper()}),
        ("tenant", {"conversation": {**good["conversation"], "tenantId": secrets.token_hex(16)}}),
        ("no tenant", {"conversation": {"id": "x"}, "channelData": {}}),
        ("channel", {"channelId": "emulator"}),
        ("no channel", {"channelId": None}),
    ):
        yield f"activity's {name}", side.signed({**good, **changed})


def odd_teams(outside: Outside, message: str, card: Json, good: Json) -> Iterator[tuple[str, Signed]]:
    """Well-signed activities that Teams would never send, or that somebody has tampered with."""
    side, board = outside.vendors.teams, outside.board
    headers = side.signed(good).headers
    deep = b"[" * 50_000 + b"]" * 50_000
    for name, raw in (
        ("null", b"null"),
        ("array", b"[]"),
        ("string", b'"x"'),
        ("deep", deep),
        ("cut", b"{"),
        ("nothing", b""),
        ("invalid UTF-8", b'{"type":"\xff"}'),
        ("lone surrogate", b'{"type":"\\ud800"}'),
        ("2 MiB", b'{"type":"' + b"x" * 2 * 1024 * 1024 + b'"}'),
    ):
        yield f"body {name}", Signed(raw, headers)
    yield "gzip bomb", Signed(gzip.compress(b"[" * 10_000_000), {**headers, "Content-Encoding": "gzip"})
    for key in ("from", "conversation", "recipient", "value", "name", "type", "channelData", "id", "replyToId"):
        for odd in ODD:
            yield f"{key} is {odd!r}", side.signed({**good, key: odd})
    action = card_action(card, "Consent")
    for data in (*ODD, {"folkmoot": None}, {"folkmoot": {"c": 7}}, {"folkmoot": {"c": "agreements.cast", "a": []}}):
        value = {"action": {"type": "Action.Execute", "verb": action.get("verb"), "data": data}}
        yield (
            f"data {data!r}",
            side.invoke("adaptiveCard/action", board.teams["trust"], board.conversation, message, value),
        )
    foreign = json.loads(json.dumps(action).replace("agr_", "agr_zzzz"))
    yield "another board's agreement", side.execute(board.teams["trust"], board.conversation, message, foreign)
    yield "a stranger's press", side.execute(board.teams["stranger"], board.conversation, message, action)
    for name in ("task/fetch", "task/submit", "composeExtension/query", "signin/verifyState", "x" * 300, ""):
        for odd in ODD:
            yield f"{name[:12]} {odd!r}", side.invoke(name, board.teams["trust"], board.conversation, message, odd)
    for word in WORDS:
        for who in ("stranger", "trust"):
            text = f"<at>Folkmoot</at> agree {word} {MARKER} closes:1999-01-01"
            said = side.activity("message", board.teams[who], board.conversation, text=text, entities=[])
            yield f"{who} says {word[:12]!r}", side.signed(said)


async def send_all(
    outside: Outside, path: str, cases: Iterator[tuple[str, Signed]], *, refused: bool
) -> tuple[Counter[int], list[str]]:
    """Send each; what statuses came, and which answers were not as they should be."""
    statuses: Counter[int] = Counter()
    wrong = []
    for name, signed in cases:
        status = await status_of(outside, path, signed)
        statuses[status] += 1
        if not (400 <= status < 500 or (status == 200 and not refused)):
            wrong.append(f"{path} {name}: {status}")
    return statuses, wrong


async def status_of(outside: Outside, path: str, signed: Signed) -> int:
    """One request by hand: the client would refuse to send some of these headers itself."""
    reader, writer = await asyncio.open_connection("127.0.0.1", outside.product.port)
    head = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", "Connection: close", f"Content-Length: {len(signed.body)}"]
    head += [f"{name}: {value}" for name, value in signed.headers.items()]
    try:
        writer.write("\r\n".join([*head, "", ""]).encode() + signed.body)
        answer = await asyncio.wait_for(reader.readline(), 10)
        return int(answer.split()[1]) if answer else 0
    except (ConnectionError, IndexError):
        return 0
    finally:
        writer.close()


@SQLITE_FIRST
async def test_hostile_requests_change_nothing(outside: Outside, report: Callable[[str], None]) -> None:
    board, vendors, product = outside.board, outside.vendors, outside.product
    async with product.serving() as process:
        in_slack, message, card = await opens(outside, 3 * 24 * 3600)
        assert await clicks(outside, "council", in_slack, "Consent") == 200
        # The redrawn cards have a harmless button that only shows something.
        await until(lambda: "1 of 3" in vendors.slack_says(board.channel), "the vote in Slack")
        await until(lambda: "1 of 3" in vendors.teams_says(board.conversation), "the vote in Teams")
        in_slack = vendors.slack_card(board.channel, board.asks)
        message, card = vendors.teams_card(board.conversation, board.asks)
        before = await product.export()
        good_click = vendors.slack.click(
            board.slack["council"], board.channel, in_slack, slack_button(in_slack["blocks"], "Consent"), vendors.base
        )
        value = {"action": card_action(card, "Who said what"), "trigger": "manual"}
        good = vendors.teams.activity(
            "invoke", board.teams["trust"], board.conversation, name="adaptiveCard/action", value=value
        )
        await send_all(outside, "/api/messages", odd_teams(outside, message, card, good), refused=False)
        started = product.memory(process)
        statuses: Counter[int] = Counter()
        wrong: list[str] = []
        for path, cases, refused in (
            ("/slack/events", forged_slack(outside, good_click), True),
            ("/slack/events", odd_slack(outside, in_slack), False),
            ("/api/messages", forged_teams(outside, good), True),
            ("/api/messages", odd_teams(outside, message, card, good), False),
        ):
            found, faults = await send_all(outside, path, cases, refused=refused)
            statuses += found
            wrong += faults
        grown = product.memory(process) - started
        after = await product.export()
    assert not wrong, wrong
    assert after == before
    log = product.log.read_text()
    secret = (
        vendors.slack.secret,
        vendors.bot_token,
        vendors.password,
        MARKER,
        product.environment["FOLKMOOT_SECRET_KEY"],
    )
    assert not [each[:8] for each in secret if each in log], "a secret or a body stands in the log"
    assert "Traceback" not in log, log[log.index("Traceback") - 500 :][:3000]
    told = ", ".join(f"{count} x {status}" for status, count in sorted(statuses.items()))
    report(f"{statuses.total()} hostile requests: {told}; nothing changed, nothing leaked, memory +{grown:.1f} MiB")
    assert grown < 50
