"""Three boards in tables, with fixed keys and dates, and a desk over them: what people ask is answered for real."""

import contextlib
import datetime
import hashlib
import pathlib
from collections.abc import AsyncIterator
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from core.agreements.models import Agreement, AgreementTheme, Elector, Wording
from core.cards import Params
from core.commands import Person
from core.db import Model, open_engine
from core.dispatch import Dispatch
from core.drawing import Drawer
from core.membership.models import Cover, Founding, Link
from core.outbox import Subject
from core.partners.codes import hash_of
from core.partners.models import Counter, Identity, Invitation, Member, Organisation, Partnership, Practice, Room
from core.register.models import Entry
from core.register.seal import Seal
from core.tables import metadata
from core.themes.models import Theme
from core.throttle import Throttle
from core.transactions import Transactions
from core.workspaces.models import AllowedTenant, Knock
from tests.golden import doing_tables, meeting_tables, polls
from tests.golden.board import FRONT, PARTNERS, PROPOSAL, THEMES, agreement, electors
from tests.golden.case import NOW, at

TEAM = "T0BARNET"
ROOM, NEW_ROOM, FOREIGN_ROOM = "C0BARNET", "C0NOBODY", "C0MANY"
CODE = "K7QF9-M2PXD"
TENANT, KNOCKING = "8a1f3c52-9d0e-4b6f-8c2a-0f5d7e9b1a34", "b7c0ffee-0000-4000-8000-000000000002"
FOUNDING_CODE, LINK_CODE = "F2UND-3NGAA", "L4NKC-5DEAA"

LONG_NAME = "whose name is as long as names get when every part of it is written out in full " * 3
RIGHT_TO_LEFT = "\u202eשלום עולם مجلس الشراكة"
MARKUP = "<!channel> <@U1> *b* [x](https://evil.example) & <https://evil.example|here>"

BARNET = (
    # account, name, organisation, role
    ("U_CHAIR", "Cleo Chair", "Barnet Council", "chair"),
    ("U_COORDINATOR", "Carla Coordinator", "Barnet Council", "coordinator"),
    ("U_COUNCIL", "Ravi Representative", "Barnet Council", "representative"),
    ("U_DIRECTOR", "Dev Director", "Barnet Council", "deputy"),
    ("U_POLICE", "Peter Police", "Metropolitan Police", "representative"),
    ("U_DEPUTY", "Dora Deputy", "Metropolitan Police", "deputy"),
    ("U_NURSE", "Nadia Nurse", "NHS North Central London", "representative"),
    ("U_OBSERVER", "Olga Observer", "Barnet Youth Council", "observer"),
    ("", "Ines Invited", "Barnet Homes", "representative"),
    ("U_BOTH", "Bea Both", "Middlesex University", "representative"),
)
NEW = (("U_NEW", "Nia New", "New Council", "chair"), ("U_BOTH", "Bea Both", "University of New Places", "deputy"))
MANY = (
    ("U_MANY", "Mo Many", "Council of Many", "chair"),
    ("U_REPRESENTATIVE", "Rita Representative", "Council of Many", "representative"),
)


class FixedLinks:
    """Links that are always the same."""

    def link(self, person: Person, wants: Params, now: datetime.datetime) -> str:
        """Where this file would be."""
        return f"https://folkmoot.example/board/files/{wants.packed().get('form', 'file')}"


INFO = {"seal": Seal(["a key for goldens only"]), "links": FixedLinks()}


class FixedClock:
    """A clock that stands still."""

    def now(self) -> datetime.datetime:
        """The moment of all goldens."""
        return NOW


@contextlib.asynccontextmanager
async def records_in(file: pathlib.Path) -> AsyncIterator[Transactions]:
    """The boards in this file."""
    records = Transactions(open_engine(f"sqlite+aiosqlite:///{file}"), info=INFO)
    yield records
    await records.close()


def a_desk(records: Transactions) -> Dispatch:
    """A desk over these boards that has heard and drawn nothing yet."""
    return Dispatch(records, Drawer(records, FixedClock()), FixedClock(), throttle=Throttle(0, 0))


async def write(file: pathlib.Path) -> None:
    """Write the three boards into a new file."""
    engine = open_engine(f"sqlite+aiosqlite:///{file}")
    async with engine.begin() as connection:
        await connection.run_sync(metadata.create_all)
    async with AsyncSession(engine) as session, session.begin():
        await _barnet(session)
        await doing_tables.barnet(session)
        await meeting_tables.barnet(session)
        await _polls(session)
        await _board(session, 2, "NPB", "New Places Board", NEW)
        await _many(session)
        await doing_tables.many(session)
        await meeting_tables.many(session)
        await _codes(session)
    async with engine.connect() as connection:
        await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    await engine.dispose()


async def _add(session: AsyncSession, *rows: Model) -> None:
    session.add_all(rows)
    await session.flush()


