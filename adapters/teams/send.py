"""Writing to Teams: plain calls to the connector on the shared session, and what each failure means.

Paths and bodies are those of the Bot Connector REST API, v3; which failures are worth another attempt:
https://learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit
"""

import logging
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any, Final, Literal
from urllib.parse import quote

import aiohttp
import orjson
from yarl import URL

from adapters.teams.buttons import Where
from adapters.teams.elements import Json
from adapters.teams.reading import text
from adapters.teams.render import render
from adapters.teams.settings import GLOBAL_SERVICE_URL, ServiceHosts, TeamsSettings
from adapters.teams.text import clean, cut
from adapters.teams.tokens import Tokens
from core.cards import Card
from core.errors import SendFailed, asked_to_wait
from core.requests import Address, Clock, Doing, Limit, Posted

_log = logging.getLogger(__name__)

TIMEOUT: Final = aiohttp.ClientTimeout(total=10)
LONGEST_ANSWER: Final = 64 * 1024
CARD: Final = "application/vnd.microsoft.card.adaptive"
KEPT: Final = 256  # cards and people remembered by this process, for convenience only
_LATER: Final = frozenset({412, 429, 502, 503, 504})
_PER_THREAD: Final = ((7, 1.0), (8, 2.0), (60, 30.0), (1_800, 3_600.0))  # sends, seconds
_PER_TENANT: Final = 50  # a second, for an app
_NOT_THE_ROOM: Final = ("ActivityNotFound", "NotEnoughPermissions", "MessageNotFound")
Calling = Literal["post", "update"]


@dataclass(frozen=True, slots=True)
class Target:
    """A conversation to write into, with the message that is answered, if any."""

    service_url: str
    conversation: str
    bot: str
    reply_to: str = ""


