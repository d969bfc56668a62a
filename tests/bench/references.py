"""The bare limits that we are measured against: `python -m tests.bench.references NAME PORT [DATABASE_URL]`.

ideal: aiohttp, signature, parsing in C, one stance a click in a group commit, and no framework.
signature: the same without parsing and store. bolt: an empty Bolt AsyncApp with process_before_response.
cloudadapter: an empty bot on the stock adapter's way. jwt: aiohttp and PyJWT. The last two fetch the key set
from PORT - 1, where the vendors listen.
"""

import asyncio
import datetime
import hashlib
import hmac
import json
import re
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from aiohttp import ClientSession, web
from yarl import query_to_pairs

SECRET = b"signing secret for tests"
Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def _check(request: web.Request, body: bytes) -> None:
    stamp, given = request.headers["X-Slack-Request-Timestamp"], request.headers["X-Slack-Signature"]
    if abs(datetime.datetime.now(datetime.UTC).timestamp() - int(stamp)) > 300:  # noqa: TID251 - no product here
        raise web.HTTPUnauthorized
    mine = "v0=" + hmac.new(SECRET, b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    if not hmac.compare_digest(mine, given):
        raise web.HTTPUnauthorized


async def signature(request: web.Request) -> web.Response:
    """The signature alone."""
    _check(request, await request.read())
    return web.Response()


class Ideal:
    """A click kept durably without any framework: all that wait share one statement and one commit."""

    def __init__(self, url: str) -> None:
        from sqlalchemy import Column, MetaData, String, Table

        self._url = url
        self._waiting: list[tuple[dict[str, str], asyncio.Future[None]]] = []
        self._lane: asyncio.Task[None] | None = None
        self._table = Table(
            "bench_stances",
            MetaData(),
            Column("agreement", String(40), primary_key=True),
            Column("account", String(40), primary_key=True),
            Column("position", String(20)),
        )

    async def start(self, _app: web.Application) -> None:
        """Open the database."""
        from sqlalchemy.dialects import postgresql, sqlite

        from core.db import open_engine

        self._engine = open_engine(self._url)
        async with self._engine.begin() as connection:
            await connection.run_sync(self._table.metadata.create_all)
        dialect = postgresql if self._engine.dialect.name == "postgresql" else sqlite
        inserted = dialect.insert(self._table)
        self._upsert = inserted.on_conflict_do_update(
            index_elements=["agreement", "account"], set_={"position": inserted.excluded.position}
        )

    async def click(self, request: web.Request) -> web.Response:
        """One click, kept when this answers."""
        body = await request.read()
        _check(request, body)
        payload = orjson.loads(dict(query_to_pairs(body.decode()))["payload"])
        does = orjson.loads(payload["actions"][0]["value"])["a"]
        row = {"agreement": does["agreement"], "account": payload["user"]["id"], "position": does["position"]}
        kept: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((row, kept))
        if self._lane is None or self._lane.done():
            self._lane = asyncio.create_task(self._run())
        await kept
        return web.Response()

    async def _run(self) -> None:
        while self._waiting:
            turns, self._waiting = self._waiting, []
            rows = {(row["agreement"], row["account"]): row for row, _ in turns}
            async with self._engine.connect() as connection:
                writing = await connection.execution_options(writes=True)
                async with writing.begin():
                    await writing.execute(self._upsert, list(rows.values()))
            for _, kept in turns:
                kept.set_result(None)


def bolt() -> list[web.RouteDef]:
    """An empty Bolt handler that acknowledges."""
    from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
    from slack_bolt.app.async_app import AsyncApp
    from slack_bolt.authorization import AuthorizeResult

    async def authorize(**_: Any) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id="T0BOARD01", bot_token="xoxb-for-tests")

    app = AsyncApp(signing_secret=SECRET.decode(), authorize=authorize, process_before_response=True)

    @app.action(re.compile(""))
    async def acknowledge(ack: Any) -> None:
        await ack()

    async def click(request: web.Request) -> web.Response:
        answered: web.Response = await to_aiohttp_response(await app.async_dispatch(await to_bolt_request(request)))
        return answered

    return [web.post("/slack/events", click)]


