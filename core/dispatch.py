"""One path for every request: find, resolve the person, authorise, validate, do, commit, reply.

A typed line, a button, a form and a shortcut differ only in how their parameters arrive. Whatever a person
can do ends in a reply here; only what the database or our own mistakes do is logged as an error.
"""

import contextlib
import dataclasses
import functools
import logging
import secrets
import time
import zoneinfo
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from core.acting import context_of, persons_of
from core.cards import Card, Text
from core.catalog import BY_NAME
from core.commands import Command, Context, params_of
from core.drawing import Drawer, hold, on_its_card
from core.errors import Incomplete, Refused
from core.forms import form, gathered, with_sheet, with_tail
from core.grammar import line_args
from core.hearing import asked_for
from core.inbox import DONE_ALREADY, Inbox
from core.meter import Meter
from core.partners import queries as partners
from core.partners.actions import note_seen
from core.requests import Ask, Clock, Place, Replace, Reply, Request, Whisper
from core.throttle import Throttle
from core.transactions import Crew, Transactions, Unavailable
from core.values import is_empty, read

log = logging.getLogger(__name__)

SEEN_SECONDS = 600
UNSURE = (
    "Folkmoot lost its records while it was writing this down, so it can't tell whether it was recorded. "
    "Look at the card, or type home, before you try again."
)
AWAY = "Folkmoot can't reach its records just now, so nothing was changed. Please try again in a minute."


