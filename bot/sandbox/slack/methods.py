"""The Web API's methods for conversations, people and messages, refusing as Slack documents it.

https://docs.slack.dev/reference/methods. A method takes the workspaces its token works in, and the arguments.
"""

from collections.abc import Sequence
from typing import Any

import orjson

from bot.sandbox.slack.blocks import check_message, too_long
from bot.sandbox.slack.world import BOT_ID, BOT_NAME, BOT_USER, Channel, Json, Message, User, Workspace, World

TEXT_MOST = 40_000
UPDATE_TEXT_MOST = 4_000
METADATA_BYTES = 16_384


class Refusal(Exception):
    """`{"ok": false, "error": …}`; `problems` are Slack's sentences on what is wrong with the arguments."""

    def __init__(self, error: str, problems: Sequence[str] = ()) -> None:
        super().__init__(error)
        self.error = error
        self.problems = list(problems)


def json_argument(args: Json, name: str, error: str) -> Any:
    """An argument that may come as JSON text or, in a JSON body, as it is; None where it is missing."""
    value = args.get(name)
    if isinstance(value, str):
        try:
            return orjson.loads(value) if value else None
        except orjson.JSONDecodeError:
            raise Refusal(error) from None
    return value


def blocks_of(args: Json) -> list[Json] | None:
    """The checked blocks of a message, None where none are given."""
    blocks = json_argument(args, "blocks", "invalid_blocks_format")
    if blocks is None:
        return None
    if not isinstance(blocks, list):
        raise Refusal("invalid_blocks_format")
    problems = check_message(blocks)
    if any("only_one_table_allowed" in problem for problem in problems):
        raise Refusal("invalid_attachments", problems)
    if problems:
        raise Refusal("invalid_blocks", problems)
    if too_long(blocks):
        raise Refusal("msg_blocks_too_long")
    return blocks


def text_of_args(args: Json, most: int = TEXT_MOST) -> str | None:
    """The text argument; Slack's limit is in characters, 4,000 for an update."""
    text = args.get("text")
    if text is None:
        return None
    if len(str(text)) > most:
        raise Refusal("msg_too_long")
    return str(text)


def _metadata(args: Json) -> Json | None:
    metadata = json_argument(args, "metadata", "invalid_metadata_format")
    if metadata is None:
        return None
    if not isinstance(metadata, dict) or not isinstance(metadata.get("event_type"), str):
        raise Refusal("invalid_metadata_format")
    if not isinstance(metadata.get("event_payload"), dict):
        raise Refusal("invalid_metadata_schema")
    if len(orjson.dumps(metadata)) > METADATA_BYTES:
        raise Refusal("metadata_too_large")
    return metadata


