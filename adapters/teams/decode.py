"""An activity from Teams becomes a Request; nothing here decides anything about it."""

import dataclasses
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

import orjson

from adapters.teams import payload
from adapters.teams.auth import host_tenant, tenants_of
from adapters.teams.reading import listing, mapping, text
from adapters.teams.text import clean, cut, typed, words_of_html
from core.requests import Actor, Offer, Place, Request, Source, account_id

ARRIVED: Final = "partners.arrived"
LONGEST_ID: Final = 400
LONGEST_LINK: Final = 500
Shape: TypeAlias = Literal["message", "execute", "fetch", "submit"]
"""How Teams wants its answer: a message of our own, or the reply body of an invoke."""


@dataclass(frozen=True, slots=True)
class Thread:
    """Where an answer goes: the whole conversation id (with its thread), and the message that is answered."""

    service_url: str
    conversation: str
    reply_to: str
    bot: str


@dataclass(frozen=True, slots=True)
class Incoming:
    """A request and the shape of its answer. `cancelled` only asks for the former card."""

    request: Request
    shape: Shape
    thread: Thread
    cancelled: bool = False


class Unclear(Exception):
    """Something that we can't make out, with the sentence for the person and the shape to say it in."""

    def __init__(self, sentence: str, shape: Shape) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.shape = shape


class Unknown(Exception):
    """An invoke that is not for us, such as a tab's; Teams wants to hear that we don't do it."""


def thread_of(activity: Mapping[str, Any]) -> Thread:
    """Where to answer this activity."""
    return Thread(
        service_url=text(activity, "serviceUrl"),
        conversation=text(activity, "conversation", "id"),
        reply_to=text(activity, "id"),
        bot=text(activity, "recipient", "id"),
    )


def decode(activity: Mapping[str, Any], offers: Sequence[Offer], *, emulator: bool = False) -> Incoming | None:
    """What this activity asks for; None when it asks for nothing (a reaction, a message not meant for us).

    Raises Unclear and Unknown. The activity is authenticated; its fields may still hold anything.
    """
    if len(text(activity, "conversation", "id")) > LONGEST_ID:
        return None
    match text(activity, "type"):
        case "message":
            return _message(activity, emulator)
        case "invoke":
            return _invoke(activity, offers, emulator)
        case "conversationUpdate":
            bot = text(activity, "recipient", "id")
            added = [text(member, "id") for member in listing(activity, "membersAdded")]
            return _arrival(activity, emulator) if bot and bot in added else None
        case "installationUpdate" if text(activity, "action") in ("add", "add-upgrade"):
            return _arrival(activity, emulator)
    return None


def _message(activity: Mapping[str, Any], emulator: bool) -> Incoming | None:
    pressed = payload.read(activity.get("value"))
    if pressed is not None:
        return _pressed(activity, pressed, "message", emulator)
    bot = text(activity, "recipient", "id")
    line, mentioned = typed(text(activity, "text"), listing(activity, "entities"), bot)
    if not mentioned and not _personal(activity):
        return None
    actor = _actor(activity, "message", emulator)
    request = Request(actor, _place(activity, emulator), "line", line=line or "home", delivery=_delivery(activity))
    return Incoming(request, "message", thread_of(activity))


def _invoke(activity: Mapping[str, Any], offers: Sequence[Offer], emulator: bool) -> Incoming:
    value = mapping(activity, "value")
    match text(activity, "name"):
        case "adaptiveCard/action":
            return _pressed(activity, payload.read(mapping(value, "action").get("data")), "execute", emulator)
        case "task/fetch":
            return _pressed(activity, payload.read(value.get("data")), "fetch", emulator)
        case "task/submit" | "composeExtension/submitAction":
            return _pressed(activity, payload.read(value.get("data")), "submit", emulator)
        case "composeExtension/fetchTask":
            return _extension(activity, value, offers, emulator)
    raise Unknown(cut(clean(text(activity, "name")), 60))


def _pressed(activity: Mapping[str, Any], pressed: payload.Pressed | None, shape: Shape, emulator: bool) -> Incoming:
    if pressed is None:
        raise Unclear("This button is not one of mine any more. Type home to see what you can do.", shape)
    request = Request(
        actor=_actor(activity, shape, emulator),
        place=_place(activity, emulator, message=text(activity, "replyToId")),
        source="form" if pressed.form else "button",
        command=pressed.command,
        args=pressed.args,
        delivery=_delivery(activity),
        redraws=shape == "execute",
        twin=_print(activity.get("value"), text(activity, "replyToId"), text(activity, "conversation", "id")),
    )
    return Incoming(request, shape, thread_of(activity), cancelled=pressed.command == payload.CANCEL)


