"""The courier's way into Slack: post a card once, redraw it as it changes, and say why when neither works."""

import logging
from typing import Any

from adapters.slack.fit import message as draw_message
from adapters.slack.web import CallFailed, SlackWeb
from core.cards import Card
from core.errors import SendFailed
from core.requests import Address, Doing, Limit, Posted

_EVENT_TYPE = "folkmoot"
_SEARCHED = 50  # messages of recent history that are looked through for a stamp

_PAUSED = frozenset(
    [
        "invalid_auth",
        "not_authed",
        "token_revoked",
        "token_expired",
        "account_inactive",
        "app_uninstalled",
        "team_access_not_granted",
        "access_denied",
    ]
)
_LOST = frozenset(["channel_not_found", "is_archived", "not_in_channel", "not_installed"])
_NEVER = _LOST | frozenset(
    [
        "cant_update_message",
        "message_not_found",
        "edit_window_closed",
        "msg_too_long",
        "msg_blocks_too_long",
        "invalid_blocks",
        "invalid_blocks_format",
        "no_text",
        "user_not_found",
        "user_disabled",
        "user_not_visible",
        "users_not_found",
        "cannot_dm_bot",
        "restricted_action",
        "restricted_action_read_only_channel",
        "restricted_action_thread_only_channel",
        "restricted_action_non_threadable_channel",
        "no_permission",
        "channel_type_not_supported",
        "method_not_supported_for_channel_type",
    ]
)

log = logging.getLogger(__name__)


class SlackMessenger:
    """`core.requests.Messenger` for Slack. Raises SendFailed and nothing else; its reasons hold no token."""

    def __init__(self, web: SlackWeb) -> None:
        self._web = web

    def limits(self, address: Address, doing: Doing) -> tuple[Limit, ...]:
        """One message a second in each channel; chat.update is of tier 3, about 50 a minute in a workspace.

        Edits go evenly after the first ten, so that no card's first change waits for a minute to pass
        (docs.slack.dev, "Rate limits").
        """
        if doing == "edit":
            return (Limit(f"slack/{address.workspace}/chat.update", 50, 60.0, burst=10, whole=True),)
        where = address.conversation or address.user
        return (Limit(f"slack/{address.workspace}/{where}", 1, 1.0),)

    async def post(self, address: Address, card: Card, *, stamp: str, again: bool) -> Posted:
        """Posts a card, stamped in its metadata; with `again` the recent history is searched first.

        chat.postMessage has no idempotency key; a stamp found there is the earlier attempt's message.
        """
        channel = await self._channel(address)
        if again and (found := await self._find(address.workspace, channel, stamp)):
            return Posted(channel, found)
        drawn = draw_message(card)
        payload: dict[str, Any] = {
            "channel": channel,
            "text": drawn.text,
            "blocks": drawn.blocks,
            "metadata": {"event_type": _EVENT_TYPE, "event_payload": {"stamp": stamp}},
            "unfurl_links": False,
            "unfurl_media": False,
        }
        try:
            answer = await self._web.call(address.workspace, "chat.postMessage", payload)
        except CallFailed as failed:
            if failed.code == "channel_not_found" and not address.conversation:
                self._web.forget_channel(address.workspace, address.user)
            raise _sending(failed, posting=True) from None
        posted, stands = answer.get("ts"), answer.get("channel")
        if not isinstance(posted, str) or not posted:
            raise SendFailed("unsure", "chat.postMessage: no timestamp in the answer")
        return Posted(stands if isinstance(stands, str) and stands else channel, posted)

    async def update(self, address: Address, message: str, card: Card) -> None:
        """Redraws a message; doing it twice is the same as once, so every doubt is worth another attempt."""
        drawn = draw_message(card)
        payload = {"channel": address.conversation, "ts": message, "text": drawn.text, "blocks": drawn.blocks}
        try:
            await self._web.call(address.workspace, "chat.update", payload)
        except CallFailed as failed:
            raise _sending(failed, posting=False) from None

    async def _channel(self, address: Address) -> str:
        if address.conversation:
            return address.conversation
        try:
            return await self._web.direct_channel(address.workspace, address.user)
        except CallFailed as failed:
            raise _sending(failed, posting=False) from None

    async def _find(self, workspace: str, channel: str, stamp: str) -> str:
        """The message that carries the stamp, if history may be read and holds it.

        Without the scope the second attempt just posts. While history cannot be reached the doubt remains.
        """
        fields = {"channel": channel, "limit": str(_SEARCHED), "include_all_metadata": "true"}
        try:
            history = await self._web.read(workspace, "conversations.history", fields)
        except CallFailed as failed:
            kind = _sending(failed, posting=True).kind
            if kind == "paused":
                raise _sending(failed, posting=True) from None
            if failed.arrived == "maybe" or failed.code in ("ratelimited", "unreachable"):
                raise SendFailed("unsure", str(failed), retry_after=failed.retry_after) from None
            log.info("history not searched", extra={"code": failed.code})
            return ""
        messages = history.get("messages")
        for each in messages if isinstance(messages, list) else ():
            if isinstance(each, dict) and _stamp_of(each) == stamp and isinstance(each.get("ts"), str):
                return str(each["ts"])
        return ""


def _stamp_of(message: dict[str, Any]) -> object:
    metadata = message.get("metadata")
    if not isinstance(metadata, dict) or metadata.get("event_type") != _EVENT_TYPE:
        return None
    payload = metadata.get("event_payload")
    return payload.get("stamp") if isinstance(payload, dict) else None


def _sending(failed: CallFailed, *, posting: bool) -> SendFailed:
    """What a failed call means for a message."""
    reason = str(failed)
    if failed.code in _PAUSED:
        return SendFailed("paused", reason)
    if failed.code in _NEVER:
        return SendFailed("never", reason, lost=failed.code in _LOST)
    if posting and failed.arrived == "maybe":
        return SendFailed("unsure", reason, retry_after=failed.retry_after)
    return SendFailed("later", reason, retry_after=failed.retry_after)
