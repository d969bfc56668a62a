"""What a body from Slack must look like before Bolt or anyone else reads it; what differs is a 400."""

from collections.abc import Mapping
from typing import Any, Literal, TypeAlias

Json: TypeAlias = Mapping[str, Any]
Kind: TypeAlias = Literal["command", "action", "submission", "closed", "shortcut", "event", "other"]

_NAMED = (str, dict, type(None))
_SHAPES: dict[str, tuple[type, ...]] = {
    "team": _NAMED,
    "user": _NAMED,
    "channel": _NAMED,
    "enterprise": _NAMED,
    "authorizations": (list, type(None)),
    "response_urls": (list,),
    "response_url": (str, type(None)),
    "trigger_id": (str, type(None)),
    "event": (dict,),
    "message": (dict, type(None)),
    "view": (dict, type(None)),
    "container": (dict, type(None)),
    "function_data": (dict, type(None)),
}
_TYPES: dict[str, Kind] = {
    "block_actions": "action",
    "view_submission": "submission",
    "view_closed": "closed",
    "shortcut": "shortcut",
    "message_action": "shortcut",
    "event_callback": "event",
}


class Malformed(Exception):
    """A body that is not what Slack sends; the message names the part, never its content."""


def text(body: Json, key: str) -> str:
    """A string of the body, empty when it is missing or anything else."""
    value = body.get(key)
    return value if isinstance(value, str) else ""


def part(body: Json, key: str) -> Json:
    """An object of the body, empty when it is missing or anything else."""
    value = body.get(key)
    return value if isinstance(value, dict) else {}


def id_of(body: Json, key: str) -> str:
    """The id of a user, team or channel, which Slack gives as an object here and as a bare string there."""
    value = body.get(key)
    return value if isinstance(value, str) else text(part(body, key), "id")


def kind_of(body: Json) -> Kind:
    """Which kind of request it is, its shape checked. Raises Malformed.

    "other" is a genuine request that we have no use for, such as an old interactive message.
    """
    for key, allowed in _SHAPES.items():
        if key in body and not isinstance(body[key], allowed):
            raise Malformed(key)
    for key in ("authorizations", "response_urls"):
        if not all(isinstance(each, dict) for each in body.get(key) or ()):
            raise Malformed(key)
    kind = _TYPES.get(text(body, "type"))
    if kind is None:
        return _command_or_other(body)
    if kind == "event":
        _require(bool(text(part(body, "event"), "type")), "event")
        return kind
    _require(bool(id_of(body, "user")), "user")
    if kind == "action":
        _check_actions(body.get("actions"))
    elif kind == "shortcut":
        _require(bool(text(body, "callback_id")), "callback_id")
    else:
        view = part(body, "view")
        _require(isinstance(view.get("callback_id"), str) and isinstance(view.get("type"), str), "view")
    return kind


def _command_or_other(body: Json) -> Kind:
    if "command" in body:
        _require(text(body, "command").startswith("/"), "command")
        _require(bool(text(body, "user_id")), "user_id")
        return "command"
    _require(bool(text(body, "type")), "type")
    return "other"


def _check_actions(actions: object) -> None:
    if not isinstance(actions, list) or not actions:
        raise Malformed("actions")
    for action in actions:
        _require(isinstance(action, dict) and isinstance(action.get("action_id"), str), "actions")


def _require(holds: bool, name: str) -> None:
    if not holds:
        raise Malformed(name)