class Dispatch:
    """The desk that the adapters talk to."""

    def __init__(
        self,
        transactions: Transactions,
        drawer: Drawer,
        clock: Clock,
        meter: Meter | None = None,
        throttle: Throttle | None = None,
    ) -> None:
        self._throttle = throttle or Throttle()
        self._transactions = transactions
        self._meter = meter or Meter()
        self._inbox = Inbox(self._meter)
        self._drawer = drawer
        self._clock = clock
        self._seen: dict[tuple[str, str, str], float] = {}
        self._crews: dict[str, Crew] = {
            command.name: functools.partial(self._work_together, command)
            for command in BY_NAME.values()
            if command.together
        }

    async def handle(self, request: Request) -> Reply:
        """Do what is asked; when this returns, it is committed. Never raises for what a person can do."""
        name = request.command or "(line)"
        try:
            self._throttle.check(request.actor)
            command, raw = self._find(request)
            name = command.name
            if command.reads or not request.delivery:
                reply = await self._do(request, command, raw)
            else:
                reply = await self._inbox.once(request, name, lambda: self._do(request, command, raw))
            self._meter.count("commands", "done")
            return reply
        except Refused as refusal:
            self._meter.count("commands", "refused")
            log.info("refused", extra={"command": name, "source": request.source})
            return Whisper(_note("Not done", refusal.sentence))
        except Unavailable as away:
            self._meter.count("commands", "unavailable")
            log.warning("database unavailable", extra={"command": name})
            return Whisper(_note("Look first", UNSURE) if away.unsure else _note("Try again", AWAY))
        except Exception:
            self._meter.count("commands", "failed")
            reference = secrets.token_hex(4)
            log.exception("unexpected error", extra={"command": name, "reference": reference})
            words = f"Something went wrong on our side, and nothing was changed. Please tell the operator: {reference}."
            return Whisper(_note("Sorry", words))

    async def draw(self, reply: Replace) -> Card:
        """The card of a reply as things stand now."""
        with contextlib.suppress(Unavailable):
            card = await self._drawer.draw(reply.board, reply.view)
            if card is not None:
                return card
        return _note("Recorded", reply.note or "Recorded.")

    def _find(self, request: Request) -> tuple[Command[Any], dict[str, Any]]:
        if not request.line and request.source != "line":  # opening the App Home is an event that says "home"
            command = BY_NAME.get(request.command)
            if command is None:
                raise Refused(
                    "That button belongs to another version of Folkmoot. Type home to see what waits for you."
                )
            return command, dict(request.args)
        return asked_for(request.line), {}

    async def _do(self, request: Request, command: Command[Any], raw: dict[str, Any]) -> Reply:
        started = time.perf_counter()

        async def work(session: AsyncSession) -> Reply:
            return await self._work(session, request, command, raw)

        try:
            if command.name in self._crews:
                reply: Reply = await self._transactions.write_with(self._crews[command.name], (request, raw))
            else:
                reply = await (self._transactions.read(work) if command.reads else self._transactions.write(work))
        except Incomplete as incomplete:
            # What was done so far is undone; the form is drawn from a session of its own.
            problems = incomplete.problems
            if request.source == "line" and any(problems.values()) and not command.mends:
                raise Refused(incomplete.sentence) from None
            reply = await self._transactions.read(lambda session: self._ask(session, request, command, raw, problems))
        if command.reads and self._is_news(request):
            # Reading tells as much as writing of where a person is reached; it only has no transaction for it.
            await self._transactions.write(lambda session: self._meet(session, request))
        took = round((time.perf_counter() - started) * 1000, 1)
        log.info("done", extra={"command": command.name, "source": request.source, "ms": took})
        return reply

    async def _work(self, session: AsyncSession, request: Request, command: Command[Any], raw: dict[str, Any]) -> Reply:
        context = await context_of(session, request, command, raw, self._clock.now())
        if isinstance(context, Card):
            return Whisper(context)
        choices = await command.choices(context, raw) if command.choices else {}
        if request.source == "line":
            raw.clear()
            raw.update(line_args(command, request.line, choices))
        if request.source == "shortcut" and request.place.link and "link" in params_of(command.params):
            raw.setdefault("link", request.place.link)
        if command.opens_form and (request.source == "shortcut" or (request.source == "line" and not raw)):
            raise Incomplete({})
        if command.sheet and request.source == "form":
            raw.update(gathered(command, raw, await command.sheet(context, raw)))
        params = read(command.params, raw, zone=_zone(context), now=context.now, choices=choices, insist=True)
        if command.reads:
            return await command.handle(context, params)
        if not command.repeatable and not all(await self._inbox.note(session, [request], context.now)):
            raise Refused(DONE_ALREADY)
        reply = await command.handle(context, params)
        if self._is_news(request):
            await self._meet(session, request, context)
        return await self._settle(session, request, reply, set())

    async def _work_together(
        self, command: Command[Any], session: AsyncSession, items: Sequence[tuple[Request, dict[str, Any]]]
    ) -> list[Reply | Exception]:
        """`_work` for many that came at the same time: the same steps, each taken once for all."""
        found, rooms = await persons_of(session, [request for request, _ in items]), partners.Rooms(session)
        outcomes: list[Reply | Exception | None] = []
        asked: list[tuple[Request, Context, Any]] = []
        for (request, raw), persons in zip(items, found, strict=True):
            try:
                context = await context_of(session, request, command, raw, self._clock.now(), persons, rooms)
                if isinstance(context, Card):
                    outcomes.append(Whisper(context))
                    continue
                params = read(command.params, raw, zone=_zone(context), now=context.now, choices={}, insist=True)
            except Refused as refusal:
                outcomes.append(refusal)
                continue
            outcomes.append(None)
            asked.append((request, context, params))
        replies = iter(await self._carry_out(session, command, asked) if asked else ())
        done = [next(replies) if outcome is None else outcome for outcome in outcomes]
        held: set[Place] = set()
        return [
            reply if isinstance(reply, Exception) else await self._settle(session, request, reply, held)
            for (request, _), reply in zip(items, done, strict=True)
        ]

    async def _carry_out(
        self, session: AsyncSession, command: Command[Any], asked: Sequence[tuple[Request, Context, Any]]
    ) -> list[Reply | Exception]:
        """Those that were not carried out before; a delivery that is refused is none, and may come again."""
        assert command.together  # noqa: S101 - what Transactions was given as a crew
        requests = [request for request, _, _ in asked]
        fresh: Sequence[bool] = [True] * len(asked)
        if not command.repeatable:
            fresh = await self._inbox.note(session, requests, self._clock.now())
        going = [(context, params) for (_, context, params), new in zip(asked, fresh, strict=True) if new]
        replies = iter(await command.together(session, going) if going else ())
        outcomes: list[Reply | Exception] = [next(replies) if new else Refused(DONE_ALREADY) for new in fresh]
        refused = [
            request
            for request, new, outcome in zip(requests, fresh, outcomes, strict=True)
            if new and isinstance(outcome, Refused)
        ]
        if refused:
            await self._inbox.forget(session, refused)
        for (request, context, _), outcome in zip(asked, outcomes, strict=True):
            if not isinstance(outcome, Refused) and self._is_news(request):
                await self._meet(session, request, context)
        return outcomes

    async def _settle(self, session: AsyncSession, request: Request, reply: Reply, held: set[Place]) -> Reply:
        """What a change does to the message it was asked from: its own card stays, and the courier waits for it.

        held: the messages for which it waits already, when several come together.
        """
        place = request.place
        if isinstance(reply, Replace) and place.personal and place.message:
            reply = await on_its_card(session, place, reply, self._clock.now())
        if isinstance(reply, Replace) and request.redraws and place not in held:
            held.add(place)
            await hold(session, place, reply.board)
        return reply

    def _is_news(self, request: Request) -> bool:
        """Whether this account was not met lately, as far as this server knows; asking makes it no news."""
        account = (request.actor.tool, request.actor.workspace, request.actor.user)
        if time.monotonic() - self._seen.get(account, -SEEN_SECONDS) < SEEN_SECONDS:
            return False
        self._seen[account] = time.monotonic()
        return True

    async def _meet(self, session: AsyncSession, request: Request, context: Context | None = None) -> None:
        """Remember where this person was last met: on the board of the context, or on all of his or hers."""
        if context is None:
            boards = [person.board for person in await partners.persons_of(session, request.actor)]
        else:
            boards = [context.person.board] if context.person else []
        for board in boards:
            await note_seen(session, board, request.actor, request.place, self._clock.now())

    async def _ask(
        self,
        session: AsyncSession,
        request: Request,
        command: Command[Any],
        raw: Mapping[str, Any],
        problems: Mapping[str, str],
    ) -> Reply:
        context = await context_of(session, request, command, raw, self._clock.now())
        if isinstance(context, Card):
            return Whisper(context)
        choices = await command.choices(context, raw) if command.choices else {}
        given = with_tail(command, raw) if request.source == "line" else dict(raw)
        if command.prefill and request.source != "form":
            prefilled = await command.prefill(context, raw)
            given |= {name: value for name, value in prefilled.items() if is_empty(given.get(name))}
        if request.source == "form":
            problems = {name: sentence or "Please fill this in." for name, sentence in problems.items()}
        asked = form(command, given, zone=_zone(context), now=context.now, choices=choices, problems=problems)
        for each in asked.inputs:
            if each.kind in ("choice", "choices") and not each.options:  # a form that nobody could fill in
                raise Refused(f"There is nothing to choose for {each.label} yet.")
        if command.sheet:
            sheet = await command.sheet(context, raw)
            asked = with_sheet(asked, sheet, raw, problems, below=command.sheet_below)
        # What is optional in general may be needed here, as the reason is for an objection. What was filled in
        # and is wrong stays optional, because emptying it puts it right as well.
        needed = {name for name in problems if is_empty(raw.get(name))}
        inputs = tuple(
            dataclasses.replace(each, required=True) if each.name in needed else each for each in asked.inputs
        )
        if command.labels:
            labels = await command.labels(context, raw)
            inputs = tuple(
                dataclasses.replace(each, label=labels[each.name], required=True)
                for each in inputs
                if each.name in labels
            )
        return Ask(dataclasses.replace(asked, inputs=inputs))


def _zone(context: Context) -> zoneinfo.ZoneInfo:
    return context.person.zone if context.person else partners.zone_of("Europe/London")


def _note(title: str, words: str) -> Card:
    return Card(title=title, blocks=(Text((words,)),), summary=words)
