"""Carries what is due to the tools: look, choose, claim, render late, send, finish. No transaction during HTTP.

Two kinds of work: an Outgoing row is a message to be posted once; a stale Posting is a card to be redrawn from
the state as it is now, at once after the first change and then at most once a second.

Only what its platform takes now is claimed: within the limits that the adapters declare, and within each
workspace's share of what is under way. So a slow or dead workspace never delays another.
"""

import asyncio
import contextlib
import dataclasses
import logging
import math
import time
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from core.claims import LOOKED_AT, Candidate, Chosen, Due, Left, claim, free, look, owners
from core.drawing import Drawer
from core.meter import Meter
from core.pacing import Lanes, Pace, lane_of
from core.requests import Clock, Doing, Messenger
from core.sending import Outcome, Sender
from core.transactions import Transactions, Unavailable

log = logging.getLogger(__name__)

IDLE_SECONDS = 5.0
AWAY_SECONDS = 0.5  # before a database that is away is asked again
NAP_SECONDS = 0.05  # between rounds, so that changes gather
LONGEST_NAP = 0.25
SHARE = 8  # a nap lasts so many times as long as the round before it, so that steady clicks are not slowed by looking
BUSY_SECONDS = 0.005  # the same while there is more to be taken up than was
AT_ONCE = 256  # sends under way in all, so that memory stays flat whatever waits
RESTING = 1_000  # conversations of which it is remembered that their limits say later
MISSED_EVERY = 30.0  # seconds between two looks for servers that have ended
STOP_SECONDS = 8.0  # for what is being sent when the server stops; a lease covers what is not finished

Key = tuple[str, int]  # ("room" | "member" | "posting", id)