class Methods:
    """The methods by their names; each returns what is answered beside `ok`, or raises Refusal."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.table = {
            "auth.test": self.auth_test,
            "chat.postMessage": self.post_message,
            "chat.postEphemeral": self.post_ephemeral,
            "chat.update": self.update,
            "chat.delete": self.delete,
            "conversations.open": self.open,
            "conversations.info": self.info,
            "conversations.history": self.history,
            "users.info": self.user_info,
        }

    def auth_test(self, spaces: list[Workspace], args: Json) -> Json:
        """Who the token belongs to."""
        space = spaces[0]
        return {
            "url": f"https://{space.domain}.slack.com/",
            "team": space.name,
            "user": BOT_NAME.lower(),
            "team_id": space.id,
            "user_id": BOT_USER,
            "bot_id": BOT_ID,
            "is_enterprise_install": False,
        }

    def post_message(self, spaces: list[Workspace], args: Json) -> Json:
        """Post to a channel, by its id or #name, or to a person's direct messages by the user's id."""
        channel = self._writable(spaces, args, people=True)
        text, blocks = text_of_args(args), blocks_of(args)
        if not text and not blocks:
            raise Refusal("no_text")
        more = {"thread": str(args.get("thread_ts") or ""), "metadata": _metadata(args)}
        message = self.world.post(channel, BOT_USER, text or "", blocks or [], **more)
        return {"channel": channel.id, "ts": message.ts, "message": message.as_json(metadata=True)}

    def post_ephemeral(self, spaces: list[Workspace], args: Json) -> Json:
        """Show a message to one member of a channel."""
        channel = self._writable(spaces, args)
        if str(args.get("user")) not in channel.members:
            raise Refusal("user_not_in_channel")
        text, blocks = text_of_args(args), blocks_of(args)
        if not text and not blocks:
            raise Refusal("no_text")
        message = self.world.post(channel, BOT_USER, text or "", blocks or [], only_for=str(args["user"]))
        return {"message_ts": message.ts}

    def update(self, spaces: list[Workspace], args: Json) -> Json:
        """Edit an own message; text without blocks removes the blocks, as Slack does."""
        channel, message = self._message(spaces, args)
        if not message.bot:
            raise Refusal("cant_update_message")
        if channel.archived:
            raise Refusal("is_inactive")
        text, blocks = text_of_args(args, UPDATE_TEXT_MOST), blocks_of(args)
        if not text and not blocks and (text is not None or blocks is not None or not args.get("metadata")):
            raise Refusal("no_text")
        metadata = _metadata(args)
        if metadata is not None:
            message.metadata = metadata
        self.world.edit(message, text, [] if blocks is None and text is not None else blocks)
        return {"channel": channel.id, "ts": message.ts, "text": message.text, "message": message.as_json()}

    def delete(self, spaces: list[Workspace], args: Json) -> Json:
        """Delete an own message."""
        channel, message = self._message(spaces, args)
        if not message.bot:
            raise Refusal("cant_delete_message")
        del channel.messages[message.ts]
        self.world.touch()
        return {"channel": channel.id, "ts": message.ts}

    def open(self, spaces: list[Workspace], args: Json) -> Json:
        """Open the direct messages with one person."""
        users = args.get("users")
        names = users.split(",") if isinstance(users, str) else users
        if args.get("channel"):
            return {"channel": {"id": self._channel(spaces, args).id}}
        if not isinstance(names, list) or not names or not names[0]:
            raise Refusal("users_list_not_supplied")
        if len(names) > 1:
            raise Refusal(
                "method_not_supported_for_channel_type"
            )  # groups of several people are no part of this sandbox
        person = self._person(spaces, names[0])
        channel = self.world.direct(person.team, person.id)
        full = args.get("return_im") in (True, "true", "1")
        return {"channel": self._describe(channel) if full else {"id": channel.id}}

    def info(self, spaces: list[Workspace], args: Json) -> Json:
        """Describe a channel."""
        return {"channel": self._describe(self._channel(spaces, args))}

    def history(self, spaces: list[Workspace], args: Json) -> Json:
        """The newest messages first; metadata only with `include_all_metadata`, ephemeral ones never."""
        channel = self._channel(spaces, args)
        if not channel.bot:
            raise Refusal("not_in_channel")
        try:
            limit = min(999, max(1, int(args.get("limit") or 100)))
            oldest, latest = float(args.get("oldest") or 0), float(args.get("latest") or 1e12)
            start = int(str(args.get("cursor") or "0"))
        except (ValueError, TypeError):
            raise Refusal("invalid_arguments") from None
        inclusive = str(args.get("inclusive", "")).lower() in ("true", "1")
        metadata = str(args.get("include_all_metadata", "")).lower() in ("true", "1")

        def inside(message: Message) -> bool:
            ts = float(message.ts)
            return oldest < ts < latest or (inclusive and ts in (oldest, latest))

        found = [each for each in reversed(channel.messages.values()) if not each.only_for and inside(each)]
        page = found[start : start + limit]
        more = len(found) > start + limit
        return {
            "messages": [message.as_json(metadata=metadata) for message in page],
            "has_more": more,
            "response_metadata": {"next_cursor": str(start + limit) if more else ""},
        }

    def user_info(self, spaces: list[Workspace], args: Json) -> Json:
        """Describe a person (or the bot)."""
        if args.get("user") == BOT_USER:
            found = User(BOT_USER, spaces[0].id, BOT_NAME, BOT_NAME.lower())
        else:
            found = self._person(spaces, args.get("user"))
        profile = {"real_name": found.name, "display_name": found.name, "team": found.team}
        return {
            "user": {
                "id": found.id,
                "team_id": found.team,
                "name": found.handle,
                "real_name": found.name,
                "deleted": False,
                "tz": "Europe/London",
                "is_bot": found.id == BOT_USER,
                "profile": profile,
            }
        }

    def _describe(self, channel: Channel) -> Json:
        shared: Json = {"id": channel.id, "is_archived": channel.archived, "context_team_id": channel.team}
        if channel.partner:
            return shared | {"is_im": True, "is_channel": False, "user": channel.partner, "is_open": True}
        return shared | {
            "name": channel.name,
            "name_normalized": channel.name,
            "is_channel": True,
            "is_im": False,
            "is_private": False,
            "is_member": channel.bot,
            "num_members": len(channel.members) + channel.bot,
        }

    def _person(self, spaces: list[Workspace], user: Any) -> User:
        for space in spaces:
            if isinstance(user, str) and user in space.users:
                return space.users[user]
        raise Refusal("user_not_found")

    def _channel(self, spaces: list[Workspace], args: Json, *, people: bool = False) -> Channel:
        wanted = str(args.get("channel") or "")
        for space in spaces:
            if wanted in space.channels:
                return space.channels[wanted]
            if people and wanted in space.users:
                return self.world.direct(space.id, wanted)
            for channel in space.channels.values():
                if wanted.startswith("#") and channel.name == wanted[1:] and not channel.partner:
                    return channel
        raise Refusal("channel_not_found")

    def _writable(self, spaces: list[Workspace], args: Json, *, people: bool = False) -> Channel:
        channel = self._channel(spaces, args, people=people)
        if channel.archived:
            raise Refusal("is_archived")
        if not channel.bot:
            raise Refusal("not_in_channel")
        return channel

    def _message(self, spaces: list[Workspace], args: Json) -> tuple[Channel, Message]:
        channel = self._channel(spaces, args)
        message = channel.messages.get(str(args.get("ts") or ""))
        if message is None or message.only_for:
            raise Refusal("message_not_found")
        return channel, message
