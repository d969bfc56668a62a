"""The rights of a person: to see what is kept, to have it, and to be forgotten without the board's record breaking."""

import datetime
import json
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from sqlalchemy import JSON, func, insert, select, type_coerce, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import ShiftingClock
from core.actions.models import ALIVE, Action
from core.agreements.models import Agreement, Objection, Stance
from core.agreements.receipts import receipt
from core.agreements.voting import cast, declare_interest, take_back
from core.catalog import BY_NAME
from core.commands import Person
from core.db import Model
from core.dispatch import Dispatch
from core.drawing import Drawer
from core.errors import Refused
from core.exchange.export import export_board
from core.membership.models import Cover, Founding, Link, WrongCode
from core.outbox import Outgoing, Posting, Subject
from core.partners.actions import invite
from core.partners.models import Identity, Invitation, Member
from core.partners.queries import persons_of
from core.polls.models import PollVoter
from core.priorities.models import PriorityScore
from core.privacy import keeping
from core.privacy.erasing import erase
from core.privacy.gathering import gather
from core.privacy.traces import FATES, member_columns
from core.register.actions import append
from core.register.models import Entry
from core.register.queries import entries, flaws
from core.register.seal import Seal
from core.reminders.models import Occurrence, Preference
from core.requests import Actor, Place, Reply, Request, Whisper
from tests.databases import SQLITE_FIRST, PostgresDatabases, SqliteFiles
from tests.trust.boards import Side, build, columns_with
from tests.trust.features import write_of
from tests.trust.rehearsal import Rehearsal
from tests.world import TEAM

SEED = "QXSEED"
SEAL = Seal(["a key for tests"])


class Seeded:
    """A board of which one representative bears the seed in name, address, accounts and conversation."""

    def __init__(self, rehearsal: Rehearsal, clock: ShiftingClock, side: Side, who: Person) -> None:
        self.rehearsal, self.clock, self.side = rehearsal, clock, side
        self.desk = Dispatch(rehearsal, Drawer(rehearsal, clock), clock)
        self.who = who

    async def ask(self, account: str, command: str, **args: Any) -> Reply:
        """Press something as this account."""
        place = Place("slack", TEAM, f"D{account}", personal=True)
        return await self.desk.handle(
            Request(Actor("slack", TEAM, account), place, "button", command=command, args=args, delivery=f"t{args}")
        )

    async def chain(self) -> list[str]:
        """What is wrong with the register."""

        async def work(session: AsyncSession) -> list[str]:
            return flaws(await entries(session, self.side.board), SEAL)

        found: list[str] = await self.rehearsal.read(work)
        return found

    async def count(self, table: type[Model], *where: Any) -> int:
        """How many rows there are."""
        query = select(func.count()).select_from(table).where(*where)
        return int((await self.rehearsal.connection.execute(query)).scalar_one())


EVERYWHERE = {
    "foundings.account",
    "identities.account",
    "links.account",
    "members.email",
    "members.name",
    "outgoing.args",
    "poll_voters.said_by",
    "postings.conversation",
    "priority_steps.by",
    "stances.member_name",
    "wrong_codes.account",
}
"""Columns in which the seed stands, so that forgetting them is seen."""

ACCOUNT, CONVERSATION = f"U{SEED}", f"DU{SEED}"


@pytest.fixture
def database(databases: SqliteFiles | PostgresDatabases) -> str:
    return databases.migrated()


@pytest.fixture
async def seeded(database: str) -> AsyncIterator[Seeded]:
    clock = ShiftingClock()
    async with Rehearsal(database).open() as rehearsal:
        side = await build(rehearsal, clock, "Our", "OUR")
        person = Seeded(rehearsal, clock, side, side.people["r"])
        await rehearsal.write(lambda session: _seed(session, person))
        yield person


