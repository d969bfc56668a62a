"""What Slack and Teams send to a bot, signed, and what their clients find in its messages; no product code.

Sources: docs.slack.dev "Verifying requests from Slack" and "Interaction payloads";
learn.microsoft.com "Authentication with the Bot Connector API" and "Universal Actions for Adaptive Cards".
"""

import base64
import hashlib
import hmac
import itertools
import json
import secrets
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

Json = dict[str, Any]
ISSUER = "https://api.botframework.com"
_numbers = itertools.count(1)


def now() -> float:
    """The time of day, as a vendor's own clock tells it."""
    return time.time()  # noqa: TID251 - a vendor has its own clock


@dataclass(frozen=True, slots=True)
class Signed:
    """A request ready to be posted: its body and all headers that matter."""

    body: bytes
    headers: Mapping[str, str]


class SlackSide:
    """Slack's side of the wire for one workspace."""

    def __init__(self, secret: str, team: str) -> None:
        self.secret, self.team = secret, team

    def signature(self, body: bytes, stamp: str) -> str:
        """The `v0` signature of a body at a time."""
        base = b"v0:" + stamp.encode() + b":" + body
        return "v0=" + hmac.new(self.secret.encode(), base, hashlib.sha256).hexdigest()

    def signed(self, body: bytes, kind: str = "application/x-www-form-urlencoded", at: float | None = None) -> Signed:
        """Sign a raw body, now or at another time."""
        stamp = str(int(now() if at is None else at))
        headers = {
            "Content-Type": kind,
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": self.signature(body, stamp),
        }
        return Signed(body, headers)

    def command(self, user: str, channel: str, word: str, text: str, response_url: str) -> Signed:
        """A slash command."""
        fields = {
            "token": "worthless",
            "team_id": self.team,
            "team_domain": "partners",
            "channel_id": channel,
            "channel_name": "board",
            "user_id": user,
            "user_name": user.lower(),
            "command": word,
            "text": text,
            "api_app_id": "A0TEST",
            "is_enterprise_install": "false",
            "response_url": response_url,
            "trigger_id": f"{next(_numbers)}.{secrets.token_hex(8)}",
        }
        return self.signed(urlencode(fields).encode())

    def interaction(self, kind: str, user: str, **more: Any) -> Signed:
        """An interaction of this kind."""
        return self.signed(urlencode({"payload": json.dumps(self.payload(kind, user, **more))}).encode())

    def payload(self, kind: str, user: str, **more: Any) -> Json:
        """What every interaction holds, before it is signed."""
        return {
            "type": kind,
            "user": {"id": user, "username": user.lower(), "name": user.lower(), "team_id": self.team},
            "api_app_id": "A0TEST",
            "token": "worthless",
            "trigger_id": f"{next(_numbers)}.{secrets.token_hex(8)}",
            "team": {"id": self.team, "domain": "partners"},
            "enterprise": None,
            "is_enterprise_install": False,
            **more,
        }

    def click(self, user: str, channel: str, message: Json, button: Json, response_url: str) -> Signed:
        """block_actions of a button in a message; `button` is the block's element with its block_id."""
        kept = ("action_id", "block_id", "text", "value", "style", "type", "selected_option")
        shown = {key: button[key] for key in kept if key in button}
        return self.interaction(
            "block_actions",
            user,
            container={
                "type": "message",
                "message_ts": message["ts"],
                "channel_id": channel,
                "is_ephemeral": False,
            },
            channel={"id": channel, "name": "board"},
            message=message,
            state={"values": {}},
            response_url=response_url,
            actions=[{**shown, "action_ts": f"{now():.6f}"}],
        )

    def submission(self, user: str, view: Json, values: Mapping[str, Json]) -> Signed:
        """view_submission with values by block_id, each the element's own state."""
        full = {
            **view,
            "id": view.get("id", "V0TEST"),
            "team_id": self.team,
            "app_installed_team_id": self.team,
            "state": {"values": {block: {state.pop("action_id"): state} for block, state in values.items()}},
        }
        return self.interaction("view_submission", user, view=full, response_urls=[])


