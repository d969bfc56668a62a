"""The connector: where the bot posts, updates and deletes messages and reads rosters.

Source of the codes: Microsoft's page on messages in bot conversations ("status codes from bot
conversational APIs"); of the paths: the Bot Connector REST reference.
"""

import asyncio
import json
from collections import deque
from typing import Any

from aiohttp import web

from bot.sandbox.teams import cards
from bot.sandbox.teams.faults import Handler, RateLimits, refusal
from bot.sandbox.teams.signing import Logins
from bot.sandbox.teams.store import Conversation, Message, Store, User

PREFIX = "/sandbox/teams/connector/v3/conversations"
PAGE = 500


class Refusal(Exception):
    """A request that the connector turns down."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.response = refusal(status, code, message)


class Connector:
    """The connector's routes over the store. `targeted`: whether targeted messages are switched on."""

    def __init__(self, store: Store, logins: Logins, limits: RateLimits) -> None:
        self._store = store
        self._logins = logins
        self._limits = limits
        self.targeted = False
        self.requests: deque[tuple[str, str, int]] = deque(maxlen=10_000)

    def table(self) -> list[tuple[str, str, Handler]]:
        """Method, path and handler of each route."""
        one = PREFIX + "/{conversation}"
        activity = one + "/activities/{activity}"
        routes = [
            ("POST", PREFIX, self._create),
            ("POST", one + "/activities", self._send),
            ("POST", activity, self._send),
            ("PUT", activity, self._update),
            ("DELETE", activity, self._delete),
            ("GET", one + "/members", self._members),
            ("GET", one + "/pagedmembers", self._members),
            ("GET", one + "/members/{member}", self._member),
        ]
        return [(method, path, self._checked(handler)) for method, path, handler in routes]

    def _checked(self, handler: Handler) -> Handler:
        async def checked(request: web.Request) -> web.StreamResponse:
            try:
                if not self._logins.holds(request.headers.get("Authorization", "")):
                    denied = {"message": "Authorization has been denied for this request."}
                    response: web.StreamResponse = web.json_response(denied, status=401)
                else:
                    response = await handler(request)
            except Refusal as refused:
                response = refused.response
            self.requests.append((request.method, request.path, response.status))
            return response

        return checked

    async def _create(self, request: web.Request) -> web.StreamResponse:
        body = await _json(request)
        channel_data = _part(body, "channelData")
        tenant = body.get("tenantId") or _part(channel_data, "tenant").get("id")
        if body.get("isGroup"):
            channel = _part(channel_data, "channel").get("id")
            conversation = self._conversation(str(channel or ""), request)
            message = self._post(conversation, _part(body, "activity"), "")
            given = f"{conversation.id};messageid={message.id}"
            return web.json_response({"id": given, "activityId": message.id}, status=201)
        members = body.get("members")
        if not isinstance(members, list) or len(members) != 1 or not isinstance(members[0], dict):
            raise Refusal(400, "BadSyntax", "Incorrect conversation creation parameters")
        if not isinstance(tenant, str) or not tenant:
            raise Refusal(400, "BadSyntax", "Bad format of conversation ID")
        user = self._store.find_user(tenant, str(members[0].get("id")))
        if user is None or not user.installed:
            raise _not_installed()
        conversation = self._store.personal(tenant, user.oid)
        self._pace(conversation)
        made: dict[str, Any] = {"id": conversation.id}
        if body.get("activity"):
            made["activityId"] = self._post(conversation, _part(body, "activity"), "").id
        return web.json_response(made, status=201)

    async def _send(self, request: web.Request) -> web.StreamResponse:
        activity = await _json(request)
        conversation = self._conversation(request.match_info["conversation"], request)
        self._pace(conversation)
        root = self._thread(conversation, request)
        if activity.get("type") == "typing":
            return web.json_response({}, status=201)
        targeted = request.query.get("isTargetedActivity", "").lower() == "true"
        only_for = self._target(conversation, activity) if targeted else ""
        if activity.get("text") and activity.get("attachments"):
            self._judge(activity, conversation)
            self._post(conversation, {**activity, "attachments": []}, root, only_for)
            self._post(conversation, {**activity, "text": ""}, root, only_for)
            # Teams splits such a message in two and then gives no id back.
            return web.json_response({}, status=201)
        message = self._post(conversation, activity, root, only_for)
        return web.json_response({"id": message.id}, status=201)

    async def _update(self, request: web.Request) -> web.StreamResponse:
        activity = await _json(request)
        conversation = self._conversation(request.match_info["conversation"], request)
        message = self._own(conversation, request)
        self._pace(conversation)
        self._judge(activity, conversation)
        if activity.get("text") and activity.get("attachments"):
            raise Refusal(400, "BadArgument", "Activity resulted into multiple skype activities")
        message.activity = {**activity, **{key: message.activity[key] for key in ("id", "timestamp", "from")}}
        message.updated = self._store.clock.now()
        message.stamps.append(asyncio.get_running_loop().time())
        message.views.clear()
        self._store.changed()
        return web.json_response({"id": message.id})

    async def _delete(self, request: web.Request) -> web.StreamResponse:
        conversation = self._conversation(request.match_info["conversation"], request)
        del conversation.messages[self._own(conversation, request).id]
        self._store.changed()
        return web.Response()

    async def _members(self, request: web.Request) -> web.StreamResponse:
        conversation = self._conversation(request.match_info["conversation"], request)
        people = [self._store.user(conversation.tenant, oid) for oid in conversation.members]
        if not request.path.endswith("/pagedmembers"):
            return web.json_response([_member(user) for user in people])
        start, size = (
            request.query.get("continuationToken") or "0",
            request.query.get("pageSize") or str(PAGE),
        )
        if not start.isdecimal() or not size.isdecimal():
            raise Refusal(400, "BadArgument", "The page is not valid.")
        first, last = int(start), int(start) + min(max(int(size), 1), PAGE)
        page: dict[str, Any] = {"members": [_member(user) for user in people[first:last]]}
        if last < len(people):
            page["continuationToken"] = str(last)
        return web.json_response(page)

    async def _member(self, request: web.Request) -> web.StreamResponse:
        conversation = self._conversation(request.match_info["conversation"], request)
        user = self._store.find_user(conversation.tenant, request.match_info["member"])
        if user is None or user.oid not in conversation.members:
            raise Refusal(404, "MemberNotFoundInConversation", "Member not found in conversation.")
        return web.json_response(_member(user))

    def _conversation(self, given: str, request: web.Request) -> Conversation:
        try:
            conversation = self._store.conversation(given)
        except LookupError:
            raise Refusal(404, "ConversationNotFound", "Conversation not found.") from None
        if not self._store.reachable(conversation):
            raise _not_installed()
        return conversation

    def _thread(self, conversation: Conversation, request: web.Request) -> str:
        named = request.match_info["conversation"].partition(";messageid=")[2]
        root = request.match_info.get("activity") or named
        if not root:
            return ""
        if root not in conversation.messages:
            raise Refusal(404, "ActivityNotFoundInConversation", "Conversation not found.")
        return conversation.messages[root].root

    def _own(self, conversation: Conversation, request: web.Request) -> Message:
        message = conversation.messages.get(request.match_info["activity"])
        if message is None:
            raise Refusal(404, "ActivityNotFoundInConversation", "Conversation not found.")
        if message.author:
            raise Refusal(403, "NotEnoughPermissions", "The message was not sent by this bot.")
        return message

    def _target(self, conversation: Conversation, activity: dict[str, Any]) -> str:
        user = self._store.find_user(conversation.tenant, str(_part(activity, "recipient").get("id")))
        if not self.targeted or user is None or user.oid not in conversation.members:
            raise Refusal(400, "BadArgument", "A targeted message is not possible here.")
        return user.oid

    def _pace(self, conversation: Conversation) -> None:
        wait = self._limits.wait(conversation.id)
        if wait:
            refused = Refusal(429, "Throttled", "Too many requests.")
            refused.response.headers["Retry-After"] = str(wait)
            raise refused

    def _post(self, conversation: Conversation, activity: dict[str, Any], root: str, only_for: str = "") -> Message:
        self._judge(activity, conversation)
        bot = {"id": f"28:{self._store.app_id}", "name": "Folkmoot"}
        return self._store.post(conversation, "", {**activity, "from": bot}, root, only_for)

    def _judge(self, activity: dict[str, Any], conversation: Conversation) -> None:
        if activity.get("type") != "message":
            raise Refusal(400, "BadSyntax", "The activity has no type that can be sent.")
        if cards.size(activity) > cards.LARGEST:
            raise Refusal(413, "MessageSizeTooBig", "Message size too large.")
        for holder in (_part(activity, "conversation").get("tenantId"), _tenant(activity)):
            if holder not in (None, conversation.tenant):
                raise Refusal(403, "ForbiddenOperationException", "The conversation belongs to another tenant.")
        sender = _part(activity, "from").get("id")
        if sender not in (None, "", f"28:{self._store.app_id}"):
            raise Refusal(403, "ForbiddenOperationException", "The sender is not this bot.")
        text, attachments = activity.get("text"), activity.get("attachments") or []
        if not isinstance(text, str | None) or not isinstance(attachments, list) or not (text or attachments):
            raise Refusal(400, "BadSyntax", "No valid activities found")
        for attachment in attachments:
            _judge_attachment(attachment)


