"""What a bot may answer to an invoke, and what the person then sees; anything else is "Something went wrong".

Source: "Universal Action Model" (response format), "Use dialogs with bots", "Respond to the dialog submit
action".
"""

from dataclasses import dataclass
from typing import Any

from bot.sandbox.teams import cards

CARD = cards.CONTENT_TYPE
MESSAGE = "application/vnd.microsoft.activity.message"
ERROR = "application/vnd.microsoft.error"
SIZES = ("small", "medium", "large")


class WrongShape(ValueError):
    """A response that Teams cannot use; the reason is for the developer."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a right response does: a card, a dialog with its title, words to show, or nothing at all."""

    card: dict[str, Any] | None = None
    title: str = ""
    words: str = ""
    dialog: bool = False


def card_action(body: Any) -> Outcome:
    """Read the response to adaptiveCard/action: `{statusCode, type, value}`."""
    _only(body, {"statusCode", "type", "value"}, "the response")
    status, kind, value = body.get("statusCode"), body.get("type"), body.get("value")
    if not isinstance(status, int) or isinstance(status, bool):
        raise WrongShape(f"statusCode must be a number, not {status!r}")
    if kind == CARD:
        _expect(status == 200, f"a card comes with statusCode 200, not {status}")
        return Outcome(card=_card(value))
    if kind == MESSAGE:
        _expect(status == 200, f"a message comes with statusCode 200, not {status}")
        return Outcome(words=_words(value, "value"))
    if kind == ERROR:
        _expect(status >= 400, f"an error comes with a statusCode of 400 or more, not {status}")
        _only(value, {"code", "message", "innerHttpError"}, "value")
        _words(value.get("code"), "value.code")
        return Outcome(words=_words(value.get("message"), "value.message"))
    raise WrongShape(f"type {kind!r} is none that Teams knows here")


def task(body: Any, *, may_be_empty: bool) -> Outcome:
    """Read the response to task/fetch or (may be empty) task/submit: `{task: {type, value}}`."""
    if may_be_empty and body in (None, "", {}):
        return Outcome()
    _only(body, {"task", "cacheInfo", "responseType"}, "the response")
    return _task(body.get("task"))


def extension(body: Any, *, may_be_empty: bool) -> Outcome:
    """Read the response to composeExtension/fetchTask or /submitAction."""
    if may_be_empty and body in (None, "", {}):
        return Outcome()
    _only(body, {"task", "composeExtension", "cacheInfo", "responseType"}, "the response")
    if "task" in body:
        return _task(body["task"])
    compose = body.get("composeExtension")
    _only(
        compose,
        {"type", "text", "attachments", "attachmentLayout", "activityPreview", "suggestedActions"},
        "composeExtension",
    )
    kind = compose.get("type")
    if kind == "message":
        return Outcome(words=_words(compose.get("text"), "composeExtension.text"))
    if kind == "result":
        _expect(
            compose.get("attachmentLayout") in ("list", "grid"),
            "composeExtension.attachmentLayout must be list or grid",
        )
        _expect(isinstance(compose.get("attachments"), list), "composeExtension.attachments must be a list")
        for attachment in compose["attachments"]:
            _attachment(attachment, dialog=False)
        return Outcome(words="A card is ready to be sent.")
    raise WrongShape(f"composeExtension.type {kind!r} is none that this sandbox knows")


def _task(given: Any) -> Outcome:
    _only(given, {"type", "value"}, "task")
    if given.get("type") == "message":
        return Outcome(words=_words(given.get("value"), "task.value"))
    _expect(given.get("type") == "continue", f"task.type must be continue or message, not {given.get('type')!r}")
    info = given.get("value")
    _only(info, {"title", "height", "width", "card", "url", "fallbackUrl", "completionBotId"}, "task.value")
    for side in ("height", "width"):
        size = info.get(side)
        fits = size is None or size in SIZES or (isinstance(size, int) and not isinstance(size, bool) and size > 0)
        _expect(fits, f"task.value.{side} must be pixels or one of {', '.join(SIZES)}")
    _expect(isinstance(info.get("title", ""), str), "task.value.title must be a string")
    _expect(("card" in info) != ("url" in info), "task.value must have either card or url")
    if "url" in info:
        raise WrongShape("this sandbox shows no web pages in dialogs, only cards")
    return Outcome(card=_attachment(info["card"], dialog=True), title=info.get("title", ""), dialog=True)


def _attachment(given: Any, *, dialog: bool) -> dict[str, Any]:
    _expect(isinstance(given, dict), "a card must be an attachment with contentType and content")
    _expect(given.get("contentType") == CARD, f"contentType must be {CARD}, not {given.get('contentType')!r}")
    return _card(given.get("content"), dialog=dialog)


def _card(card: Any, *, dialog: bool = False) -> dict[str, Any]:
    found = cards.problems(card, dialog=dialog)
    if found:
        raise WrongShape("bad Adaptive Card: " + "; ".join(found[:5]))
    size = cards.size(card)
    _expect(size <= cards.LARGEST, f"the card is too large ({size} bytes as UTF-16)")
    checked: dict[str, Any] = card
    return checked


def _words(value: Any, path: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise WrongShape(f"{path} must be a string with something in it")
    return value


def _only(given: Any, names: set[str], path: str) -> None:
    if not isinstance(given, dict):
        raise WrongShape(f"{path} must be an object, not {type(given).__name__}")
    unknown = set(given) - names
    if unknown:
        raise WrongShape(f"{path} has {', '.join(sorted(unknown))}, which Teams does not know there")


def _expect(holds: bool, otherwise: str) -> None:
    if not holds:
        raise WrongShape(otherwise)