async def _seed(session: AsyncSession, person: Seeded) -> None:
    """Everything that this product may come to keep of a person, with the seed in it."""
    board, member, now = person.side.board, person.who.member, person.clock.now()
    name = f"{SEED} Police"
    await session.execute(update(Member).where(Member.id == member).values(name=name, email=f"{SEED}@police.example"))
    values = {"account": ACCOUNT, "conversation": CONVERSATION, "seen_at": now}
    await session.execute(update(Identity).where(Identity.member_id == member).values(**values))
    lone = [person.side.people[each].member for each in ("Vicechair", "Clerk")]  # so that the chair is the only one
    await session.execute(update(Member).where(Member.id.in_(lone)).values(role="observer"))
    waits = update(Agreement).where(Agreement.state == "deciding").values(state="withdrawn")
    await session.execute(waits)  # who is to decide cannot be erased
    me = await _person(session)
    person.who = me
    opened = (
        await session.execute(select(Agreement).where(Agreement.state == "open").order_by(Agreement.id).limit(2))
    ).scalars()
    first, second = opened.all()
    await cast(session, first, me, "object", "The police need the agreement first.", now)
    await take_back(session, first, me, now)
    await cast(session, first, me, "object", "The police still need it.", now)
    await declare_interest(session, second, me, "We own the land.", now)
    session.add(Preference(partnership_id=board, member_id=member, quiet_from=0, quiet_to=0, digest="off", zone=""))
    card = f"rem_{member}_20261122T090000"
    session.add(Subject(ref=card, partnership_id=board, version=1))
    occurrence = Occurrence(
        partnership_id=board, key=f"k:{member}", member_id=member, concern="agreements", what=first.ref, step="last",
        card=card, due_at=now, until=now, created_at=now,
    )  # fmt: skip
    session.add(occurrence)
    row = await session.get_one(Member, member)
    await invite(session, row, now)
    outgoing = Outgoing(
        partnership_id=board, key=f"{card}:m{member}", view="reminders.card", args={"card": card}, subject=card,
        member_id=member, due_at=now, created_at=now, state="sent", error=f"nobody called {SEED}",
    )  # fmt: skip
    session.add(outgoing)
    for number, mine in enumerate((member, None)):
        posting = Posting(
            partnership_id=board, subject=first.ref, view="agreements.show", args={"agreement": first.ref},
            tool="slack", workspace=TEAM, conversation=CONVERSATION, message=f"{number}.{SEED}", edit_at=now,
            created_at=now, member_id=mine,
        )  # fmt: skip
        session.add(posting)
    await write_of(session, board, me, person.side.people["c"], now)
    account = {"tool": "slack", "workspace": TEAM, "account": ACCOUNT}
    soon = now + datetime.timedelta(hours=1)
    session.add_all(
        (
            Link(code_hash="l" * 64, expires_at=soon, created_at=now, **account),
            WrongCode(at=now, **account),
            Founding(
                code_hash="f" * 64, expires_at=soon, created_at=now, claimed_at=now, partnership_id=board, **account
            ),
        )
    )
    about = {"owner": name, "list": [name]}
    await append(session, board, "noted", subject=first.ref, title="A change", now=now, by=me, detail=about)


async def _person(session: AsyncSession) -> Person:
    (person,) = await persons_of(session, Actor("slack", TEAM, ACCOUNT))
    return person


def test_every_table_that_leads_to_a_member_has_its_fate() -> None:
    assert sorted({table.name for table, _ in member_columns()}) == sorted(FATES)


_UNOWNED = type_coerce(Outgoing.args, JSON)["say"].as_string().contains("another owner")


async def who_is_erased_leaves_only_a_pseudonym(seeded: Seeded, report: Callable[[str], None]) -> None:
    before = await columns_with(seeded.rehearsal, SEED)
    assert set(before) >= EVERYWHERE, EVERYWHERE - set(before)
    assert not {"register.actor", "register.detail"} & set(before), "the register knows people by reference"
    stances = await seeded.count(Stance, Stance.member_id == seeded.who.member)
    version = select(Subject.version).where(Subject.ref.in_(select(Agreement.ref).where(Agreement.state == "open")))
    shown = sum((await seeded.rehearsal.connection.execute(version)).scalars())

    asked = await seeded.ask(ACCOUNT, "privacy.erase_me", sure="erase")
    assert isinstance(asked, Whisper) and asked.card.title == "Erase you?", asked
    assert await columns_with(seeded.rehearsal, SEED) == before
    done = await seeded.ask(ACCOUNT, "privacy.erase_now", member=seeded.who.ref, asked=seeded.clock.now().isoformat())
    assert isinstance(done, Whisper) and "a former member of OurPolice" in done.card.summary, done

    left = await columns_with(seeded.rehearsal, SEED)
    report(f"a marker stood in {len(before)} columns of the database, after erasing in {len(left)}")
    assert left == []
    assert await seeded.chain() == []
    assert await seeded.count(Stance, Stance.member_id == seeded.who.member) == stances
    assert await seeded.count(Stance, Stance.member_name == "A former member of OurPolice") == stances
    assert await seeded.count(Objection, Objection.said_by == "A former member of OurPolice") > 0
    assert sum((await seeded.rehearsal.connection.execute(version)).scalars()) > shown, "no card would be redrawn"
    mine = seeded.who.member
    assert await seeded.count(Action, Action.owner_id == mine, Action.state.in_(ALIVE)) == 0
    assert await seeded.count(Action, Action.owner_id == mine, Action.state == "done") > 0, "what was done is on record"
    assert await seeded.count(Outgoing, Outgoing.member_id == seeded.side.people["c"].member, _UNOWNED) >= 2
    assert await seeded.count(PollVoter, PollVoter.member_id == mine, PollVoter.anonymous) == 0
    assert await seeded.count(PollVoter, PollVoter.member_id == mine) > 0, "a named vote is part of its count"
    assert await seeded.count(PriorityScore, PriorityScore.member_id == mine) == 0
    assert await seeded.count(Cover, Cover.member_id == mine) == 0
    again = await seeded.ask(ACCOUNT, "home.show")
    assert isinstance(again, Whisper) and "I don't know you yet" in again.card.summary
    exported = json.dumps(await seeded.rehearsal.read(lambda session: export_board(session, seeded.side.board)))
    assert SEED not in exported and "A former member of OurPolice (OurPolice)" in exported


