"""What core replies -> what Slack is told: in the acknowledgement where that can be, else by a call after it.

Core has committed before any of this runs, so nothing here can lose a vote; a call that fails is logged, and
the person is told by another way where there is one.
"""

import logging
from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias, assert_never

from adapters.slack import fit
from adapters.slack.buttons import Json
from adapters.slack.decode import Heard, Origin, Unheard
from adapters.slack.forms import TooLarge, draw_form, opener
from adapters.slack.tasks import Tasks
from adapters.slack.web import CallFailed, SlackWeb
from core.cards import Card, Form, Text
from core.requests import Ask, Desk, Place, Replace, Reply, Request, Whisper

Body: TypeAlias = dict[str, Any] | None
"""The JSON of a 200, or none."""

TOO_LATE = "Slack closed that door before the form could open. Please press or type it once more."
TOO_LONG = "This form carries more than Slack allows. Please type the command with its words instead."

log = logging.getLogger(__name__)


def note_card(sentence: str, tone: str = "plain") -> Card:
    """One sentence as a card."""
    return Card("", (Text((sentence,), "good" if tone == "good" else "plain"),), sentence)


class Answers:
    """Gives core's replies to Slack."""

    def __init__(self, desk: Desk, web: SlackWeb, tasks: Tasks) -> None:
        self._desk = desk
        self._web = web
        self._tasks = tasks

    async def answer(self, heard: Heard) -> Body:
        """Has the request done, and answers it; raises whatever core raises on a fault of ours."""
        reply = await self._desk.handle(heard.request)
        if heard.origin.kind == "submission":
            return self._to_submission(heard, reply)
        if heard.origin.event == "app_home_opened":
            self._later(self._publish(heard.origin, reply), "views.publish")
            return None
        match reply:
            case Whisper(card=card):
                return self._say(heard.origin, card)
            case Ask(form=form):
                self._later(self._open(heard.origin, heard.request.place, form), "views.open")
                return None
            case Replace():
                return self._replaced(heard, reply)
            case _:
                assert_never(reply)

    def refuse(self, unheard: Unheard) -> Body:
        """Answers what could not become a request."""
        card = note_card(unheard.sentence)
        if unheard.origin.kind == "submission":
            return {"response_action": "update", "view": fit.reading(card)}
        return self._say(unheard.origin, card)

    def apologise(self, origin: Origin) -> None:
        """Tells the person, where Slack gave us a way, that a fault of ours got in the way."""
        if origin.response_url:
            card = note_card("Something went wrong on our side and nothing was changed. Please try again in a moment.")
            self._later(self._respond(origin, card), "apology")

    def _say(self, origin: Origin, card: Card) -> Body:
        """A card for the actor alone; what is too long for a message opens as a modal where Slack lets it."""
        drawn = fit.message(card)
        if origin.surface == "modal":
            self._later(self._show(origin, card, "views.push"), "views.push")
        elif origin.trigger and (not drawn.whole or origin.surface == "home" or not _has_channel(origin)):
            self._later(self._show(origin, card, "views.open"), "views.open")
        elif origin.kind == "command":
            return {"response_type": "ephemeral", "text": drawn.text, "blocks": drawn.blocks}
        else:
            self._later(self._deliver(origin, {"text": drawn.text, "blocks": drawn.blocks}), "whisper")
        return None

    def _replaced(self, heard: Heard, reply: Replace) -> Body:
        origin = heard.origin
        if origin.surface == "home":
            self._later(self._refresh_home(origin, heard.request, reply.note), "views.publish")
            return None
        if origin.surface == "ephemeral":
            self._later(self._redraw(origin, reply), "redraw")
        return self._say(origin, note_card(reply.note)) if reply.note else None

    def _to_submission(self, heard: Heard, reply: Reply) -> Body:
        """The acknowledgement closes, corrects or replaces the modal (docs.slack.dev, "Modals")."""
        match reply:
            case Whisper(card=card):
                if not fit.message(card).whole:
                    return {"response_action": "update", "view": fit.reading(card)}
                self._later(self._whisper(heard.origin, card), "whisper")
            case Replace(note=note):
                if note:
                    self._later(self._whisper(heard.origin, note_card(note)), "whisper")
            case Ask(form=form):
                return self._ask_again(heard, form)
            case _:
                assert_never(reply)
        return {"response_action": "clear"}

    def _ask_again(self, heard: Heard, form: Form) -> Body:
        problems = {name: said or "Please fill this in." for name, said in form.problems.items()}
        if problems and problems.keys() <= heard.origin.fields:
            return {
                "response_action": "errors",
                "errors": {name: said[:500] for name, said in problems.items()},
            }
        try:
            return {"response_action": "update", "view": draw_form(form, heard.request.place)}
        except TooLarge:
            return {"response_action": "update", "view": fit.reading(note_card(TOO_LONG))}

    async def _open(self, origin: Origin, place: Place, form: Form) -> None:
        if not origin.trigger:
            await self._offer_form(origin, form)
            return
        method = "views.push" if origin.surface == "modal" else "views.open"
        try:
            await self._web.call(
                origin.workspace, method, {"trigger_id": origin.trigger, "view": draw_form(form, place)}
            )
        except TooLarge:
            await self._whisper(origin, note_card(TOO_LONG))
        except CallFailed as failed:
            log.warning("form not opened", extra={"code": failed.code})
            await self._whisper(origin, note_card(TOO_LATE))

    async def _offer_form(self, origin: Origin, form: Form) -> None:
        """Messages bring no trigger, so the form is a button away."""
        said = next((problem for problem in form.problems.values() if problem), "")
        card = Card("", (Text((said or "Press to fill in the rest.",)),), said or form.title)
        drawn = fit.message(card)
        await self._deliver(origin, {"text": drawn.text, "blocks": drawn.blocks + opener(form)})

    async def _show(self, origin: Origin, card: Card, method: str) -> None:
        try:
            await self._web.call(origin.workspace, method, {"trigger_id": origin.trigger, "view": fit.reading(card)})
        except CallFailed as failed:
            log.info("card not opened as a modal", extra={"code": failed.code})
            await self._whisper(origin, card)

    async def _whisper(self, origin: Origin, card: Card) -> None:
        drawn = fit.message(card)
        await self._deliver(origin, {"text": drawn.text, "blocks": drawn.blocks})

    async def _deliver(self, origin: Origin, payload: Json) -> None:
        """By the response URL, else in the channel, else as a direct message: the first way that works."""
        ways: list[Callable[[], Awaitable[object]]] = []
        if origin.response_url:
            private = {**payload, "response_type": "ephemeral", "replace_original": False}
            ways.append(lambda: self._web.respond(origin.response_url, private))
        if origin.channel:
            ways.append(lambda: self._in_channel(origin, payload))
        if origin.event != "member_joined_channel":
            ways.append(lambda: self._direct(origin, payload))
        for way in ways:
            try:
                await way()
                return
            except CallFailed as failed:
                log.info("answer not delivered this way", extra={"code": failed.code})
                if failed.arrived == "maybe":
                    return  # saying it twice is worse than a doubt
        log.warning("answer not delivered", extra={"kind": origin.kind})

    async def _in_channel(self, origin: Origin, payload: Json) -> None:
        thread = {"thread_ts": origin.thread} if origin.thread else {}
        public = origin.event == "member_joined_channel" or (origin.channel.startswith("D") and origin.kind == "event")
        if public:
            public_payload = {"channel": origin.channel, **thread, **_quiet(payload)}
            await self._web.call(origin.workspace, "chat.postMessage", public_payload)
        else:
            private = {"channel": origin.channel, "user": origin.user, **thread, **payload}
            await self._web.call(origin.workspace, "chat.postEphemeral", private)

    async def _direct(self, origin: Origin, payload: Json) -> None:
        channel = await self._web.direct_channel(origin.workspace, origin.user)
        await self._web.call(origin.workspace, "chat.postMessage", {"channel": channel, **_quiet(payload)})

    async def _respond(self, origin: Origin, card: Card) -> None:
        drawn = fit.message(card)
        payload = {
            "response_type": "ephemeral",
            "replace_original": False,
            "text": drawn.text,
            "blocks": drawn.blocks,
        }
        await self._web.respond(origin.response_url, payload)

    async def _redraw(self, origin: Origin, reply: Replace) -> None:
        """An ephemeral card is in nobody's books but its reader's: it is replaced by its own response URL."""
        drawn = fit.message(await self._desk.draw(reply))
        if origin.response_url:
            replacing = {"response_type": "ephemeral", "replace_original": True}
            await self._web.respond(origin.response_url, {**replacing, "text": drawn.text, "blocks": drawn.blocks})

    async def _refresh_home(self, origin: Origin, request: Request, note: str) -> None:
        """After a click in the App Home, what waits for the person is shown anew, under what was done."""
        again = Request(request.actor, request.place, "event", line="home")
        await self._publish(origin, await self._desk.handle(again), note)

    async def _publish(self, origin: Origin, reply: Reply, note: str = "") -> None:
        match reply:
            case Whisper(card=card):
                pass
            case Replace():
                card = await self._desk.draw(reply)
            case Ask():
                return
            case _:
                assert_never(reply)
        if note:
            card = Card(card.title, (Text((note,), "good"), *card.blocks), card.summary)
        await self._web.call(origin.workspace, "views.publish", {"user_id": origin.user, "view": fit.home(card)})

    def _later(self, work: Any, name: str) -> None:
        self._tasks.start(work, name)


def _has_channel(origin: Origin) -> bool:
    return bool(origin.response_url or origin.channel) or origin.kind == "command"


def _quiet(payload: Json) -> Json:
    return {**payload, "unfurl_links": False, "unfurl_media": False}