class TeamsMessenger:
    """The courier's Messenger for Teams, and the adapter's own way to answer. Raises SendFailed only."""

    def __init__(
        self, settings: TeamsSettings, hosts: ServiceHosts, session: aiohttp.ClientSession, clock: Clock
    ) -> None:
        self._settings, self._hosts, self._session = settings, hosts, session
        self.where: Where = "emulator" if settings.local_emulator else "chat"
        self._tokens = Tokens(settings, session, clock)
        self._service_urls: dict[str, str] = {}
        self._shown: OrderedDict[tuple[str, str], bytes] = OrderedDict()
        self._chats: OrderedDict[tuple[str, str, str], str] = OrderedDict()

    def limits(self, address: Address, doing: Doing) -> tuple[Limit, ...]:
        """What Teams allows in a thread, posts and edits together, and for an app in a tenant."""
        where = address.conversation or address.user
        thread = f"teams/{address.workspace}/{where}"
        tenant = Limit(f"teams/{address.workspace}", _PER_TENANT, 1.0, whole=True)
        return (tenant, *(Limit(thread, times, seconds) for times, seconds in _PER_THREAD))

    async def post(self, address: Address, card: Card, *, stamp: str, again: bool) -> Posted:
        """Post a new message. Teams can't be searched by a bot, so `again` changes nothing."""
        service_url, bot = self._reach(address)
        conversation = address.conversation or await self._chat(address, service_url, bot)
        drawn = self.draw(card)
        target = Target(service_url, conversation, bot)
        message = await self.say(target, drawn, card.summary or card.title, stamp=stamp)
        if not message:
            raise SendFailed("unsure", "Teams took the message without telling its id")
        return Posted(conversation, message)

    async def update(self, address: Address, message: str, card: Card) -> None:
        """Redraw a message that stands in `address.conversation`; doing it twice is the same as once."""
        service_url, bot = self._reach(address)
        drawn = self.draw(card)
        body = {
            **_message(Target(service_url, address.conversation, bot), drawn, card.summary),
            "id": message,
        }
        path = f"v3/conversations/{_part(address.conversation)}/activities/{_part(message)}"
        await self._call("update", service_url, path, body)
        self._remember(address.conversation, message, drawn)

    async def say(self, target: Target, card: Json, summary: str, *, stamp: str = "") -> str:
        """Post a drawn card into a conversation and tell its id. Raises SendFailed."""
        body = _message(target, card, summary)
        if stamp:
            body["channelData"] = {"folkmoot": {"stamp": stamp}}
        path = f"v3/conversations/{_part(target.conversation)}/activities"
        message = text(await self._call("post", target.service_url, path, body), "id")
        if message:
            self._remember(target.conversation.partition(";messageid=")[0], message, card)
        return message

    def draw(self, card: Card) -> Json:
        """The card as this adapter's buttons work: no dialogs where an emulator can't open them."""
        return render(card, where=self.where)

    def shown(self, conversation: str, message: str) -> Json | None:
        """The card that this process last put there, to go back to from a form."""
        raw = self._shown.get((conversation, message))
        return orjson.loads(raw) if raw is not None else None

    def met(self, tenant: str, service_url: str) -> None:
        """Remember the service URL of a tenant, which changes now and then."""
        if tenant and len(self._service_urls) < 10_000:
            self._service_urls[tenant] = service_url

    def _remember(self, conversation: str, message: str, card: Json) -> None:
        self._shown[conversation, message] = orjson.dumps(card)
        self._shown.move_to_end((conversation, message))
        if len(self._shown) > KEPT:
            self._shown.popitem(last=False)

    def _reach(self, address: Address) -> tuple[str, str]:
        service_url = address.service_url or self._service_urls.get(address.workspace, GLOBAL_SERVICE_URL)
        return service_url, address.bot or f"28:{self._settings.app_id}"

    async def _chat(self, address: Address, service_url: str, bot: str) -> str:
        """The one-to-one conversation with a person; Teams makes it, or gives the same one again."""
        if not address.user:
            raise SendFailed("never", "neither a conversation nor a person to write to")
        key = (address.workspace, address.user, service_url)
        if key in self._chats:
            self._chats.move_to_end(key)
            return self._chats[key]
        body = {
            "isGroup": False,
            "bot": {"id": bot},
            "members": [{"id": address.user}],
            "tenantId": address.workspace,
            "channelData": {"tenant": {"id": address.workspace}},
        }
        # It may be asked twice without harm, so a failure that leaves a doubt is simply tried later.
        conversation = text(await self._call("update", service_url, "v3/conversations", body, "POST"), "id")
        if not conversation:
            raise SendFailed("later", "Teams made no conversation with this person")
        self._chats[key] = conversation
        if len(self._chats) > KEPT * 16:
            self._chats.popitem(last=False)
        return conversation

    async def _call(self, doing: Calling, service_url: str, path: str, body: Json, method: str = "") -> Any:
        if not self._hosts.allows(service_url):
            raise SendFailed("never", "the service URL's host is not on the list (TEAMS_SERVICE_HOSTS)")
        url = URL(f"{service_url.rstrip('/')}/{path}", encoded=True)
        raw = orjson.dumps(body)
        token = await self._tokens.get()
        status, headers, answer = await self._once(doing, method, url, raw, token)
        if status == 401 and token:
            token = await self._tokens.get(refused=token)
            status, headers, answer = await self._once(doing, method, url, raw, token)
        if 200 <= status < 300:
            return answer
        raise failure(doing, status, headers.get("Retry-After", ""), answer)

    async def _once(self, doing: Calling, method: str, url: URL, raw: bytes, token: str) -> tuple[int, Any, Any]:
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        method = method or ("PUT" if doing == "update" else "POST")
        try:
            async with self._session.request(
                method, url, data=raw, headers=headers, timeout=TIMEOUT, allow_redirects=False
            ) as response:
                return response.status, response.headers, await _parsed(response)
        except aiohttp.ClientConnectorError as error:  # nothing was sent
            raise SendFailed("later", f"Teams was not reached ({type(error).__name__})") from None
        except (TimeoutError, aiohttp.ClientError, OSError) as error:
            kind: Literal["unsure", "later"] = "unsure" if doing == "post" else "later"
            raise SendFailed(kind, f"no answer from Teams ({type(error).__name__})") from None


def failure(doing: Calling, status: int, retry_after: str, answer: Any) -> SendFailed:
    """What an answer other than 2xx means. A post that may have arrived is `unsure`."""
    code = cut(clean(text(answer, "error", "code") or text(answer, "message")), 80)
    reason = f"Teams answered {status} {code}".rstrip()
    if status in _LATER:
        return SendFailed("later", reason, retry_after=asked_to_wait(retry_after))
    if status == 401:
        return SendFailed("paused", reason)
    if status == 408 or status >= 500:
        return SendFailed("unsure" if doing == "post" else "later", reason, retry_after=asked_to_wait(retry_after))
    lost = status in (403, 404) and not code.startswith(_NOT_THE_ROOM)
    return SendFailed("never", reason, lost=lost)


async def _parsed(response: aiohttp.ClientResponse) -> Any:
    """The JSON of an answer, None when there is none or far too much of it."""
    raw = bytearray()
    async for chunk in response.content.iter_any():
        raw += chunk
        if len(raw) > LONGEST_ANSWER:
            return None
    try:
        return orjson.loads(bytes(raw))
    except orjson.JSONDecodeError:
        return None


def _part(value: str) -> str:
    """One segment of a path, whatever stands in it."""
    return quote(value, safe="") if value not in (".", "..") else "%2E"


def _message(target: Target, card: Json, summary: str) -> Json:
    body: Json = {
        "type": "message",
        "from": {"id": target.bot},
        "conversation": {"id": target.conversation},
        "summary": cut(" ".join(clean(summary).split()), 300),
        "attachments": [{"contentType": CARD, "content": card}],
    }
    if target.reply_to:
        body["replyToId"] = target.reply_to
    return body
