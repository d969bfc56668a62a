"""The desk that is tried: two boards, one request at a time, each undone again, and what is found meanwhile."""

import contextlib
import itertools
from collections import Counter
from collections.abc import AsyncIterator, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import delete, select, update

from bot.clock import ShiftingClock
from core.agreements.models import Agreement
from core.catalog import VIEW_OF
from core.commands import Sight
from core.dispatch import Dispatch
from core.drawing import Drawer
from core.outbox import Outgoing
from core.partners.models import Identity
from core.requests import Actor, Place, Reply, Request
from core.throttle import Throttle
from core.values import read
from tests.trust.boards import MARK, Side, build, mark_all
from tests.trust.features import hand_out_link, hold_founding_codes
from tests.trust.policy import STRANGER
from tests.trust.rehearsal import Rehearsal
from tests.world import TEAM

ACTORS = {"c": "CHAIR", "o": "COORDINATOR", "r": "REP", "d": "DEPUTY", "w": "OBSERVER", STRANGER: "NOBODY", "g": "GONE"}
"""Accounts by who they are; g has left the board."""
ELSEWHERE = "x"  # the chair's account, of another workspace
PREPARED = ("membership.found", "membership.link", "privacy.erase_me", "privacy.erase_member", "privacy.erase_now")
BY_FORM = ("polls.answer", "polls.launch")  # their buttons open the form, whatever they carry


def account_of(who: str) -> Actor:
    """The account by which this person asks."""
    workspace = "T0ELSEWHERE" if who == ELSEWHERE else TEAM
    return Actor("slack", workspace, f"U0OUR{ACTORS['c' if who == ELSEWHERE else who]}")