class TeamsSide:
    """The Bot Framework's side of the wire for one tenant: its key, its tokens, its activities."""

    def __init__(self, app_id: str, tenant: str, service_url: str) -> None:
        self.app_id, self.tenant, self.service_url = app_id, tenant, service_url
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.kid = secrets.token_urlsafe(12)
        self._token = ""

    def keys(self) -> Json:
        """The published key set."""
        numbers = self.key.public_key().public_numbers()
        entry = {"kty": "RSA", "use": "sig", "kid": self.kid, "n": _number(numbers.n), "e": _number(numbers.e)}
        return {"keys": [{**entry, "endorsements": ["msteams"]}]}

    def claims(self, **other: Any) -> Json:
        """Good claims; `other` override them, None leaves one out."""
        claims: Json = {
            "serviceurl": self.service_url,
            "nbf": int(now()) - 60,
            "exp": int(now()) + 3600,
            "iss": ISSUER,
            "aud": self.app_id,
            **other,
        }
        return {name: value for name, value in claims.items() if value is not None}

    def token(self, *, key: Any = None, algorithm: str = "RS256", kid: str | None = None, **other: Any) -> str:
        """A signed token, good unless something is said otherwise."""
        headers = {"kid": self.kid if kid is None else kid}
        return jwt.encode(self.claims(**other), self.key if key is None else key, algorithm=algorithm, headers=headers)

    def activity(self, kind: str, oid: str, conversation: str, **more: Any) -> Json:
        """An activity of somebody in a channel."""
        return {
            "type": kind,
            "id": f"f:{secrets.token_hex(8)}",
            "serviceUrl": self.service_url,
            "channelId": "msteams",
            "from": {"id": f"29:{oid}", "name": oid, "aadObjectId": oid},
            "conversation": {
                "isGroup": True,
                "conversationType": "channel",
                "tenantId": self.tenant,
                "id": conversation,
            },
            "recipient": {"id": f"28:{self.app_id}", "name": "Folkmoot"},
            "channelData": {"tenant": {"id": self.tenant}, "teamsChannelId": conversation},
            "locale": "en-GB",
            **more,
        }

    def execute(self, oid: str, conversation: str, message: str, action: Json, inputs: Json | None = None) -> Signed:
        """An Action.Execute pressed on a card."""
        kept: Json = {key: action[key] for key in ("type", "id", "title", "verb") if key in action}
        given: Json = action.get("data") or {}
        filled: Json = inputs if inputs is not None else {}
        data = {**given, **filled}
        value = {"action": {**kept, "data": data}, "trigger": "manual"}
        return self.invoke("adaptiveCard/action", oid, conversation, message, value)

    def invoke(self, name: str, oid: str, conversation: str, message: str, value: Any) -> Signed:
        """An invoke of this name."""
        activity = self.activity("invoke", oid, conversation, name=name, value=value, replyToId=message)
        return self.signed(activity)

    def signed(self, activity: Any, token: str | None = None) -> Signed:
        """An activity with a good token, or with this one (none when it is empty)."""
        return self.enveloped(json.dumps(activity).encode(), token)

    def enveloped(self, body: bytes, token: str | None = None) -> Signed:
        """The same for a body that is written already."""
        if token is None:
            self._token = self._token or self.token()
            token = self._token
        headers: dict[str, str] = {"Content-Type": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        return Signed(body, headers)


def _number(value: int) -> str:
    raw = value.to_bytes((value.bit_length() + 7) // 8, "big")
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def nodes(tree: Any) -> Iterator[Json]:
    """Every object in a JSON tree, outermost first."""
    if isinstance(tree, dict):
        yield tree
        for value in tree.values():
            yield from nodes(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from nodes(value)


def slack_button(blocks: list[Json], label: str) -> Json:
    """The button with this label, with the block_id that Slack adds. Raises LookupError."""
    for place, block in enumerate(blocks):
        for node in nodes(block):
            if node.get("type") == "button" and node.get("text", {}).get("text") == label:
                return {**node, "block_id": block.get("block_id", f"b{place}")}
    labels = [node["text"]["text"] for node in nodes(blocks) if node.get("type") == "button"]
    raise LookupError(f"no button {label!r}; there are {labels}")


def slack_option(blocks: list[Json], label: str) -> Json:
    """The action that picking this option of a menu sends. Raises LookupError."""
    for place, block in enumerate(blocks):
        for node in nodes(block):
            for option in node.get("options", ()) if "action_id" in node else ():
                if option["text"]["text"] == label:
                    found = {"type": node["type"], "action_id": node["action_id"], "selected_option": option}
                    return {**found, "block_id": block.get("block_id", f"b{place}"), "action_ts": f"{now():.6f}"}
    raise LookupError(f"no option {label!r}")


def card_action(card: Json, title: str) -> Json:
    """The action with this title in an Adaptive Card. Raises LookupError."""
    titles = []
    for node in nodes(card):
        if str(node.get("type", "")).startswith("Action."):
            if node.get("title") == title:
                return node
            titles.append(node.get("title"))
    raise LookupError(f"no action {title!r}; there are {titles}")


def words(tree: Any) -> str:
    """Every text in blocks or a card, one a line."""
    found = [node[key] for node in nodes(tree) for key in ("text", "title", "value") if isinstance(node.get(key), str)]
    return "\n".join(found)