async def _board(session: AsyncSession, key: int, code: str, name: str, people: Any, **facts: Any) -> None:
    """A partnership; its organisations get the keys 100, 101 … of its own hundred, its members likewise."""
    board = {"partnership_id": key, "created_at": NOW}
    made = Partnership(id=key, ref=f"brd_{code}", code=code, name=name, principles=[], criteria=[], created_at=NOW)
    for field, value in facts.items():
        setattr(made, field, value)
    await _add(session, made)
    sectors = dict(PARTNERS)
    names = list(dict.fromkeys([*(sectors if key == 1 else ()), *(each[2] for each in people)]))
    await _add(
        session,
        *(
            Organisation(
                id=key * 100 + number,
                ref=f"org_{key * 100 + number}",
                name=each,
                sector=sectors.get(each, ""),
                voting=each != "Barnet Youth Council",
                **board,
            )
            for number, each in enumerate(names)
        ),
    )
    for number, (account, person, organisation, role) in enumerate(people):
        member = key * 100 + number
        employer = key * 100 + names.index(organisation)
        ref = f"mem_{member}"
        await _add(session, Member(id=member, ref=ref, name=person, organisation_id=employer, role=role, **board))
        for tool in ("slack", "teams") if account else ():
            await _add(session, Identity(member_id=member, tool=tool, workspace=TEAM, account=account, **board))


def _agreement(key: int, board: int, ref: str, number: int, title: str, **changes: Any) -> Agreement:
    facts = {"id": key, "partnership_id": board, "ref": ref, "number": number, "title": title, "proposer_id": None}
    return agreement(**(facts | {"required_organisations": []} | changes))


async def _put(session: AsyncSession, made: Agreement, voters: list[Elector]) -> None:
    await _add(session, made)
    await _add(session, Subject(ref=made.ref, partnership_id=made.partnership_id))
    await _add(
        session,
        Wording(partnership_id=made.partnership_id, agreement_id=made.id, round=1, text=made.text, at=made.created_at),
    )
    for number, voter in enumerate(voters):
        voter.id, voter.agreement_id, voter.partnership_id = made.id * 100 + number, made.id, made.partnership_id
        voter.organisation_id = made.partnership_id * 100 + number
    await _add(session, *voters)


async def _barnet(session: AsyncSession) -> None:
    purpose = "To do together for Barnet what none of us can do alone."
    await _board(session, 1, "BPB", "Barnet Partnership Board", BARNET, purpose=purpose, criteria=doing_tables.CRITERIA)
    await _add(session, _room(1, ROOM, 1, "slack"), _room(2, ROOM, 1, "teams"))
    for number, name in enumerate(THEMES, start=1):
        await _add(session, _theme(1, number, name, "agreed" if number > 2 else "proposed"))
    asked: list[tuple[str, str, dict[str, Any]]] = [
        ("agr_open", "Adopt five partnership themes", {"proposer_id": 101}),
        ("agr_draft", "Share one data platform", {"state": "draft", "opened_at": None, "proposer_id": 106}),
        ("agr_deciding", "Choose the venue", {"rule": "advice", "state": "deciding", "decider_id": 103}),
        (
            "agr_closed",
            "Open the Copthall plan to partners",
            {"effect": "ratify", "effect_detail": "the January meeting"},
        ),
        ("agr_hidden", "Appoint a task and finish group", {"hidden": "until closed", "closes_at": at(9)}),
        ("agr_advice", "Name the apprenticeship scheme", {"rule": "advice", "decider_id": 103, "closes_at": at(11)}),
        ("agr_withdrawn", "Merge two meetings", {"state": "withdrawn"}),
    ]
    ended = {"state": "closed", "result": "passed", "statement": "Agreed by consent: 8 of 8 organisations took part."}
    asked[3][2].update(ended, decision="BPB-2026-001", closed_at=at(20, month=11))
    for number, (ref, title, changes) in enumerate(asked, start=1):
        await _put(
            session,
            _agreement(number, 1, ref, number, title, front=FRONT, text=PROPOSAL, **changes),
            [] if ref == "agr_draft" else electors(),
        )
    await _add(session, AgreementTheme(partnership_id=1, agreement_id=1, theme_id=101))
    await _add(session, _entry(1, 1, "BPB-2026-001", asked[3][1], "passed", str(ended["statement"])))
    await _add(session, _tenant(1, TENANT, "Middlesex University", 101))
    await _add(session, Knock(tenant=KNOCKING, first_at=at(20, month=11), last_at=at(24, month=11), times=3))
    await _add(session, Counter(partnership_id=1, name="agreement", value=7))
    await _add(session, Counter(partnership_id=1, name="theme", value=5))
    await _add(session, Counter(partnership_id=1, name="decision 2026", value=1))
    await _add(
        session,
        Invitation(
            partnership_id=1,
            member_id=108,
            code_hash=hashlib.sha256(CODE.replace("-", "").encode()).hexdigest(),
            expires_at=at(1),
            created_at=NOW,
        ),
    )