class Courier:
    """One server's courier. Wake it after a commit; it also looks by itself every few seconds."""

    def __init__(
        self,
        transactions: Transactions,
        drawer: Drawer,
        messengers: Mapping[str, Messenger],
        clock: Clock,
        meter: Meter | None = None,
        *,
        name: str,
        is_gone: Callable[[str], bool],
    ) -> None:
        """name: of this courier among all that share the database. is_gone: whether one of a name has surely ended."""
        self._transactions = transactions
        self._messengers = messengers
        self._clock = clock
        self._sender = Sender(transactions, drawer, messengers, clock, meter or Meter(), name)
        self._is_gone = is_gone
        self._missed_at = -math.inf  # when servers that have ended were last looked for
        self._woken = asyncio.Event()
        self._pace = Pace(time.monotonic)
        self._lanes = Lanes(time.monotonic)
        self._resting: dict[Key, float] = {}
        self._edits_rest: dict[str, float] = {}  # lanes whose limit on edits says later
        self._under_way: set[asyncio.Task[None]] = set()
        self._messages: set[int] = set()  # keys of the Outgoing rows under way
        self._postings: set[int] = set()
        self._stopping = False
        self.carried = 0  # claims carried out by this server

    def wake(self) -> None:
        """Something may be due now."""
        self._woken.set()

    async def run(self) -> None:
        """Serve until `stop`, then finish what is under way; a database that is away is asked again soon."""
        while not self._stopping:
            self._woken.clear()
            pause, nap, began = IDLE_SECONDS, NAP_SECONDS, time.monotonic()
            try:
                pause = await self._round()
                busy = pause == 0.0 or self._under_way
                nap = BUSY_SECONDS if busy else min(LONGEST_NAP, max(nap, SHARE * (time.monotonic() - began)))
            except Unavailable:
                log.warning("the courier cannot reach the database")
                pause = AWAY_SECONDS
            except Exception:
                log.exception("the courier stumbled")
                pause = AWAY_SECONDS
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), pause)
            await asyncio.sleep(nap)
        if self._under_way:
            _, late = await asyncio.wait(self._under_way, timeout=STOP_SECONDS)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def stop(self) -> None:
        """Take nothing new; `run` ends when what is under way is finished."""
        self._stopping = True
        self._sender.finisher.patient = False
        self.wake()

    async def _round(self) -> float:
        """Take up what can be sent now and set it going; how long there is nothing more to do, in seconds."""
        if len(self._under_way) >= AT_ONCE:
            return IDLE_SECONDS
        await self._free_lost()
        now, left = self._clock.now(), self._left()
        due = await self._transactions.read(lambda session: look(session, now, left))
        chosen, by_key = self._choose(due)
        if chosen.messages or chosen.postings or chosen.sorted:
            claimed = time.monotonic()
            messages, postings = await self._transactions.write(
                lambda session: claim(session, self._sender.owner, now, chosen), ahead=True
            )
            for message in messages:
                address = by_key["message", message.id].address
                work = self._sender.deliver(message, address, claimed)
                self._set_going(work, lane_of(address), self._messages, message.id, due.probing)
            for posting in postings:
                lane = f"{posting.tool}:{posting.workspace}"
                work = self._sender.redraw(posting, claimed)
                self._set_going(work, lane, self._postings, posting.id, due.probing)
        more = len(due.messages) >= LOOKED_AT or len(due.postings) >= LOOKED_AT
        if more and (chosen.messages or chosen.postings or chosen.sorted or self._left() != left):
            return 0.0  # what was not looked at may have a free lane
        upcoming = math.inf if due.next_at is None else (due.next_at - now).total_seconds()
        return max(0.0, min(IDLE_SECONDS, upcoming, self._next_rested()))

    async def _free_lost(self) -> None:
        """At the start, and then now and again: what a server had in hand is free soon after it has surely ended."""
        moment = time.monotonic()
        if moment < self._missed_at + MISSED_EVERY:
            return
        self._missed_at = moment
        ended = [owner for owner in await self._transactions.read(owners) if self._is_gone(owner)]
        if ended:
            await self._transactions.write(lambda session: free(session, ended))

    def _left(self) -> Left:
        moment = time.monotonic()
        self._resting = {key: until for key, until in self._resting.items() if until > moment}
        self._edits_rest = {lane: until for lane, until in self._edits_rest.items() if until > moment}
        return Left(
            owner=self._sender.owner,
            messages=tuple(self._messages),
            postings=tuple(self._postings | {each for kind, each in self._resting if kind == "posting"}),
            rooms=tuple(each for kind, each in self._resting if kind == "room"),
            members=tuple(each for kind, each in self._resting if kind == "member"),
            lanes=tuple(self._lanes.full()),
            posting_lanes=tuple(self._edits_rest),
        )

    def _next_rested(self) -> float:
        until = min([*self._resting.values(), *self._edits_rest.values()], default=math.inf)
        return min(until - time.monotonic(), self._lanes.next_place())

    def _choose(self, due: Due) -> tuple[Chosen, dict[tuple[str, int], Candidate]]:
        """What can be sent now, in the order in which it fell due, and the rows whose lane is known now."""
        chosen = _Choice(self._lanes, due, AT_ONCE - len(self._under_way))
        for found in due.messages:
            known = found.address is not None and found.address.tool in self._messengers
            each = found if known else dataclasses.replace(found, address=None)
            address = each.address
            lane = lane_of(address)
            if address is not None and lane != each.lane:
                chosen.learn(lane, each.id)
            key = ("room", each.room) if each.room is not None else ("member", each.member or 0)
            if chosen.has_place(lane) and self._allowed(each, "post", lane, key):
                chosen.take("message", each, lane)
        for each in due.postings:
            if each.lane.partition(":")[0] not in self._messengers:
                self._resting["posting", each.id] = time.monotonic() + 300
            elif chosen.has_place(each.lane) and self._allowed(each, "edit", each.lane, ("posting", each.id)):
                chosen.take("posting", each, each.lane)
        return chosen.made(), chosen.by_key

    def _allowed(self, candidate: Candidate, doing: Doing, lane: str, key: Key) -> bool:
        """Whether the platform's limits let it go now; else it rests until they do."""
        address = candidate.address
        if address is None:
            return True
        if doing == "edit" and lane in self._edits_rest:
            return False
        wait, whole = self._pace.take(self._messengers[address.tool].limits(address, doing))
        if wait <= 0:
            return True
        if whole and doing == "edit":
            self._edits_rest[lane] = time.monotonic() + wait
        elif whole:
            self._lanes.rest(lane, wait)
        elif len(self._resting) < RESTING:
            self._resting[key] = time.monotonic() + wait
        return False

    def _set_going(
        self, work: Coroutine[Any, Any, Outcome], lane: str, under_way: set[int], key: int, probing: frozenset[str]
    ) -> None:
        under_way.add(key)
        self._lanes.begin(lane)

        async def carry() -> None:
            outcome = Outcome()
            self.carried += 1
            try:
                outcome = await work
                if outcome.well and lane in probing:
                    await self._sender.finisher.resume(lane)
            except Unavailable:
                log.warning("the database went away while sending; the lease will run out")
            except Exception:
                log.exception("sending stumbled")
            finally:
                under_way.discard(key)
                self._lanes.end(lane, well=outcome.well, retry_after=outcome.retry_after)
            self.wake()

        task = asyncio.create_task(carry())
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)


class _Choice:
    """What a round takes up, within each lane's places."""

    def __init__(self, lanes: Lanes, due: Due, most: int) -> None:
        self._lanes = lanes
        self._shut, self._probing = due.shut, due.probing
        self._left = most
        self._taken: dict[str, int] = {}
        self._messages: list[int] = []
        self._postings: list[int] = []
        self._probes: dict[str, tuple[int, int]] = {}
        self._sorted: dict[str, list[int]] = {}
        self.by_key: dict[tuple[str, int], Candidate] = {}

    def has_place(self, lane: str) -> bool:
        """Whether one more of this lane may go; a lane that has shut us out is tried with one."""
        if self._left <= 0 or lane in self._shut:
            return False
        taken = self._taken.get(lane, 0)
        places = self._lanes.places(lane)
        return taken < (min(places, 1) if lane in self._probing else places)

    def learn(self, lane: str, key: int) -> None:
        """The row's lane is known now."""
        self._sorted.setdefault(lane, []).append(key)

    def take(self, kind: str, candidate: Candidate, lane: str) -> None:
        """This one goes."""
        message = kind == "message"
        (self._messages if message else self._postings).append(candidate.id)
        self.by_key[kind, candidate.id] = candidate
        self._taken[lane] = self._taken.get(lane, 0) + 1
        self._left -= 1
        if lane in self._probing:
            self._probes[lane] = (candidate.id, 0) if message else (0, candidate.id)

    def made(self) -> Chosen:
        """All of it, to be claimed."""
        return Chosen(self._messages, self._postings, self._probes, self._sorted)
