"""The door for Teams: one route, guarded, and the way from an activity to its answer."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Coroutine, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import aiohttp
import orjson
from aiohttp import web

from adapters.teams.answers import SORRY, Answers, fault, notice, sentence
from adapters.teams.auth import Gate, Unauthorised
from adapters.teams.decode import ARRIVED, Incoming, Shape, Unclear, Unknown, decode, thread_of
from adapters.teams.elements import Json
from adapters.teams.inbound import Unusable, read_object
from adapters.teams.news import brought_in, news_of
from adapters.teams.reading import text
from adapters.teams.send import TeamsMessenger
from adapters.teams.settings import ServiceHosts, TeamsSettings, check
from core.requests import Clock, Desk, Messenger, News, Offer, Tenants

if TYPE_CHECKING:
    from botbuilder.core import TurnContext

    from adapters.teams.turns import Turns

_log = logging.getLogger(__name__)

DRAINING: Final = 5.0  # seconds for answers still on their way when we stop
ARRIVALS: Final = 60.0  # Teams tells an installation twice, by two kinds of activity
_SHAPES: Final[Mapping[str, Shape]] = {
    "adaptiveCard/action": "execute",
    "task/fetch": "fetch",
    "composeExtension/fetchTask": "fetch",
    "task/submit": "submit",
    "composeExtension/submitAction": "submit",
}


class TeamsAdapter:
    """Microsoft Teams, whole: its route for bot/, its messenger for the courier.

    Raises ValueError at once, with the sentence to show, for settings that would leave the door open.
    """

    def __init__(
        self,
        desk: Desk,
        settings: TeamsSettings,
        offers: Sequence[Offer],
        session: aiohttp.ClientSession,
        clock: Clock,
        tenants: Tenants | None = None,
    ) -> None:
        check(settings)
        hosts = ServiceHosts(settings)
        self._desk, self._offers, self._clock = desk, tuple(offers), clock
        self._emulator = settings.local_emulator
        self._tenants = tenants
        self._gate = Gate(settings, hosts, session, clock, tenants)
        self._messenger = TeamsMessenger(settings, hosts, session, clock)
        self.messenger: Messenger = self._messenger
        self._answers = Answers(desk, self._messenger, self._later)
        self._turns: Turns | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._arrived: OrderedDict[str, float] = OrderedDict()

    def routes(self) -> list[web.RouteDef]:
        """`POST /api/messages`, the messaging endpoint of the bot's registration."""
        return [web.post("/api/messages", self._messages)]

    async def start(self) -> None:
        """Fetch the keys meanwhile, so that the first crowd need not wait for them; no fault there stops a start."""
        self._later(self._gate.warm_up())

    async def stop(self) -> None:
        """Let answers that are on their way arrive, for a few seconds, then give them up."""
        if not self._tasks:
            return
        _, late = await asyncio.wait(set(self._tasks), timeout=DRAINING)
        for task in late:
            task.cancel()
        if late:
            _log.warning("%d answers to Teams were given up at the end.", len(late))
            await asyncio.gather(*late, return_exceptions=True)

    async def _messages(self, request: web.Request) -> web.Response:
        try:
            token = self._gate.knock(request)
            activity = await read_object(request)
            claims = await self._gate.admit(token, activity)
        except Unauthorised as refused:
            request["refused"], request["claimed"] = refused.reason, refused.tenant  # for the log and the metrics
            if refused.tenant and brought_in(activity):
                self._later(self._knocked(refused.tenant))
            return _json({"error": "unauthorised"}, 401)
        except Unusable as unusable:
            request["refused"] = unusable.sentence
            return _json({"error": unusable.sentence}, unusable.status)
        if not await self._noted(news_of(activity)):
            return _json({"error": "try again"}, 503)
        if (turns := self._turns) is None:
            turns = await asyncio.to_thread(self.warm_up)
        answer = await turns.run(activity, claims, lambda context: self._turn(context, activity))
        if answer is None:
            return web.Response(status=200)
        return _json(answer.body, answer.status)

    def warm_up(self) -> "Turns":
        """Import the Bot Framework, in a thread: it takes as long as half of the rest of a start."""
        from adapters.teams.turns import Turns  # noqa: PLC0415

        self._turns = turns = self._turns or Turns()
        return turns

    async def _noted(self, news: News | None) -> bool:
        """Whether it is kept what becomes of a channel, a team, or the app in them."""
        if news is None or self._tenants is None:
            return True
        try:
            await self._tenants.heard(news)
        except Exception:
            _log.exception("News from Teams could not be kept")
            return False
        return True

    async def _knocked(self, tenant: str) -> None:
        """Remember who wanted in, so that the coordinator can say yes."""
        if self._tenants is not None:
            try:
                await self._tenants.knocked(tenant)
            except Exception:
                _log.warning("A knock could not be kept")

    async def _turn(self, context: "TurnContext", activity: Mapping[str, Any]) -> None:
        from adapters.teams.turns import reply  # noqa: PLC0415 - it is loaded by now

        body = await self._answered(activity)
        if text(activity, "type") == "invoke":
            await reply(context, {} if body is None else body)

    async def _answered(self, activity: Mapping[str, Any]) -> Json | None:
        """What is asked, done, and the invoke's reply; never raises, so that Teams always hears from us."""
        shape: Shape | None = None
        try:
            incoming = decode(activity, self._offers, emulator=self._emulator)
            if incoming is None:
                return None
            shape = incoming.shape
            self._messenger.met(incoming.request.actor.workspace, incoming.thread.service_url)
            return await self._handled(incoming)
        except Unknown as unknown:
            _log.info("An invoke that is not offered: %s", unknown)
            return None
        except Unclear as unclear:
            return self._told(activity, unclear.sentence, unclear.shape)
        except Exception:
            _log.exception("A request from Teams failed")
            shape = shape or _SHAPES.get(text(activity, "name"), "message")
            return self._told(activity, SORRY, "message") if shape == "message" else fault(shape)

    async def _handled(self, incoming: Incoming) -> Json | None:
        if incoming.cancelled:
            return self._answers.former(incoming)
        if incoming.request.command == ARRIVED:
            if incoming.request.source != "event":
                return sentence("This is not something to press.", incoming.shape)
            if not self._first_arrival(incoming):
                return None
        return await self._answers.give(incoming, await self._desk.handle(incoming.request))

    def _first_arrival(self, incoming: Incoming) -> bool:
        now, where = self._clock.now().timestamp(), incoming.request.place.conversation
        before = self._arrived.pop(where, None)
        self._arrived[where] = now
        if len(self._arrived) > 1_000:
            self._arrived.popitem(last=False)
        return before is None or abs(now - before) > ARRIVALS

    def _told(self, activity: Mapping[str, Any], words: str, shape: Shape) -> Json | None:
        if shape != "message":
            return sentence(words, shape)
        self._answers.say(thread_of(activity), self._messenger.draw(notice(words)), words)
        return None

    def _later(self, coroutine: Coroutine[Any, Any, None]) -> None:
        """Run in the background, with a reference kept, so that it is not lost at the end."""
        task = asyncio.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _json(body: Any, status: int) -> web.Response:
    return web.Response(body=orjson.dumps(body), status=status, content_type="application/json")
