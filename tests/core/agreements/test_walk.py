"""Random members do random things to a board's agreements; a model in plain Python does the same, and they agree."""

import asyncio
import datetime
import random
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Select, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.agreements.models import Agreement, Elector, Objection
from core.agreements.rules import OBJECTIONS, POSITIONS, Base, Rule
from core.commands import Role
from core.db import new_ref, open_engine
from core.dispatch import Dispatch
from core.drawing import Drawer
from core.partners.models import Identity, Member, Organisation
from core.register.models import Entry
from core.register.queries import entries, flaws
from core.register.seal import Seal
from core.requests import Actor, Place, Replace, Reply, Request, Whisper
from core.themes.models import Theme
from core.throttle import Throttle
from core.timekeeper import Timekeeper
from core.transactions import Transactions
from tests.core.agreements.model import QUORUMS, Body, Books, Proposal
from tests.databases import SqliteFiles
from tests.world import TEAM, Board, Someone, write_board

BEGINNING = datetime.datetime(2026, 12, 21, 9, tzinfo=datetime.UTC)  # decisions are numbered anew in January
SECTORS = {"Council": "local government", "Police": "police", "Hospital": "NHS", "College": "education"}
THEMES = ("Smart cities", "Arts and culture", "Use of assets")
PEOPLE = (
    Someone("Cleo Chair", "Council", "chair"),
    Someone("Carla Coordinator", "Council", "coordinator"),
    Someone("Ravi Council", "Council"),
    Someone("Peter Police", "Police"),
    Someone("Dora Deputy", "Police", "deputy"),
    Someone("Della Deputy", "Police", "deputy"),
    Someone("Nadia Nurse", "Hospital"),
    Someone("Colin College", "College", "deputy"),
    Someone("Chris Charity", "Charity"),
    Someone("Olga Observer", "Hospital", "observer"),
)
LATE, LATECOMERS = "Lena Latecomer", "Latecomers"
THRESHOLDS = (Rule.SIMPLE_MAJORITY, Rule.TWO_THIRDS, Rule.UNANIMOUS)
SPEECHES = re.compile(r"[A-Z“].{8,280}[.?!]", re.S)
GIBBERISH = re.compile(r"Traceback|Error|Exception|sqlalchemy|<class|None\b|tell the operator")

VOICES = ("Ravi Council", "Peter Police", "Dora Deputy", "Della Deputy", "Nadia Nurse", "Colin College")
REASON = "Because of the children."
STEPS = 120


class StillClock:
    """A clock that moves only when it is told to."""

    def __init__(self) -> None:
        self.moment = BEGINNING

    def now(self) -> datetime.datetime:
        """The moment it shows."""
        return self.moment