def cloudadapter(vendors: str, app_id: str, tenant: str) -> list[web.RouteDef]:
    """What botbuilder-integration-aiohttp's CloudAdapter does with an invoke, with an empty bot."""
    from botbuilder.core import CloudAdapterBase, InvokeResponse, TurnContext
    from botbuilder.schema import Activity
    from botframework.connector.auth import BotFrameworkAuthenticationFactory, PasswordServiceClientCredentialFactory

    class Stock(CloudAdapterBase):  # type: ignore[misc]
        """The adapter as it comes."""

    adapter = Stock(
        BotFrameworkAuthenticationFactory.create(
            channel_service="",
            validate_authority=True,
            to_channel_from_bot_login_url=f"{vendors}/login/{tenant}",
            to_channel_from_bot_oauth_scope="https://api.botframework.com",
            to_bot_from_channel_token_issuer="https://api.botframework.com",
            oauth_url="https://api.botframework.com",
            to_bot_from_channel_open_id_metadata_url=f"{vendors}/openid",
            to_bot_from_emulator_open_id_metadata_url=f"{vendors}/openid",
            credential_factory=PasswordServiceClientCredentialFactory(app_id, "password for tests", tenant_id=tenant),
        )
    )

    async def empty(context: TurnContext) -> None:
        await context.send_activity(Activity(type="invokeResponse", value=InvokeResponse(status=200, body={})))

    async def invoke(request: web.Request) -> web.Response:
        activity = Activity().deserialize(await request.json())
        answer = await adapter.process_activity(request.headers["Authorization"], activity, empty)
        return web.json_response(answer.body if answer else None, status=answer.status if answer else 200)

    return [web.post("/api/messages", invoke)]


def pyjwt(vendors: str, app_id: str) -> tuple[list[web.RouteDef], Handler]:
    """The token checked, the body parsed, an empty answer."""
    import jwt

    keys: dict[str, Any] = {}

    async def start(_app: Any) -> None:
        async with ClientSession() as session, session.get(f"{vendors}/keys") as found:
            for each in (await found.json())["keys"]:
                keys[each["kid"]] = jwt.PyJWK(each, "RS256").key

    async def invoke(request: web.Request) -> web.Response:
        token = request.headers["Authorization"].partition(" ")[2]
        key = keys[jwt.get_unverified_header(token)["kid"]]
        jwt.decode(token, key, algorithms=["RS256"], audience=app_id, issuer="https://api.botframework.com")
        json.loads(await request.read())
        return web.json_response({"statusCode": 200})

    return [web.post("/api/messages", invoke)], start  # type: ignore[return-value]


def main(name: str, port: int, url: str) -> None:
    """Serve one of them until told to stop."""
    from tests.world import APP_ID, TENANT

    app = web.Application()
    vendors = f"http://127.0.0.1:{port - 1}" if not url.startswith("http") else url
    if name == "signature":
        app.add_routes([web.post("/slack/events", signature)])
    elif name == "ideal":
        ideal = Ideal(url)
        app.on_startup.append(ideal.start)
        app.add_routes([web.post("/slack/events", ideal.click)])
    elif name == "bolt":
        app.add_routes(bolt())
    elif name == "cloudadapter":
        app.add_routes(cloudadapter(vendors, APP_ID, TENANT))
    else:
        routes, start = pyjwt(vendors, APP_ID)
        app.add_routes(routes)
        app.on_startup.append(start)  # type: ignore[arg-type]
    app.add_routes([web.get("/healthz", _healthy)])
    web.run_app(app, host="127.0.0.1", port=port, print=None, access_log=None)


async def _healthy(_request: web.Request) -> web.Response:
    return web.Response(text="ok")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), sys.argv[3] if len(sys.argv) > 3 else "")
