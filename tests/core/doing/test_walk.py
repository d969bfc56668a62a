"""Anybody does anything to items, priorities and actions; the books say what may be, refusals say why not."""

import datetime
import random
import re
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import pytest
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.actions.models import Action
from core.db import open_engine
from core.dispatch import Dispatch
from core.drawing import Drawer
from core.items.models import Item, ItemSupport
from core.partners.models import Member, Organisation
from core.partners.queries import member_options, organisation_options
from core.priorities.models import Priority, TaskGroup
from core.register.queries import entries, flaws
from core.register.seal import Seal
from core.requests import Actor, Place, Replace, Request, Whisper
from core.themes.queries import themes
from core.throttle import Throttle
from core.transactions import Transactions
from tests.core.doing.model import GATES, STAGES, VOICES, Body, Grouped, Piped, Promised, Raised
from tests.world import SMALL, TEAM, Board, Someone, write_board

STEPS, SEEDS = 280, (3, 6)  # walks on which all that is new comes about
SENTENCE = re.compile(r"[A-Z“].{8,280}[.?!]", re.S)
GIBBERISH = re.compile(r"Traceback|Error|Exception|sqlalchemy|<class|None\b|tell the operator")
NOW = datetime.datetime(2026, 11, 25, 10, tzinfo=datetime.UTC)
DUE = "2026-12-18"
PEOPLE = tuple(Someone(each.name, each.organisation, each.role, slack=each.name) for each in SMALL.people)


Deed: TypeAlias = tuple[Body, str, dict[str, Any], Callable[[], bool]]


class Stopped:
    """A clock that stands."""

    def now(self) -> datetime.datetime:
        """Always the same moment."""
        return NOW


