"""The demo page's side: what one person sees, as JSON, and routes by which the page acts for that person."""

from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from aiohttp import web

from bot.sandbox.slack.deliver import NOT_DELIVERED, Delivery
from bot.sandbox.slack.people import People
from bot.sandbox.slack.world import BOT_NAME, BOT_USER, Channel, Json, Message, World


def visible(channel: Channel, user: str | None) -> list[Message]:
    """The messages of a channel, oldest first: all of them, or those that one user sees."""
    if user is not None and user not in channel.members:
        return []
    return [each for each in channel.messages.values() if user is None or each.only_for in ("", user)]


def snapshot(world: World, people: People, team: str, user: str) -> Json:
    """All that one person sees in a workspace."""
    space, person = world.workspace(team), world.user(team, user)
    world.direct(team, user)
    mine = [each for each in space.channels.values() if user in each.members and not each.archived]
    top = person.modals[-1] if person.modals else None
    return {
        "workspace": {"id": space.id, "name": space.name},
        "user": {"id": person.id, "name": person.name},
        "channels": [_channel(each) for each in mine],
        "messages": {each.id: [_message(world, team, m) for m in visible(each, user)] for each in mine},
        "home": people.payloads.view(person.home) if person.home else None,
        "modal": {"view": people.payloads.view(top), "errors": top.errors} if top else None,
        "notice": person.notice,
    }


def _channel(channel: Channel) -> Json:
    kind = "im" if channel.partner else "channel"
    return {"id": channel.id, "name": BOT_NAME if channel.partner else channel.name, "kind": kind}


def _message(world: World, team: str, message: Message) -> Json:
    people = world.workspace(team).users
    author = BOT_NAME if message.author == BOT_USER else people[message.author].name
    return {
        "ts": message.ts,
        "author": author,
        "bot": message.bot,
        "text": message.text,
        "blocks": message.blocks,
        "ephemeral": bool(message.only_for),
        "edited": message.edited is not None and not message.blocks,  # Slack marks no edited blocks
        "time": message.at.isoformat(),
    }


Deed = Callable[[Json], Awaitable[Delivery]]


class Page:
    """`POST /sandbox/slack/do/{deed}`; answers `{"ok": true}` or `{"ok": false, "error": sentence}`."""

    def __init__(self, people: People) -> None:
        self.people = people
        self._deeds: dict[str, Deed] = {
            "command": self._command,
            "message": self._message,
            "click": self._click,
            "select": self._select,
            "submit": self._submit,
            "close": self._close,
            "shortcut": self._shortcut,
            "home": self._home,
        }

    def routes(self) -> list[web.RouteDef]:
        """The page's routes."""
        return [web.post("/sandbox/slack/do/{deed}", self.do)]

    async def do(self, request: web.Request) -> web.Response:
        """Do one deed for a person."""
        deed = self._deeds.get(request.match_info["deed"])
        try:
            asked = orjson.loads(await request.read())
        except orjson.JSONDecodeError:
            asked = None
        if deed is None or not isinstance(asked, dict):
            return _answer("That is nothing that the page can do.", 400)
        try:
            done = await deed(asked)
        except LookupError as error:
            return _answer(str(error.args[0]) if error.args else "That is not there.")
        if done.error and done is not NOT_DELIVERED:
            return _answer(f"Folkmoot did not answer as it should ({done.error}).")
        return _answer("")

    async def _command(self, asked: Json) -> Delivery:
        where = (_word(asked, "team"), _word(asked, "user"), _word(asked, "channel"))
        word, _, text = _word(asked, "text").strip().partition(" ")
        if asked.get("command"):
            word, text = _word(asked, "command"), _word(asked, "text")
        return await self.people.command(*where, word, text.strip())

    async def _message(self, asked: Json) -> Delivery:
        where = (_word(asked, "team"), _word(asked, "user"), _word(asked, "channel"))
        return await self.people.message(*where, _word(asked, "text"))

    async def _click(self, asked: Json) -> Delivery:
        where = (_word(asked, "team"), _word(asked, "user"), _word(asked, "channel"), _word(asked, "ts"))
        label = _word(asked, "action_id") or _word(asked, "label")
        return await self.people.click(
            *where, label, view=_word(asked, "view") or None, block_id=_word(asked, "block_id")
        )

    async def _select(self, asked: Json) -> Delivery:
        where = (_word(asked, "team"), _word(asked, "user"), _word(asked, "channel"), _word(asked, "ts"))
        return await self.people.select(
            *where,
            _word(asked, "value") or _word(asked, "label"),
            view=_word(asked, "view") or None,
            block_id=_word(asked, "block_id"),
            action_id=_word(asked, "action_id"),
        )

    async def _submit(self, asked: Json) -> Delivery:
        values = asked.get("values")
        given = values if isinstance(values, dict) else {}
        return await self.people.submit(_word(asked, "team"), _word(asked, "user"), given)

    async def _close(self, asked: Json) -> Delivery:
        return await self.people.close(_word(asked, "team"), _word(asked, "user"))

    async def _shortcut(self, asked: Json) -> Delivery:
        return await self.people.shortcut(
            _word(asked, "team"),
            _word(asked, "user"),
            _word(asked, "callback_id"),
            channel=_word(asked, "channel") or None,
            ts=_word(asked, "ts") or None,
        )

    async def _home(self, asked: Json) -> Delivery:
        return await self.people.open_home(_word(asked, "team"), _word(asked, "user"))


def _word(asked: Json, name: str) -> str:
    value: Any = asked.get(name)
    return value if isinstance(value, str) else ""


def _answer(error: str, status: int = 200) -> web.Response:
    answer: Json = {"ok": False, "error": error} if error else {"ok": True}
    return web.Response(body=orjson.dumps(answer), status=status, content_type="application/json")