async def receipts_can_be_worked_out_from_the_export_before_and_after(
    seeded: Seeded, report: Callable[[str], None]
) -> None:
    async def work(session: AsyncSession) -> None:
        for erased in (False, True):
            if erased:
                await erase(session, seeded.side.board, seeded.who.ref, "the operator", seeded.clock.now())
            exported = await export_board(session, seeded.side.board)
            made = {
                stance["receipt"]: receipt(
                    agreement=each["id"],
                    voter=stance.get("voter_id") or stance["organisation"],
                    by=stance["member_id"],
                    position=stance["position"],
                    reason=stance["reason"],
                    round_=stance["round"],
                    at=datetime.datetime.fromisoformat(stance["at"]),
                )
                for each in exported["agreements"]
                for stance in each["stances"]
            }
            assert len(made) > 3 and made == {each: each for each in made}

    await seeded.rehearsal.write(work)


async def the_last_chair_is_told_what_to_do_first(seeded: Seeded, report: Callable[[str], None]) -> None:
    for account, word in (("U0OURCHAIR", "only chair"), ("U0OURCOORDINATOR", "only coordinator")):
        told = await seeded.ask(account, "privacy.erase_me", sure="erase")
        assert isinstance(told, Whisper) and word in told.card.summary, told
    theirs = seeded.side.people["d"]
    forged = await seeded.ask(ACCOUNT, "privacy.erase_now", member=theirs.ref, asked=seeded.clock.now().isoformat())
    assert isinstance(forged, Whisper) and "not yours to erase" in forged.card.summary
    stale = await seeded.ask(ACCOUNT, "privacy.erase_now", member=seeded.who.ref)
    assert isinstance(stale, Whisper) and "asked long ago" in stale.card.summary, stale


async def a_register_from_before_loses_its_names_too(seeded: Seeded, report: Callable[[str], None]) -> None:
    """Entries of format 1 hold names under the seal: they verify as they are, and are sealed anew without the name."""

    async def old(session: AsyncSession) -> None:
        chain = await entries(session, seeded.side.board)
        previous = chain[0].previous
        for entry in chain:
            entry.format, entry.previous = 1, previous
            entry.actor = entry.actor.replace(seeded.who.ref, seeded.who.name)
            entry.detail = json.loads(json.dumps(entry.detail).replace(seeded.who.ref, seeded.who.name))
            entry.seal = previous = SEAL.of(entry)

    await seeded.rehearsal.write(old)
    assert await seeded.chain() == []
    assert {"register.actor", "register.detail"} <= set(await columns_with(seeded.rehearsal, SEED))
    erased = lambda session: erase(  # noqa: E731
        session, seeded.side.board, seeded.who.ref, "the operator", seeded.clock.now()
    )
    await seeded.rehearsal.write(erased)
    assert await columns_with(seeded.rehearsal, SEED) == []
    assert await seeded.chain() == []
    assert await seeded.count(Entry, Entry.format == 1) == 0

    async def tampered(session: AsyncSession) -> None:
        await session.execute(update(Entry).where(Entry.position == 2).values(title="Forged", format=1))
        with pytest.raises(Refused, match="not whole"):
            await erase(session, seeded.side.board, seeded.side.people["d"].ref, "the operator", seeded.clock.now())

    await seeded.rehearsal.write(tampered)