async def _codes(session: AsyncSession) -> None:
    """A founding code that nobody has claimed, one that is U_FOUNDER's, and a code to link with, U_COUNCIL's."""
    made: dict[str, Any] = {"created_at": NOW, "expires_at": at(1)}
    claimed = {"claimed_at": NOW, "workspace": TEAM, "account": "U_FOUNDER"}
    await _add(
        session,
        Founding(code_hash=hash_of(FOUNDING_CODE), **made),
        *(Founding(code_hash=tool, tool=tool, **claimed, **made) for tool in ("slack", "teams")),
        Link(code_hash=hash_of(LINK_CODE), tool="slack", workspace=TEAM, account="U_COUNCIL", **made),
        Practice(partnership_id=2, rule="consensus", quorum="half", guided=False),
        Cover(partnership_id=1, ref="cov_1", member_id=107, starts_at=at(2), ends_at=at(9), created_at=NOW),
    )


async def _polls(session: AsyncSession) -> None:
    for some in polls.of_barnet():
        await _add(session, *some)
    await _add(session, Counter(partnership_id=1, name="poll", value=8))


async def _many(session: AsyncSession) -> None:
    await _board(session, 3, "GMB", "The Board of a Great Many Things", MANY)
    for number in range(60):
        name = f"Organisation {number} of many, {LONG_NAME}"[:200] if number else f"{RIGHT_TO_LEFT} {MARKUP}"
        facts = {"ref": f"org_{400 + number}", "name": name, "sector": MARKUP[:100], "voting": False}
        await _add(session, Organisation(id=400 + number, partnership_id=3, created_at=NOW, **facts))
    await _add(session, Organisation(id=460, partnership_id=3, ref="org_460", name="Nobody's Own", created_at=NOW))
    people = [
        Member(
            id=400 + number,
            partnership_id=3,
            ref=f"mem_{400 + number}",
            name=f"Person {number} {LONG_NAME}"[:200] if number else f"{RIGHT_TO_LEFT} {MARKUP}",
            organisation_id=400 + number % 60,
            role="observer",
            created_at=NOW,
        )
        for number in range(300)
    ]
    await _add(session, *people)
    await _add(session, _room(3, FOREIGN_ROOM, 3, "slack"), _room(4, FOREIGN_ROOM, 3, "teams"))
    for number in range(1, 101):
        await _add(session, _theme(3, number, f"Theme {number} of many", "agreed" if number % 2 else "proposed"))
    for number in range(1, 61):
        state: dict[str, Any] = {"state": "draft", "opened_at": None} if number > 45 else {}
        title = f"Proposal {number} of many, with a title as long as people like to write them " * 2
        made = _agreement(300 + number, 3, f"agr_many{number}", number, title, text="", front={}, **state)
        await _put(session, made, [] if state else electors(partners=[("Council of Many", "")]))
    for number in range(1, 36):
        await _add(session, _tenant(3, f"{number:08}-0000-4000-8000-000000000003", f"Partner {number:02} of many", 300))
    results = ("passed", "not passed", "no quorum")
    for number in range(1, 36):
        words = f"Decision {number}: 5 of 8 organisations took part. " * (40 if number == 34 else 1)
        title = f"Decision {number} of many"
        await _add(session, _entry(3, number, f"GMB-2026-{number:03}", title, results[number % 3], words.strip()))


def _tenant(board: int, tenant: str, name: str, member: int) -> AllowedTenant:
    return AllowedTenant(partnership_id=board, tenant=tenant, name=name, member_id=member, created_at=NOW)


def _room(key: int, conversation: str, board: int, tool: str) -> Room:
    return Room(
        id=key,
        partnership_id=board,
        ref=f"room_{key}",
        name="partnership-board",
        tool=tool,
        workspace=TEAM,
        conversation=conversation,
        created_at=NOW,
    )


def _theme(board: int, number: int, name: str, state: str) -> Theme:
    return Theme(
        id=board * 100 + number,
        partnership_id=board,
        ref=f"thm_{board * 100 + number}",
        number=number,
        name=name,
        scope=f"What partners do together for {name.lower()}.",
        lead_id=board * 100,
        objectives=["Getting the basics right", "A great place to live, work and invest"],
        projects=["Skills Escalator"],
        state=state,
        created_at=NOW,
    )


def _entry(board: int, position: int, number: str, title: str, result: str, statement: str) -> Entry:
    return Entry(
        partnership_id=board,
        position=position,
        number=number,
        kind="decision",
        title=title,
        subject="agr_closed",
        detail={"result": result, "statement": statement},
        actor="Folkmoot (by the clock)",
        at=at(20, month=11),
        previous=f"{position - 1:064}",
        seal=f"{position:064}",
        key_id="fixed",
    )
