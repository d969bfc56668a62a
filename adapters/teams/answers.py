"""A Reply from core in the shape that Teams waits for.

- Whisper: to a message, a card in its thread. To an Action.Execute, a toast; what is longer goes to the
  person's own chat with the bot, never into the room. In a dialog, a closing word or the card itself.
- Replace: to a message in a one-to-one chat, the card; in a room its note alone, as the courier posts and
  keeps the card. To an Action.Execute, the new card at once, with the note for who clicked. A dialog
  closes with the note.
- Ask: to a message, the form as a card. To an Action.Execute, the form in the card's place, for who clicked
  alone, with a way back. In a dialog, the form, with its problems.
"""

import logging
from collections.abc import Callable, Coroutine
from typing import Any, Final, assert_never

from adapters.teams import forms
from adapters.teams.decode import Incoming, Shape, Thread
from adapters.teams.elements import Json
from adapters.teams.render import Drawings, render
from adapters.teams.send import CARD, Target, TeamsMessenger
from adapters.teams.text import clean, cut
from core.cards import Card, Text, plain
from core.errors import SendFailed
from core.requests import Address, Ask, Desk, Replace, Reply, Whisper

_log = logging.getLogger(__name__)

TOAST: Final = "application/vnd.microsoft.activity.message"
FAULT: Final = "application/vnd.microsoft.error"
LONGEST_TOAST: Final = 250
SORRY: Final = "Something went wrong on our side, and nothing was changed. Please try again in a minute."
ALONE: Final = "I can't write to you in private yet. Please add Folkmoot to your own chats, then press again."

Later = Callable[[Coroutine[Any, Any, None]], None]


def toast(words: str) -> Json:
    """An Action.Execute's answer that leaves the card alone and shows a few words."""
    return {
        "statusCode": 200,
        "type": TOAST,
        "value": cut(" ".join(clean(words).split()), LONGEST_TOAST) or "Done.",
    }


def sentence(words: str, shape: Shape) -> Json:
    """A sentence as the body of an invoke's reply."""
    if shape == "execute":
        return toast(words)
    return {"task": {"type": "message", "value": cut(clean(words), 1_000) or "Done."}}


def fault(shape: Shape) -> Json:
    """An apology for a fault of our own, within the shape of the reply."""
    if shape == "execute":
        return {"statusCode": 500, "type": FAULT, "value": {"code": "InternalError", "message": SORRY}}
    return sentence(SORRY, shape)


def notice(words: str, title: str = "") -> Card:
    """A card of one sentence."""
    return Card(title, (Text((words,)),), words)


class Answers:
    """Gives each reply its shape. `later` runs what need not be waited for, and is drained at the end."""

    def __init__(self, desk: Desk, messenger: TeamsMessenger, later: Later) -> None:
        self._desk, self._messenger, self._later = desk, messenger, later
        self._drawings = Drawings(messenger.where)

    async def give(self, incoming: Incoming, reply: Reply) -> Json | None:
        """The body of an invoke's reply; None where the answer is a message, which is then on its way."""
        match incoming.shape:
            case "message":
                await self._message(incoming, reply)
                return None
            case "execute":
                return await self._execute(incoming, reply)
            case "fetch" | "submit":
                return self._dialog(incoming, reply)
            case _:
                assert_never(incoming.shape)

    def say(self, thread: Thread, card: Json, summary: str) -> None:
        """Send a card into the conversation, soon."""
        self._later(self._say(thread, card, summary))

    def former(self, incoming: Incoming) -> Json | None:
        """What stood there before a form, for who cancels it; this process may not know it any more."""
        if incoming.shape != "execute":
            return None if incoming.shape == "message" else sentence("Nothing was changed.", incoming.shape)
        place = incoming.request.place
        card = self._messenger.shown(place.conversation, place.message)
        return _shown(card) if card else toast("Nothing was changed. Open this conversation again to see the card.")

    async def _message(self, incoming: Incoming, reply: Reply) -> None:
        request, thread = incoming.request, incoming.thread
        match reply:
            case Whisper():
                if request.source in ("line", "event") or request.place.personal:
                    self.say(thread, self._messenger.draw(reply.card), reply.card.summary)
                else:
                    self._later(self._whisper(incoming, reply.card))
            case Ask():
                form = forms.with_values(reply.form, request.args)
                self.say(thread, forms.render_form(form, where=self._messenger.where), form.title)
            case Replace():
                if request.place.personal:
                    card = await self._desk.draw(reply)
                    self.say(thread, render(card, where=self._messenger.where, note=reply.note), card.summary)
                elif reply.note:  # the room itself gets its card from the courier, who keeps it up to date
                    self.say(thread, self._messenger.draw(notice(reply.note)), reply.note)
            case _:
                assert_never(reply)

    async def _execute(self, incoming: Incoming, reply: Reply) -> Json:
        match reply:
            case Replace():
                card = await self._desk.draw(reply)
                return _shown(self._drawings.noted(card, reply.note))
            case Ask():
                form = forms.with_values(reply.form, incoming.request.args)
                return _shown(forms.render_form(form, where=self._messenger.where, cancel=True))
            case Whisper():
                return await self._toast(incoming, reply.card)
            case _:
                assert_never(reply)

    async def _toast(self, incoming: Incoming, card: Card) -> Json:
        words = _few_words(card)
        if words:
            return toast(words)
        if incoming.request.place.personal:
            self.say(incoming.thread, self._messenger.draw(card), card.summary)
        else:
            self._later(self._whisper(incoming, card))
        return toast(card.summary or card.title)

    async def _whisper(self, incoming: Incoming, card: Card) -> None:
        """Into the person's own chat with the bot; in the room they learn no more than how to open one."""
        actor, place = incoming.request.actor, incoming.request.place
        address = Address("teams", actor.workspace, user=actor.user, service_url=place.service_url, bot=place.bot)
        try:
            await self._messenger.post(address, card, stamp="", again=False)
        except SendFailed as failed:
            _log.info("A whisper did not arrive: %s", failed.reason)
            if failed.kind == "never":
                await self._say(incoming.thread, self._messenger.draw(notice(ALONE)), ALONE)

    def _dialog(self, incoming: Incoming, reply: Reply) -> Json:
        match reply:
            case Ask():
                return forms.task(forms.with_values(reply.form, incoming.request.args))
            case Replace():
                return sentence(reply.note, incoming.shape)
            case Whisper():
                words = _few_words(reply.card)
                if words:
                    return sentence(words, incoming.shape)
                title = reply.card.title or "Folkmoot"
                return forms.dialog(title, render(reply.card, where="dialog"))
            case _:
                assert_never(reply)

    async def _say(self, thread: Thread, card: Json, summary: str) -> None:
        target = Target(thread.service_url, thread.conversation, thread.bot, thread.reply_to)
        try:
            await self._messenger.say(target, card, summary)
        except SendFailed as failed:
            _log.warning("An answer did not arrive: %s", failed.reason)


def _shown(card: Json) -> Json:
    return {"statusCode": 200, "type": CARD, "value": card}


def _few_words(card: Card) -> str:
    """The whole card as a few words, or nothing when it says more than that."""
    if len(card.blocks) != 1 or not isinstance(card.blocks[0], Text):
        return ""
    words = plain(card.blocks[0].line)
    return words if len(words) <= LONGEST_TOAST else ""