class Walk:
    """One board on its way, in the database and in the books. Chance alone says what happens next."""

    def __init__(self, url: str, seed: int) -> None:
        self.chance = random.Random(seed)
        self.clock = StillClock()
        self.seal = Seal(["a key for tests only"])
        self.transactions = Transactions(open_engine(url), info={"seal": self.seal})
        drawer = Drawer(self.transactions, self.clock)
        self.desk = Dispatch(self.transactions, drawer, self.clock, throttle=Throttle(0, 0))
        self.timekeeper = Timekeeper(self.transactions, self.clock)
        unit = self.chance.choice(["organisation", "organisation", "member"])
        bodies = {each.name: Body(each.name, each.organisation, Role(each.role)) for each in PEOPLE}
        bodies[LATE] = Body(LATE, LATECOMERS, Role.REPRESENTATIVE, here=False)
        self.books = Books(unit, bodies, dict(SECTORS), BEGINNING)
        self.board = 0
        self.trace: list[str] = []

    async def begin(self) -> None:
        """Write the board."""
        people = tuple(Someone(each.name, each.organisation, each.role, slack=each.name) for each in PEOPLE)
        board = Board(
            people=people,
            sectors=SECTORS,
            not_voting=("Charity",),
            voting_unit=self.books.unit,
            themes=THEMES,
            teams_room="",
        )
        self.board = await self.transactions.write(lambda session: write_board(session, board, self.clock))  # type: ignore[arg-type]

    async def step(self) -> None:
        """One deed, then everything is compared."""
        deeds: list[tuple[int, Callable[[], Awaitable[None]]]] = [
            (5, self.propose),
            (3, self.open),
            (14, self.answer),
            (8, self.many_answer),
            (4, self.take_back),
            (5, self.interest),
            (4, self.amend),
            (3, self.extend),
            (4, self.close),
            (4, self.reopen),
            (2, self.withdraw),
            (3, self.decide),
            (3, self.confirm),
            (4, self.time_passes),
            (1, self.a_partner_joins_the_board if len(self.trace) > 40 else self.look_at_it),
            (1, self.a_deputy_leaves if len(self.trace) > 60 else self.look_at_it),
            (1, self.look_at_it),
        ]
        weights, choices = [weight for weight, _ in deeds], [deed for _, deed in deeds]
        await (self.propose() if not self.books.proposals else self.chance.choices(choices, weights)[0]())
        seen = await self.transactions.read(lambda session: Seen.through(session, self.board))
        self.voters_stand_as_in_the_books(seen)
        self.objections_follow_their_voters(seen)
        self.the_register_is_whole(seen)
        self.themes_are_agreed_by_what_is_in_force(seen)

    async def ask(self, who: str, command: str, **args: Any) -> Reply:
        """What the desk replies to this person. A minute passes with each request."""
        self.clock.moment += datetime.timedelta(minutes=1)
        self.books.now = self.clock.moment
        self.trace.append(f"{who}: {command} {args}")
        place = Place("slack", TEAM, f"D-{who}", personal=True)
        source = self.chance.choice(["form", "button"])
        request = Request(Actor("slack", TEAM, who), place, source, command=f"agreements.{command}", args=args)  # type: ignore[arg-type]
        return await self.desk.handle(request)

    def hours_from_now(self, *hours: int) -> datetime.datetime:
        """A moment, counted from when the next request arrives."""
        return self.clock.moment + datetime.timedelta(minutes=1, hours=self.chance.choice(hours))

    def voter(self) -> str:
        """Mostly somebody with a vote."""
        return self.chance.choice([*VOICES * 3, "Cleo Chair", "Cleo Chair", LATE, *(each.name for each in PEOPLE)])

    def steerer(self) -> str:
        """Mostly somebody who may steer."""
        return self.chance.choice(["Cleo Chair"] * 25 + ["Carla Coordinator"] * 6 + [each.name for each in PEOPLE])

    def one(self) -> Proposal:
        """One of the last few proposals, mostly one that is alive."""
        alive = [it for it in self.books.proposals if it.state == "open"]
        return self.chance.choice(alive[-2:] * 6 + self.books.proposals[-3:])

    def closed(self) -> Proposal:
        """One that has ended, if there is any."""
        ended = [it for it in self.books.proposals if it.result or it.state == "deciding"]
        return self.chance.choice(ended[-3:] or self.books.proposals)

    def check(self, reply: Reply, allowed: bool) -> None:
        """The reply is a change exactly when the books allow it, and any refusal is said well."""
        if isinstance(reply, Replace) or (isinstance(reply, Whisper) and reply.card.title != "Not done"):
            title = reply.card.title if isinstance(reply, Whisper) else reply.note
            assert title not in ("Sorry", "Try again") and allowed, reply
            return
        assert not allowed, reply
        said = [reply.card.summary] if isinstance(reply, Whisper) else list(reply.form.problems.values())
        for sentence in said:
            assert SPEECHES.fullmatch(sentence) and not GIBBERISH.search(sentence), sentence

    async def propose(self) -> None:
        """Somebody proposes something, sometimes with a slip in it."""
        chance, who = self.chance, self.chance.choice([self.steerer(), self.steerer(), self.voter()])
        rule, title = chance.choice(list(Rule)), f"Proposal {len(self.trace)}"
        base = chance.choice(
            [Base.CAST, Base.CAST, Base.ENTITLED] if rule in THRESHOLDS else [Base.CAST] * 15 + [Base.ENTITLED]
        )
        slip = chance.choice(["detail", "decider", "closes", *[""] * 17])
        decider = chance.choice([name for name in VOICES if self.books.people[name].here])
        it = Proposal(
            proposer=who,
            rule=rule,
            base=base,
            closes=self.hours_from_now(-1) if slip == "closes" else self.hours_from_now(300, 300, 100, 2),
            text="The first words.",
            quorum=chance.choice(["", "", "", *QUORUMS]),
            must=tuple(chance.choice([[], [], [], ["Police"], ["College"]])),
            sectors=tuple(chance.choice([[], [], [], ["NHS"], ["education"]])),
            themes=tuple(chance.sample(THEMES, chance.randrange(3))),
            effect=chance.choice(["binding", "binding", "ratify", "approval"]),
            decider=decider if (rule is Rule.ADVICE) != (slip == "decider") else "",
        )
        detail = "" if it.effect == "binding" or slip == "detail" else "the meeting of 25 January"
        reply = await self.ask(
            who,
            "propose",
            title=title,
            text=it.text,
            closes=it.closes.isoformat(),
            rule=rule.value,
            base=base.value,
            quorum=it.quorum,
            must=list(it.must),
            sectors=list(it.sectors),
            themes=list(it.themes),
            effect=it.effect,
            effect_detail=detail,
            decider=f"{it.decider} ({self.books.people[it.decider].organisation})" if it.decider else "",
        )
        allowed = self.books.propose(it, detail)
        self.check(reply, allowed)
        if allowed:
            find = select(Agreement.ref).where(Agreement.title == title)
            it.ref = await self.transactions.read(lambda session: _one(session, find))

    async def open(self) -> None:
        """Somebody opens a draft."""
        drafts = [it for it in self.books.proposals if it.state == "draft"]
        who, it = self.steerer(), self.chance.choice(drafts or self.books.proposals)
        self.check(await self.ask(who, "open", agreement=it.ref), self.books.open(who, it))

    async def answer(self) -> None:
        """Somebody answers, now and then with a word of another rule."""
        who, it, reason = self.voter(), self.one(), self.chance.choice([REASON, REASON, ""])
        words = [position.value for position in POSITIONS[it.rule]]
        wrong = "block" if it.rule is Rule.CONSENT else "consent"
        word = self.chance.choice([*words * 4, wrong])
        command = self.chance.choice(["cast", "answer"])
        reply = await self.ask(who, command, agreement=it.ref, position=word, reason=reason)
        self.check(reply, self.books.cast(who, it, word, reason))

    async def many_answer(self) -> None:
        """Several answer, most of them well disposed, and the chair may close at once."""
        it = self.one()
        words = POSITIONS[it.rule]
        for _ in range(self.chance.randrange(3, 8)):
            who, word = self.voter(), self.chance.choice([words[0]] * 9 + [words[-1]]).value
            reply = await self.ask(who, "cast", agreement=it.ref, position=word, reason=REASON)
            self.check(reply, self.books.cast(who, it, word, REASON))
        if self.chance.random() < 0.4:
            reply = await self.ask("Cleo Chair", "close", agreement=it.ref, why="All have answered.")
            self.check(reply, self.books.close("Cleo Chair", it, "All have answered."))

    async def take_back(self) -> None:
        """Somebody takes the answer back."""
        who, it = self.voter(), self.one()
        self.check(await self.ask(who, "take_back", agreement=it.ref), self.books.take_back(who, it))

    async def interest(self) -> None:
        """Somebody declares an interest, or withdraws it."""
        who, it = self.voter(), self.one()
        if self.chance.random() < 0.5:
            reply = await self.ask(who, "interest", agreement=it.ref, nature="We own the land.")
            self.check(reply, self.books.declare_interest(who, it))
        else:
            reply = await self.ask(who, "withdraw_interest", agreement=it.ref)
            self.check(reply, self.books.withdraw_interest(who, it))

    async def amend(self) -> None:
        """Somebody puts an amended text, or forgets to change it."""
        who, it = self.steerer(), self.one()
        closes = self.chance.choice([None, self.hours_from_now(300, 300, 100, -1)])
        text = self.chance.choice(["Other words.", f"Words of round {it.round + 1}.", it.text])
        said = closes.isoformat() if closes else ""
        reply = await self.ask(who, "amend", agreement=it.ref, text=text, why="For the objection.", closes=said)
        self.check(reply, self.books.amend(who, it, text, closes))

    async def extend(self) -> None:
        """Somebody moves the deadline."""
        who, it, closes = self.steerer(), self.one(), self.hours_from_now(300, 300, 100, 30, -1)
        reply = await self.ask(who, "extend", agreement=it.ref, closes=closes.isoformat(), why="Half-term.")
        self.check(reply, self.books.extend(who, it, closes))

    async def close(self) -> None:
        """Somebody closes early."""
        who, it, why = self.steerer(), self.one(), self.chance.choice(["All have answered.", "Urgent.", ""])
        self.check(await self.ask(who, "close", agreement=it.ref, why=why), self.books.close(who, it, why))

    async def reopen(self) -> None:
        """Somebody reopens."""
        who, it, closes = self.steerer(), self.closed(), self.hours_from_now(300, 300, 100, 30, -1)
        reply = await self.ask(who, "reopen", agreement=it.ref, why="New facts.", closes=closes.isoformat())
        self.check(reply, self.books.reopen(who, it, closes))

    async def withdraw(self) -> None:
        """Somebody withdraws a proposal."""
        who, it = self.steerer(), self.one()
        reply = await self.ask(who, "withdraw", agreement=it.ref, why="Overtaken.")
        self.check(reply, self.books.withdraw(who, it))

    async def decide(self) -> None:
        """The decider, or somebody else, decides, or tries to before the advice is in."""
        waiting = [it for it in self.books.proposals if it.state == "deciding"]
        it, yes = self.chance.choice(waiting or self.books.proposals), self.chance.random() < 0.7
        who = self.chance.choice([it.decider or "Cleo Chair", self.voter()])
        word = "yes" if yes else "no"
        reply = await self.ask(who, "decide", agreement=it.ref, decision=word, statement="So be it.")
        self.check(reply, self.books.decide(who, it, yes))

    async def confirm(self) -> None:
        """Somebody records what came of it."""
        waiting = [it for it in self.books.proposals if it.result == "passed" and it.effect != "binding"]
        it, who, yes = self.chance.choice(waiting or self.books.proposals), self.steerer(), self.chance.random() < 0.7
        word = "yes" if yes else "no"
        reply = await self.ask(who, "confirm", agreement=it.ref, confirmed=word, note="Minute 7.")
        self.check(reply, self.books.confirm(who, it, yes))

    async def time_passes(self) -> None:
        """Time passes; now and then the clock has not come round yet."""
        hours = self.chance.choice([1, 1, 1, 31, 31, 101])
        self.trace.append(f"{hours} hours pass")
        self.clock.moment += datetime.timedelta(hours=hours)
        self.books.now = self.clock.moment
        if self.chance.random() < 0.7:
            await self.timekeeper.tick()
            self.books.tick()

    async def a_partner_joins_the_board(self) -> None:
        """A new organisation: entitled to what opens from now on, and to nothing that is open already."""
        if self.books.people[LATE].here:
            return
        self.trace.append("a partner joins")
        await self.transactions.write(self._write_latecomer)
        self.books.people[LATE].here = True
        self.books.sectors[LATECOMERS] = "NHS"

    async def _write_latecomer(self, session: AsyncSession) -> None:
        board, now = self.board, self.clock.now()
        partner = Organisation(partnership_id=board, ref=new_ref("org"), name=LATECOMERS, sector="NHS", created_at=now)
        session.add(partner)
        await session.flush()
        member = Member(
            partnership_id=board,
            organisation_id=partner.id,
            ref=new_ref("mem"),
            name=LATE,
            role="representative",
            created_at=now,
        )
        session.add(member)
        await session.flush()
        account = {"tool": "slack", "workspace": TEAM, "account": LATE}
        session.add(Identity(partnership_id=board, member_id=member.id, created_at=now, **account))

    async def a_deputy_leaves(self) -> None:
        """Whoever has left acts no more; what was said stays."""
        self.trace.append("Della Deputy leaves")
        gone = update(Member).where(Member.name == "Della Deputy").values(left_at=self.clock.now())
        await self.transactions.write(lambda session: session.execute(gone))
        self.books.people["Della Deputy"].here = False

    async def look_at_it(self) -> None:
        """Card, roll and paper can be drawn of anything, and an observer may see them."""
        for view in ("show", "roll", "paper"):
            reply = await self.ask("Olga Observer", view, agreement=self.one().ref)
            assert isinstance(reply, Whisper) and reply.card.title not in ("Not done", "Sorry", "Try again")

    def voters_stand_as_in_the_books(self, seen: "Seen") -> None:
        """State, result, round, and each voter's position; nobody who came later."""
        assert set(seen.agreements) == {it.ref for it in self.books.proposals}
        for it in self.books.proposals:
            row = seen.agreements[it.ref]
            assert (row.state, row.result, row.round, row.confirmed) == (it.state, it.result, it.round, it.confirmed)
            assert (row.closes_at, row.text) == (it.closes, it.text)
            there = {e.name: (e.position, e.recused_at is not None) for e in seen.voters if e.agreement_id == row.id}
            assert there == {v.name: (v.position, bool(v.recused_by)) for v in it.voters.values()}

    def objections_follow_their_voters(self, seen: "Seen") -> None:
        """Their states are the books', and whoever objects now has exactly one objection in the open."""
        names = {each.id: each.name for each in seen.voters}
        for it in self.books.proposals:
            key = seen.agreements[it.ref].id
            mine = [[names[row.elector_id], row.state] for row in seen.objections if row.agreement_id == key]
            assert mine == it.objections
            live = sorted(name for name, state in mine if state in ("raised", "stands"))
            assert live == sorted(v.name for v in it.voters.values() if v.position in OBJECTIONS)

    def the_register_is_whole(self, seen: "Seen") -> None:
        """No flaw in its chain, every change of every agreement in it, decisions numbered without a gap."""
        assert flaws(seen.chain, self.seal) == []
        for it in self.books.proposals:
            assert [entry.kind for entry in seen.chain if entry.subject == it.ref] == it.log
        numbers = [entry.number for entry in seen.chain if entry.number]
        for year in (2026, 2027):
            of_year = [number for number in numbers if f"-{year}-" in number]
            assert of_year == [f"TPB-{year}-{place:03d}" for place in range(1, len(of_year) + 1)]
        newest = {entry.subject: entry.number for entry in seen.chain if entry.number}
        for row in seen.agreements.values():
            assert row.decision == newest.get(row.ref)

    def themes_are_agreed_by_what_is_in_force(self, seen: "Seen") -> None:
        """A theme is agreed exactly while an agreement in force names it, and says which."""
        agreed: dict[str, set[str]] = {}
        for it in self.books.proposals:
            for name in it.themes if it.binds else ():
                agreed.setdefault(name, set()).add(it.ref)
        for theme in seen.themes:
            assert (theme.state == "agreed") == (theme.name in agreed), theme.name
            assert theme.agreed_by is None if theme.name not in agreed else theme.agreed_by in agreed[theme.name]