def _extension(
    activity: Mapping[str, Any], value: Mapping[str, Any], offers: Sequence[Offer], emulator: bool
) -> Incoming:
    """A shortcut: from a message it brings that message's words, from the compose box nothing."""
    offer = next((each for each in offers if each.shortcut and each.command == text(value, "commandId")), None)
    if offer is None:
        raise Unclear("I don't know this shortcut any more. Please ask your coordinator to update the app.", "fetch")
    body = mapping(value, "messagePayload", "body")
    words = words_of_html(text(body, "content"))
    source: Source = "shortcut"
    request = Request(
        actor=_actor(activity, "fetch", emulator),
        place=dataclasses.replace(_place(activity, emulator), link=_link(value)),
        source=source,
        command=offer.command,
        args={offer.takes_text: words} if offer.takes_text and words else {},
        delivery=_delivery(activity),
    )
    return Incoming(request, "fetch", thread_of(activity))


def _link(value: Mapping[str, Any]) -> str:
    """Where the message can be read (learn.microsoft.com, "Define message extension action commands")."""
    link = text(value, "messagePayload", "linkToMessage")
    return link if link.startswith("https://") and len(link) <= LONGEST_LINK else ""


def _arrival(activity: Mapping[str, Any], emulator: bool) -> Incoming:
    user = account_id("teams", text(activity, "from", "aadObjectId"))
    actor = Actor("teams", _tenant(activity, emulator), user, _name(activity))
    request = Request(actor, _place(activity, emulator), "event", command=ARRIVED, delivery=_delivery(activity))
    return Incoming(request, "message", thread_of(activity))


def _actor(activity: Mapping[str, Any], shape: Shape, emulator: bool) -> Actor:
    """The person by the id that is the same everywhere in the tenant; `29:` ids are each bot's own."""
    user = text(activity, "from", "aadObjectId") or (text(activity, "from", "id") if emulator else "")
    tenant = _tenant(activity, emulator)
    if not user or not tenant or len(user) > LONGEST_ID:
        raise Unclear("I can't see who you are, so I can't do that. Please use your organisation's account.", shape)
    return Actor("teams", tenant, account_id("teams", user), _name(activity))


def _name(activity: Mapping[str, Any]) -> str:
    return cut(clean(text(activity, "from", "name")), 200)


def _tenant(activity: Mapping[str, Any], emulator: bool) -> str:
    named = tenants_of(activity)
    return account_id("teams", named[0]) if named else "emulator" if emulator else ""


def _personal(activity: Mapping[str, Any]) -> bool:
    """One-to-one; an emulator may leave the type out, and says so by not calling it a group."""
    conversation = mapping(activity, "conversation")
    kind = text(conversation, "conversationType")
    return kind == "personal" or (not kind and conversation.get("isGroup") is not True)


def _place(activity: Mapping[str, Any], emulator: bool, message: str = "") -> Place:
    data = mapping(activity, "channelData")
    name = text(data, "channel", "name") or text(data, "team", "name") or text(activity, "conversation", "name")
    return Place(
        tool="teams",
        workspace=account_id("teams", host_tenant(activity)) or _tenant(activity, emulator),
        conversation=text(activity, "conversation", "id").partition(";messageid=")[0],
        message=message,
        service_url=text(activity, "serviceUrl"),
        bot=text(activity, "recipient", "id"),
        personal=_personal(activity),
        name=cut(clean(name), 200),
        overheard=not _personal(activity),
        team=text(data, "team", "id")[:200],
    )


def _print(*parts: Any) -> str:
    """The same for the same click: an invoke that got no answer is sent again, sometimes as a new activity."""
    return hashlib.blake2b(orjson.dumps(parts, option=orjson.OPT_SORT_KEYS), digest_size=12).hexdigest()


def _delivery(activity: Mapping[str, Any]) -> str:
    """The activity's id with its conversation's print: message ids are moments, unique in one only."""
    name = text(activity, "id")
    if not name:
        return ""
    where = hashlib.blake2b(text(activity, "conversation", "id").encode(), digest_size=6).hexdigest()
    return f"{name[:120]}@{where}"