class Walk:
    """One board, in the database and in the books."""

    def __init__(self, url: str, seed: int) -> None:
        self.chance = random.Random(seed)
        self.seal = Seal(["a key for tests only"])
        self.transactions = Transactions(open_engine(url), info={"seal": self.seal})
        self.desk = Dispatch(
            self.transactions, Drawer(self.transactions, Stopped()), Stopped(), throttle=Throttle(0, 0)
        )
        self.bodies = [Body(each.name, each.organisation, each.role) for each in PEOPLE]
        self.priorities: dict[str, Piped] = {}
        self.actions: dict[str, Promised] = {}
        self.items: dict[str, Raised] = {}
        self.groups: dict[str, Grouped] = {}
        self.voting = {each.organisation for each in self.bodies if each.role in VOICES} - {"Charity"}
        self.numbers: dict[str, int] = {}
        self.done: set[str] = set()
        self.refused: set[str] = set()
        self.repeated = 0

    async def begin(self) -> None:
        """Three of each, made as people make them."""
        board = Board(people=PEOPLE, not_voting=("Charity",), themes=("Smart cities",), slack_room="", teams_room="")
        await self.transactions.write(lambda session: write_board(session, board, Stopped()))  # type: ignore[arg-type]
        self.refs = await self.transactions.read(self._refs)
        sponsors = (("Police", "Colin College"), ("", ""), ("Council", ""), ("Police", ""))
        for number, (sponsor, lead) in enumerate(sponsors, start=1):
            given = {
                "title": f"Priority {number}",
                "sponsor": self.refs.get(sponsor, ""),
                "lead": self.refs.get(lead, ""),
            }
            assert await self.ask("Cleo Chair", "priorities.add", given) == ""
            self.priorities[await self._newest(Priority)] = Piped(sponsor, lead)
        for maker, owner in (
            ("Colin College", "Nadia Nurse"),
            ("Peter Police", "Peter Police"),
            ("Cleo Chair", "Dora Deputy"),
        ):
            again = owner == "Peter Police"
            rhythm = "weekly" if again else "once"
            given = {"title": f"For {owner}", "owner": self.refs[owner], "due": DUE, "repeats": rhythm}
            assert await self.ask(maker, "actions.add", given) == ""
            ref, number = await self._newest(Action), len(self.numbers) + 1
            self.actions[ref] = Promised(maker, owner, self.body(owner).organisation, maker == owner, repeats=again)
            self.numbers[ref] = number
        for raiser, secret in (
            ("Nadia Nurse", False),
            ("Colin College", False),
            ("Peter Police", True),
            ("Dora Deputy", True),
        ):
            assert await self.ask(raiser, "items.raise", {"title": f"Of {raiser}", "confidential": secret}) == ""
            ref = await self._newest(Item)
            self.items[ref] = Raised(raiser, self.body(raiser).organisation, secret)
            self.numbers[ref] = len(self.items)

    async def _refs(self, session: AsyncSession) -> dict[str, str]:
        found = {option.label: option.value for option in await organisation_options(session, 1)}
        return found | {option.label.split(" (")[0]: option.value for option in await member_options(session, 1)}

    async def _newest(self, model: Any) -> str:
        async def work(session: AsyncSession) -> str:
            return str((await session.execute(select(model.ref).order_by(model.id.desc()).limit(1))).scalar_one())

        return await self.transactions.read(work)

    def body(self, name: str) -> Body:
        """The member of this name."""
        return next(each for each in self.bodies if each.name == name)

    async def ask(self, who: str, command: str, args: Mapping[str, Any]) -> str:
        """Ask the desk; empty if it was done, else the sentence of the refusal."""
        request = Request(
            Actor("slack", TEAM, who),
            Place("slack", TEAM, "D1", personal=True),
            "form",
            command=command,
            args=dict(args),
        )
        reply = await self.desk.handle(request)
        if isinstance(reply, Replace):
            return ""
        if isinstance(reply, Whisper):
            return reply.card.summary if reply.card.title in ("Not done", "Sorry") else ""
        said = "; ".join(reply.form.problems.values())
        assert said, f"{command} came back as a form that says nothing"
        return said

    async def step(self) -> None:
        """One deed of somebody's, and everything is compared."""
        some = self.bodies if self.chance.random() < 0.5 else [each for each in self.bodies if each.steers]
        who, kind = self.chance.choice(some), self.chance.choice((self.move, self.work, self.find_a_way, self.gather))
        who, command, args, happens = kind(who)
        expected = happens()
        said = await self.ask(who.name, command, args)
        assert (said == "") == expected, f"{who.name} {command} {args}: {said or 'done'}"
        if said:
            assert SENTENCE.fullmatch(said) and not GIBBERISH.search(said), said
        (self.refused if said else self.done).add(command)
        if not said:
            await self.follow(who, command, args)
        await self.transactions.read(self.compare)

    async def follow(self, who: Body, command: str, args: Mapping[str, Any]) -> None:
        """What came to be by it is in the books, too: a group, or what is to be done once more."""
        if command == "priorities.form_group":
            names = {ref: name for name, ref in self.refs.items()}
            self.groups[await self._newest(TaskGroup)] = Grouped(frozenset(names[each] for each in args["members"]))
        if command == "actions.finish" and (done := self.actions[args["action"]]).repeats:
            self.repeated += 1
            again = Promised(who.name, done.owner, done.organisation, True, repeats=True)
            self.actions[await self._newest(Action)] = again
        numbers = await self.transactions.read(lambda session: session.execute(select(Action.ref, Action.number)))
        self.numbers |= {ref: number for ref, number in numbers.tuples() if ref in self.actions}

    def gather(self, who: Body) -> Deed:
        """Something with scores and groups."""
        *others, last = self.priorities
        ref = self.chance.choice((last, self.chance.choice(others)))
        priority, about = self.priorities[ref], {"priority": ref}
        some = self.chance.sample([each.name for each in self.bodies if each.role != "observer"], 2)
        given = {
            **about,
            "name": "A group",
            "remit": "To advise.",
            "ends": DUE,
            "members": [self.refs[n] for n in some],
        }
        deeds: list[tuple[str, dict[str, Any], Callable[[], bool]]] = [
            ("priorities.score", {**about, "c1": "3"}, lambda: priority.score(who, self.voting)),
            ("priorities.end_scoring", about, lambda: priority.end_scoring(who)),
            ("priorities.open_scoring", about, lambda: priority.open_scoring(who)),
            (
                "priorities.form_group",
                given,
                lambda: priority.may(who) and priority.stage not in ("complete", "dropped"),
            ),
        ]
        if self.groups:
            group = self.chance.choice(list(self.groups))
            told = {"group": group, "report": "Do it."}
            deeds.append(("priorities.end_group", told, lambda: self.groups[group].end(who)))
        return who, *self.chance.choices(deeds, weights=(4, 2, 4, 2, 2)[: len(deeds)])[0]

    def move(self, who: Body) -> Deed:
        """Something with a priority; the last one stays where it is, so that it can be scored."""
        ref = self.chance.choice(list(self.priorities)[:-1])
        priority, why = self.priorities[ref], {"priority": ref, "why": "For good reasons."}
        stage = self.chance.choice(STAGES)
        gate = next((name for name, (begins, _) in GATES.items() if begins == priority.stage), "priorities.complete")
        gate = gate if self.chance.random() < 0.8 else self.chance.choice(list(GATES))
        said = [name for name in GATES[gate][1] if self.chance.random() < 0.9]
        told = {"priority": ref, **dict.fromkeys(said, "What we know.")}
        deeds: list[tuple[str, dict[str, Any], Callable[[], bool]]] = [
            (gate, told, lambda: priority.on(who, gate, frozenset(said))),
            ("priorities.back", {**why, "to": stage}, lambda: priority.back(who, stage)),
            ("priorities.pause", why, lambda: priority.pause(who)),
            ("priorities.drop", why, lambda: priority.drop(who)),
            ("priorities.resume", why, lambda: priority.resume(who)),
        ]
        return who, *self.chance.choices(deeds, weights=(8, 2, 1, 1, 3))[0]

    def work(self, who: Body) -> Deed:
        """Something with an action."""
        often = [each for each, action in self.actions.items() if action.repeats and action.alive]
        ref = self.chance.choice([*self.actions, *often[-1:] * 2])
        action, to = self.actions[ref], self.chance.choice(self.bodies)
        other = self.chance.choice(list(self.actions))
        if self.chance.random() < 0.4 and (action.offered or action.owner):
            who = self.body(str(action.offered or action.owner))
        about, why = {"action": ref}, {"action": ref, "why": "For good reasons."}
        deeds: list[tuple[str, dict[str, Any], Callable[[], bool]]] = [
            ("actions.accept", about, lambda: action.accept(who)),
            ("actions.decline", why, lambda: action.decline(who)),
            ("actions.hand_over", {**why, "to": self.refs[to.name]}, lambda: action.hand_over(who, to)),
            ("actions.start", about, lambda: action.work(who, "start")),
            ("actions.report", {**about, "note": "Well."}, lambda: action.work(who, "report")),
            ("actions.block", why, lambda: action.work(who, "block")),
            ("actions.unblock", about, lambda: action.work(who, "unblock")),
            ("actions.finish", {**about, "outcome": "It is there."}, lambda: action.work(who, "finish")),
            ("actions.drop", why, lambda: action.work(who, "drop")),
            ("actions.reopen", {**why, "due": DUE}, lambda: action.reopen(who)),
            (
                "actions.await",
                {**about, "other": str(self.numbers[other])},
                lambda: action.wait(who, self.actions[other]),
            ),
        ]
        return who, *self.chance.choice(deeds)

    def find_a_way(self, who: Body) -> Deed:
        """Something with an item."""
        ref, other = self.chance.choice(list(self.items)), self.chance.choice(list(self.items))
        item, into = self.items[ref], self.items[other]
        about, why = {"item": ref}, {"item": ref, "why": "For good reasons."}
        owner = {"title": "Do it", "owner": self.refs["Peter Police"], "due": DUE}
        deeds: list[tuple[str, dict[str, Any], Callable[[], bool]]] = [
            ("items.to_agenda", about, lambda: item.way(who, "agenda")),
            ("items.to_pipeline", {**about, "title": "Work on it"}, lambda: item.way(who, "pipeline")),
            ("items.to_action", {**about, **owner}, lambda: item.way(who, "action")),
            ("items.answer", {**about, "answer": "So it is."}, lambda: item.way(who, "answered")),
            ("items.park", {**why, "until": DUE}, lambda: item.way(who, "parked")),
            ("items.decline", why, lambda: item.way(who, "declined")),
            ("items.merge", {**about, "into": str(self.numbers[other])}, lambda: item.merge(who, into)),
            ("items.reopen", why, lambda: item.reopen(who)),
            ("items.reopen", why, lambda: item.reopen(who)),
            ("items.withdraw", about, lambda: item.withdraw(who)),
            ("items.support", about, lambda: item.support(who)),
            ("items.unsupport", about, lambda: item.unsupport(who)),
        ]
        return who, *self.chance.choice(deeds)

    async def compare(self, session: AsyncSession) -> None:
        """What the database holds is what the books say."""
        names = dict((await session.execute(select(Member.id, Member.name))).tuples().all())
        partners = dict((await session.execute(select(Organisation.id, Organisation.name))).tuples().all())
        for priority in (await session.execute(select(Priority))).scalars():
            if known := self.priorities.get(priority.ref):
                assert (priority.stage, priority.rested_from) == (known.stage, known.rested)
                assert priority.scoring == known.scoring and (priority.score is None or not priority.scoring)
        for group in (await session.execute(select(TaskGroup))).scalars():
            assert (group.ended_at is not None) == self.groups[group.ref].ended
        for action in (await session.execute(select(Action))).scalars():
            if promised := self.actions.get(action.ref):
                owner, offered = names.get(action.owner_id or 0), names.get(action.offered_to_id or 0)
                stands = (
                    action.state,
                    owner,
                    offered,
                    action.accepted_at is not None,
                    partners[action.organisation_id],
                )
                books = (promised.state, promised.owner, promised.offered, promised.accepted, promised.organisation)
                assert stands == books
        supports: dict[int, set[str]] = {}
        for row in (await session.execute(select(ItemSupport))).scalars():
            supports.setdefault(row.item_id, set()).add(partners[row.organisation_id])
        for item in (await session.execute(select(Item))).scalars():
            if raised := self.items.get(item.ref):
                assert (item.state, supports.get(item.id, set())) == (raised.state, raised.supports)


NEW = {"priorities.score", "priorities.open_scoring", "priorities.form_group", "priorities.end_group", "actions.await"}
"""Deeds that each walk has to bring about at least once."""


@pytest.mark.parametrize("seed", SEEDS)
async def test_anybody_does_anything(migrated_url: str, seed: int, report: Callable[[str], None]) -> None:
    walk = Walk(migrated_url, seed)
    await walk.begin()
    for _ in range(STEPS):
        await walk.step()

    async def record(session: AsyncSession) -> list[str]:
        return flaws(await entries(session, 1), walk.seal)

    assert await walk.transactions.read(record) == []
    assert await walk.transactions.read(lambda session: themes(session, 1))
    report(
        f"{STEPS} deeds: {len(walk.done)} kinds done, {len(walk.refused)} kinds refused, each with a sentence; "
        f"{walk.repeated} actions came again, {len(walk.groups)} groups"
    )
    assert len(walk.done) >= 22 and walk.done >= NEW and walk.repeated
    await walk.transactions.close()