@dataclass(frozen=True)
class Seen:
    """Everything of one board's agreements."""

    agreements: dict[str, Agreement]
    voters: Sequence[Elector]
    objections: Sequence[Objection]
    themes: Sequence[Theme]
    chain: Sequence[Entry]

    @classmethod
    async def through(cls, session: AsyncSession, board: int) -> "Seen":
        """What this session sees."""
        return cls(
            {each.ref: each for each in (await session.execute(select(Agreement))).scalars()},
            (await session.execute(select(Elector))).scalars().all(),
            (await session.execute(select(Objection).order_by(Objection.id))).scalars().all(),
            (await session.execute(select(Theme))).scalars().all(),
            await entries(session, board),
        )


async def _one(session: AsyncSession, query: Select[tuple[str]]) -> str:
    return (await session.execute(query)).scalar_one()


async def _walk(url: str, seed: int, steps: int) -> Walk:
    walk = Walk(url, seed)
    try:
        await walk.begin()
        for _ in range(steps):
            await walk.step()
    except AssertionError as failed:
        failed.add_note(f"With seed {seed}, the way there:\n" + "\n".join(walk.trace))
        raise
    finally:
        await walk.transactions.close()
    return walk


@pytest.mark.parametrize("seeds", [range(2), pytest.param(range(2, 24), marks=pytest.mark.faults, id="far")])
def test_whatever_members_do_the_board_stays_as_the_books_have_it(sqlite: SqliteFiles, seeds: range) -> None:
    """The same walks each time, so that a red test means a change; other seeds look further."""
    kinds: set[str] = set()
    for seed in seeds:
        walk = asyncio.run(_walk(sqlite.migrated(), seed, STEPS))
        kinds |= {kind for it in walk.books.proposals for kind in it.log}
    led = {"opened", "decision", "amended", "reopened", "interest", "withdrawn", "deadline moved", "advice closed"}
    assert led <= kinds, "the walks lead somewhere"
