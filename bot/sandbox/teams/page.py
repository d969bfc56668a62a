"""What the demo page needs: what one person sees as JSON, and doors for what they do.

Snapshot: `{tenant: {id, name}, user: {id, name}, conversations: [{id, name, kind, team, installed}],
messages: {conversation: [{id, thread, author, bot, text, card, updated, time}]},
dialog: {title, card} | null, notice: string | null}`.
"""

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any

from aiohttp import web

from bot.sandbox.teams.actions import Invalid
from bot.sandbox.teams.reading import plain
from bot.sandbox.teams.store import Conversation, stamp
from bot.sandbox.teams.wire import SORRY, Delivery

if TYPE_CHECKING:
    from bot.sandbox.teams.sandbox import TeamsSandbox

LARGEST = 256 * 1024

Door = Callable[["TeamsSandbox", "Order"], Awaitable[Delivery | None]]


class Order:
    """What the page sent: strings, an `action` (title or path) and `inputs`; else ValueError."""

    def __init__(self, body: Any) -> None:
        if not isinstance(body, dict):
            raise ValueError("Send a JSON object.")
        self._body = body

    def text(self, name: str) -> str:
        """A string, empty when it is missing."""
        value = self._body.get(name, "")
        if not isinstance(value, str):
            raise ValueError(f"{name} must be a string.")
        return value

    @property
    def action(self) -> str | list[str | int] | None:
        """The button: its title, its path, or None for the first."""
        value = self._body.get("action")
        path = isinstance(value, list) and all(isinstance(step, str | int) for step in value)
        if not (value is None or isinstance(value, str) or path):
            raise ValueError("action must be a title or a path.")
        return value

    @property
    def inputs(self) -> Mapping[str, Any]:
        """What was filled in, by input id or label."""
        value = self._body.get("inputs") or {}
        if not isinstance(value, dict):
            raise ValueError("inputs must be an object.")
        return value

    @property
    def who(self) -> tuple[str, str]:
        """Tenant and AAD object id."""
        return self.text("tenant"), self.text("user")


def snapshot(teams: "TeamsSandbox", tenant: str, oid: str) -> dict[str, Any]:
    """Everything that this person sees; LookupError when there is no such person."""
    user = teams.store.user(tenant, oid)
    teams.store.personal(tenant, oid)
    mine = [each for each in teams.store.conversations.values() if each.tenant == tenant and oid in each.members]
    return {
        "tenant": {"id": tenant, "name": teams.store.tenant(tenant).name},
        "user": {"id": oid, "name": user.name},
        "conversations": [_conversation(teams, each) for each in mine],
        "messages": {each.id: _messages(teams, each, oid) for each in mine},
        "dialog": teams.dialog(tenant, oid),
        "notice": teams.toast(tenant, oid),
    }


def routes(teams: "TeamsSandbox") -> list[web.RouteDef]:
    """POST /sandbox/teams/do/{what}: `{"ok": true}`, or `{"ok": false, "error": sentence}`."""

    async def do(request: web.Request) -> web.Response:
        door = _DOORS.get(request.match_info["what"])
        if door is None:
            return _answer("There is nothing like that to do here.", 404)
        if request.content_type != "application/json":
            # Another site's page cannot send this type without asking first.
            return _answer("Send JSON.", 415)
        raw = await request.content.read(LARGEST + 1)
        if len(raw) > LARGEST:
            return _answer("That is too much at once.", 413)
        try:
            delivery = await door(teams, Order(json.loads(raw)))
        except (json.JSONDecodeError, UnicodeDecodeError, RecursionError):
            return _answer("Send JSON.", 400)
        except Invalid as invalid:
            return _answer(str(invalid), problems=invalid.problems)
        except (LookupError, ValueError) as error:
            return _answer(str(error.args[0] if error.args else error))
        return _answer(_trouble(delivery))

    return [web.post("/sandbox/teams/do/{what}", do)]


def _trouble(delivery: Delivery | None) -> str:
    if delivery is None or (delivery.status == 0 and delivery.body is None) or 200 <= delivery.status < 300:
        return ""
    if delivery.status == 0:
        return "Folkmoot did not answer."
    return f"{SORRY} (Folkmoot answered {delivery.status}.)"


def _answer(error: str, status: int = 200, problems: Mapping[str, str] | None = None) -> web.Response:
    body: dict[str, Any] = {"ok": not error}
    if error:
        body["error"] = error
    if problems:
        body["problems"] = dict(problems)
    return web.json_response(body, status=status)


def _conversation(teams: "TeamsSandbox", each: Conversation) -> dict[str, Any]:
    return {
        "id": each.id,
        "name": teams.bot_name if each.personal else each.name,
        "kind": "personal" if each.personal else "channel",
        "team": each.team_name,
        "installed": teams.store.reachable(each),
    }


def _messages(teams: "TeamsSandbox", here: Conversation, oid: str) -> list[dict[str, Any]]:
    shown = [each for each in here.messages.values() if each.only_for in ("", oid)]
    return [
        {
            "id": each.id,
            "thread": each.root,
            "author": teams.store.user(here.tenant, each.author).name if each.author else teams.bot_name,
            "bot": not each.author,
            "text": each.activity.get("text", "") if each.author else plain(each.activity.get("text") or ""),
            "card": each.card_for(oid),
            "updated": stamp(each.updated) if each.updated else None,
            "time": stamp(each.created),
        }
        for each in shown
    ]


async def _say(teams: "TeamsSandbox", order: Order) -> Delivery:
    if not order.text("text").strip():
        raise ValueError("Write something first.")
    return await teams.say(*order.who, order.text("conversation"), order.text("text"), order.text("thread"))


async def _execute(teams: "TeamsSandbox", order: Order) -> Delivery:
    if order.action is None:
        raise ValueError("Say which button.")
    place = (order.text("conversation"), order.text("activity"))
    return await teams.execute(*order.who, *place, order.action, order.inputs)


async def _dialog_submit(teams: "TeamsSandbox", order: Order) -> Delivery:
    return await teams.dialog_submit(*order.who, order.inputs, order.action)


async def _dialog_close(teams: "TeamsSandbox", order: Order) -> None:
    await teams.dialog_close(*order.who)


async def _extension(teams: "TeamsSandbox", order: Order) -> Delivery:
    place = (order.text("conversation"), order.text("activity"))
    return await teams.extension(*order.who, order.text("command"), *place)


async def _back(teams: "TeamsSandbox", order: Order) -> None:
    teams.back(*order.who, order.text("conversation"), order.text("activity"))


_DOORS: Mapping[str, Door] = {
    "say": _say,
    "execute": _execute,
    "dialog_submit": _dialog_submit,
    "dialog_close": _dialog_close,
    "extension": _extension,
    "back": _back,
}