@dataclass
class Trial:
    """The desk, the two boards, and what has been found."""

    rehearsal: Rehearsal
    desk: Dispatch
    clock: ShiftingClock
    ours: Side
    theirs: Side
    theirs_before: Mapping[str, str] = field(default_factory=dict)
    all_before: Mapping[str, str] = field(default_factory=dict)
    leaks: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    numbers: Iterator[int] = field(default_factory=itertools.count)
    link_code: str = ""

    def request(self, who: str, command: str, args: Mapping[str, Any], where: str) -> Request:
        """What this person asks, as an adapter would hand it over."""
        actor = account_of(who)
        conversation = {"dm": f"D{actor.user}", "room": "C0OUR", "their room": "C0OTH"}[where]
        place = Place("slack", actor.workspace, conversation, personal=where == "dm")
        plain = where == "dm" and command not in BY_FORM
        source: Any = ("button", "form")[next(self.numbers) % 2] if plain else "form"
        return Request(actor, place, source, command=command, args=dict(args))

    async def ask(self, who: str, command: str, args: Mapping[str, Any], where: str = "dm") -> tuple[Reply, bool]:
        """The reply, and whether anything was changed by it. Whatever comes is looked through for the other board."""
        self.counts["requests"] += 1
        async with self.rehearsal.case():
            reply = await self.desk.handle(self.request(who, command, args, where))
            self.look(f"{who} {command} {args} in {where}: reply", repr(reply), args)
            touched = await self._touched()
            theirs = {name for name, board in touched if board == self.theirs.board}
            if theirs and await self._differs(theirs, self.theirs_before, self.theirs.board):
                self.leaks.append(f"{who} {command} {args}: the other board was changed")
            tables = {name for name, _ in touched}
            for message in await self._messages() if "outgoing" in tables else ():
                self.look(f"{who} {command} {args}: message", message, args)
            return reply, await self._differs(tables - UNRECORDED, self.all_before)

    async def _touched(self) -> set[tuple[str, int]]:
        """What was written to; on PostgreSQL, which keeps no such notes, everything may be."""
        if self.rehearsal.on_sqlite:
            return await self.rehearsal.touched()
        return {(name, self.theirs.board) for name in self.all_before}

    async def _differs(self, tables: Collection[str], before: Mapping[str, str], board: int | None = None) -> bool:
        """Whether any of these tables holds something else than before; it stops at the first that does."""
        for name in sorted(before.keys() & tables):
            now = await self.rehearsal.fingerprints(board, (name,))
            if now.get(name) != before[name]:
                return True
        return False

    @contextlib.asynccontextmanager
    async def scene(self, command: str) -> AsyncIterator[None]:
        """Set the scene for this command, and strike it again at the end."""
        before = self.all_before
        async with self.rehearsal.case():
            await self._prepare(command)
            prepared = {name for name, _ in await self._touched()} if command in PREPARED else ()
            self.all_before = {**before, **await self.rehearsal.fingerprints(None, prepared)}
            await self.rehearsal.forget_touched()
            yield
        self.all_before = before

    async def _prepare(self, command: str) -> None:
        """What has to be so that anybody can do it; it is no change of what is asked then."""
        if command not in PREPARED:
            return
        if command.startswith("privacy.erase"):  # who decides something cannot be erased
            waits = update(Agreement).where(Agreement.state == "deciding").values(state="withdrawn")
            await self.rehearsal.connection.execute(waits.where(Agreement.partnership_id == self.ours.board))
        elif command == "membership.found":
            founders = [account_of(who) for who in (*ACTORS, ELSEWHERE)]
            await self.rehearsal.write(lambda session: hold_founding_codes(session, founders, self.clock.now()))
        elif command == "membership.link":  # whoever leaves takes the accounts along
            gone = Identity.member_id == self.ours.people["g"].member
            await self.rehearsal.connection.execute(delete(Identity).where(gone))

    async def _messages(self) -> list[str]:
        """What now waits to be sent to our board, as it would be drawn."""

        async def work(session: Any) -> list[str]:
            found = await session.execute(
                select(Outgoing).where(Outgoing.partnership_id == self.ours.board, Outgoing.key.not_in(self.known))
            )
            drawn = []
            for row in found.scalars():
                view = VIEW_OF[row.view]
                params = read(view.params, row.args, zone=self.zone, now=self.clock.now(), choices={})
                card = await view.draw(Sight(session, self.ours.board, self.clock.now()), params)
                drawn.append(f"{row.args} {card!r}")
            return drawn

        messages: list[str] = await self.rehearsal.read(work)
        self.counts["messages"] += len(messages)
        return messages

    known: frozenset[str] = frozenset()

    @property
    def zone(self) -> Any:
        """Our board's zone."""
        return self.ours.people["c"].zone

    def look(self, what: str, said: str, args: Mapping[str, Any]) -> None:
        """Note it where what was said holds anything of the other board that was not given with the request."""
        given = repr(args)
        if MARK in said and MARK not in given:
            self.leaks.append(f"{what} holds a text of the other board")
        for ref in set(self.theirs.all_refs()):
            if ref in said and ref not in given:
                self.leaks.append(f"{what} holds {ref}")


UNRECORDED = frozenset(
    {"deliveries", "identities", "wrong_codes"}
)  # being seen, or guessing, is no change of the board


async def begin(rehearsal: Rehearsal) -> Trial:
    """Both boards, and the fingerprints of how everything stands."""
    clock = ShiftingClock()
    ours = await build(rehearsal, clock, "Our", "OUR")
    theirs = await build(rehearsal, clock, "Other", "OTH")
    assert await mark_all(rehearsal, theirs.board) > 40
    code: str = await rehearsal.write(lambda session: hand_out_link(session, account_of("r"), clock.now()))
    desk = Dispatch(rehearsal, Drawer(rehearsal, clock), clock, throttle=Throttle(0, 0))
    trial = Trial(rehearsal, desk, clock, ours, theirs, link_code=code)
    trial.theirs_before = await rehearsal.fingerprints(theirs.board)
    trial.all_before = await rehearsal.fingerprints()
    keys = await rehearsal.connection.execute(select(Outgoing.key).where(Outgoing.partnership_id == ours.board))
    trial.known = frozenset(keys.scalars())
    await rehearsal.forget_touched()
    return trial