def _judge_attachment(attachment: Any) -> None:
    if not isinstance(attachment, dict) or not isinstance(attachment.get("contentType"), str):
        raise Refusal(400, "BadSyntax", "An attachment has no content type.")
    if attachment["contentType"] == cards.CONTENT_TYPE:
        found = cards.problems(attachment.get("content"))
        if found:
            raise Refusal(400, "BadSyntax", "Bad Adaptive Card: " + "; ".join(found[:5]))


async def _json(request: web.Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.read())
    except (ValueError, RecursionError):
        raise Refusal(400, "BadSyntax", "The body is not JSON.") from None
    if not isinstance(body, dict):
        raise Refusal(400, "BadSyntax", "The body is not an object.")
    return body


def _part(body: dict[str, Any], name: str) -> dict[str, Any]:
    value = body.get(name)
    return value if isinstance(value, dict) else {}


def _tenant(activity: dict[str, Any]) -> Any:
    return _part(_part(activity, "channelData"), "tenant").get("id")


def _not_installed() -> Refusal:
    return Refusal(403, "ForbiddenOperationException", "The bot is not part of the conversation roster.")


def _member(user: User) -> dict[str, Any]:
    given, _, family = user.name.partition(" ")
    address = f"{user.oid}@example.org"
    return {
        "id": user.mri,
        "objectId": user.oid,
        "aadObjectId": user.oid,
        "name": user.name,
        "givenName": given,
        "surname": family,
        "email": address,
        "userPrincipalName": address,
        "tenantId": user.tenant,
        "userRole": "user",
    }