async def what_is_kept_is_handed_out(seeded: Seeded, report: Callable[[str], None], others: int = 3_000) -> None:
    rows = {
        "partnership_id": seeded.side.board, "view": "agreements.show", "args": {}, "due_at": seeded.clock.now(),
        "created_at": seeded.clock.now(), "member_id": seeded.side.people["c"].member, "state": "sent", "attempts": 0,
        "error": "",
    }  # fmt: skip
    many = [{**rows, "key": f"other:{number}"} for number in range(others)]
    for start in range(0, len(many), 5000):
        await seeded.rehearsal.connection.execute(insert(Outgoing), many[start : start + 5000])
    began = time.monotonic()
    gathered = await seeded.rehearsal.read(lambda session: gather(session, seeded.side.board, seeded.who.ref))
    took = time.monotonic() - began
    report(f"a person's export beside {others:,} rows: {took:.2f} s")
    assert took < 60
    records = gathered["records"]
    assert set(records) >= {"identities", "stances", "interests", "invitations", "outgoing", "postings", "reminders"}
    assert len(records["outgoing"]) < 50
    assert [each["account"] for each in records["identities"]] == [ACCOUNT, ACCOUNT]  # in each of two tools
    assert {each["agreement"][:4] for each in records["stances"]} == {"agr_"}
    assert any(each["kind"] == "interest" for each in gathered["register"])
    pages = [repr(await seeded.ask(ACCOUNT, "privacy.my_data", page=page)) for page in range(1, 10)]
    assert ACCOUNT in "".join(pages)
    assert {"items", "actions", "polls", "poll_voters", "priorities", "priority_scores", "covers"} <= set(records)
    other = await seeded.ask("U0OURDEPUTY", "privacy.my_data")
    assert SEED not in repr(other), "somebody else's data is shown"


async def what_is_transient_goes_in_time_and_who_left_is_erased(seeded: Seeded, report: Callable[[str], None]) -> None:
    board = seeded.side.board
    told = await seeded.ask("U0OURCHAIR", "privacy.keeping", days=30, left=60)
    assert isinstance(told, Whisper) and "30 days" in told.card.summary, told
    gone = seeded.side.people["g"]
    held = (Outgoing, Invitation, Occurrence)
    before = [await seeded.count(table) for table in held]
    for days, erased, fewer in ((29, 0, False), (40, 0, True), (61, 1, True)):
        seeded.clock.advance(days * 86400 - (seeded.clock.now() - ShiftingClock().now()).total_seconds())
        await seeded.rehearsal.write(lambda session: keeping.tidy(session, seeded.clock.now()))
        after = [await seeded.count(table) for table in held]
        assert all((now < then) == fewer for now, then in zip(after, before, strict=True)), (days, before, after)
        assert await seeded.count(Member, Member.id == gone.member, Member.erased_at.is_not(None)) == erased
    assert await seeded.count(Outgoing, Outgoing.state == "waiting") > 0, "what waits is not what was sent"
    assert await seeded.count(Stance, Stance.partnership_id == board) > 3
    assert await seeded.chain() == []


STORIES = (
    who_is_erased_leaves_only_a_pseudonym,
    receipts_can_be_worked_out_from_the_export_before_and_after,
    the_last_chair_is_told_what_to_do_first,
    a_register_from_before_loses_its_names_too,
    what_is_kept_is_handed_out,
    what_is_transient_goes_in_time_and_who_left_is_erased,
)


@SQLITE_FIRST
async def test_the_rights_of_a_person(seeded: Seeded, report: Callable[[str], None]) -> None:
    """Each story on the same board, undone at its end, because making the board takes longer than telling them."""
    for story in STORIES:
        async with seeded.rehearsal.case():
            await story(Seeded(seeded.rehearsal, ShiftingClock(), seeded.side, seeded.who), report)


@pytest.mark.faults
async def test_a_hundred_thousand_rows_of_others_do_not_matter(seeded: Seeded, report: Callable[[str], None]) -> None:
    await what_is_kept_is_handed_out(seeded, report, 100_000)


def test_help_tells_what_is_kept() -> None:
    words = " ".join(BY_NAME["privacy.show"].more)
    assert all(each in words for each in ("your name", "e-mail", "accounts", "Backups", "mydata", "erase"))
