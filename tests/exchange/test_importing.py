"""A file into the database: all of it or nothing, twice the same as once, and a changed one only what changed."""

import datetime
import pathlib
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core import tables
from core.agreements import queries as agreements
from core.agreements.models import Agreement, Elector, Wording
from core.errors import Refused
from core.exchange import Imported, Mistake, import_board, read_board
from core.outbox import Outgoing
from core.partners.models import Identity, Member, Organisation, Partnership, Room
from core.partners.naming import code_of
from core.register.models import Entry
from core.register.queries import entries, flaws
from core.register.seal import Seal
from core.themes.models import Theme
from core.transactions import Transactions
from tests.exchange.files import GOOD, NOW, SECOND_AGREEMENT, changed

Counts = dict[str, int]


async def bring_in(records: Transactions, text: str, *, open_: bool = False, now: datetime.datetime = NOW) -> Imported:
    board = read_board(text.encode())
    return await records.write(lambda session: import_board(session, board, now, open_=open_))


async def rows(records: Transactions) -> Counts:
    """How many rows each table has."""

    async def count(session: AsyncSession) -> Counts:
        return {
            name: (await session.execute(select(func.count()).select_from(table))).scalar_one()
            for name, table in tables.metadata.tables.items()
        }

    return await records.read(count)


async def ask(records: Transactions, query: Any) -> list[Any]:
    async def work(session: AsyncSession) -> list[Any]:
        return list((await session.execute(query)).scalars())

    return await records.read(work)


async def test_everything_arrives(records: Transactions) -> None:
    done = await bring_in(records, GOOD)
    assert done.code == "HB"
    assert dict(done.added) == {
        "partnerships": 1,
        "organisations": 4,
        "members": 4,
        "accounts": 3,
        "rooms": 2,
        "themes": 2,
        "agreements": 1,
    }
    assert done.sentence() == (
        "Harbour Board (HB): added 1 partnership, 4 organisations, 4 members, 3 accounts, 2 rooms, 2 themes "
        "and 1 agreement."
    )
    (agreement,) = await ask(records, select(Agreement))
    police, hospital = [
        (await ask(records, select(Organisation.id).where(Organisation.name == name)))[0]
        for name in ("Port Police", "Hospital")
    ]
    assert (agreement.state, agreement.required_organisations) == ("draft", [police, hospital])
    assert agreement.front == {
        "report_of": "The harbour master",
        "date": "1 November 2026",
        "summary": "To agree two themes.",
    }
    (entry,) = await ask(records, select(Entry))
    assert (entry.kind, entry.actor, entry.detail["added"]["members"]) == ("imported", "the operator", 4)


async def test_importing_twice_changes_nothing(records: Transactions) -> None:
    await bring_in(records, GOOD + SECOND_AGREEMENT)
    before = await rows(records)
    done = await bring_in(records, GOOD + SECOND_AGREEMENT, now=NOW + datetime.timedelta(hours=1))
    assert done.sentence() == "Harbour Board (HB): nothing to change."
    assert await rows(records) == before


async def test_importing_again_after_the_deadline_changes_nothing(records: Transactions) -> None:
    await bring_in(records, GOOD)
    done = await bring_in(records, GOOD, now=NOW + datetime.timedelta(days=300))
    assert not done.added and not done.changed


async def test_names_in_other_letters_are_the_same(records: Transactions) -> None:
    await bring_in(records, changed('"Museum"', '"Caf\u00e9"').replace('"Museum"', '"Caf\u00e9"'))
    twin = (
        changed('"Museum"', '"Cafe\u0301"')
        .replace('"Museum"', '"CAFE\u0301"')
        .replace("Harbour Board", "HARBOUR  board")
    )
    done = await bring_in(records, twin)
    assert not done.added
    assert await ask(records, select(func.count(Partnership.id))) == [1]


async def test_a_changed_file_updates_and_adds(records: Transactions) -> None:
    await bring_in(records, GOOD)
    refs = await ask(records, select(Member.ref).order_by(Member.id))
    text = changed('sector = "NHS"', 'sector = "health"')
    text = changed('role = "observer"', 'role = "deputy"\nemail = "olga@museum.example.org"', text)
    text = changed("cy@harbour.example.org", "cyrus@harbour.example.org", text)
    text = changed("cy@harbour.example.org", "Cy Coordinator", text)
    text = changed('scope = "All that floats."', 'scope = "Ships."', text)
    text = changed('name = "Board"', 'name = "The board"', text)
    text = changed('text = "We adopt both."', 'text = "We adopt one."', text)
    text = changed('themes = ["Boats", "Bridges"]', 'themes = ["Boats"]', text)
    text = changed("[[themes]]", '[[themes]]\nname = "Buoys"\n\n[[themes]]', text)
    done = await bring_in(records, text)
    assert dict(done.added) == {"themes": 1}
    assert dict(done.changed) == {"organisations": 1, "members": 2, "rooms": 1, "themes": 1, "agreements": 1}
    assert await ask(records, select(Member.ref).order_by(Member.id)) == refs
    assert await ask(records, select(Wording.text)) == ["We adopt one."]
    (agreement,) = await ask(records, select(Agreement))
    keys = await records.read(lambda session: agreements.theme_keys(session, agreement))
    assert await ask(records, select(Theme.name).where(Theme.id.in_(keys))) == ["Boats"]
    assert not (await bring_in(records, text)).changed


async def test_nothing_is_ever_deleted(records: Transactions) -> None:
    await bring_in(records, GOOD)
    before = await rows(records)
    done = await bring_in(records, '[partnership]\nname = "Harbour Board"\n')
    assert dict(done.changed) == {"partnerships": 1}
    after = await rows(records)
    assert after == {**before, "register": before["register"] + 1}


async def test_a_theme_keeps_its_state(records: Transactions) -> None:
    await bring_in(records, changed('name = "Bridges"', 'name = "Bridges"\nstate = "agreed"'))
    await bring_in(records, GOOD)
    assert await ask(records, select(Theme.state).order_by(Theme.number)) == ["proposed", "agreed"]


async def test_opening(records: Transactions) -> None:
    done = await bring_in(records, GOOD, open_=True)
    assert done.opened == 1
    assert await ask(records, select(Elector.name).order_by(Elector.name)) == [
        "Harbour Council",
        "Hospital",
        "Port Police",
    ]
    assert await ask(records, select(func.count(Outgoing.id))) == [2]
    text = changed('text = "We adopt both."', 'text = "Something else."')
    again = await bring_in(records, text, open_=True)
    assert (again.opened, dict(again.changed)) == (0, {})
    assert await ask(records, select(Agreement.text)) == ["We adopt both."]


async def test_drafts_are_opened_later(records: Transactions) -> None:
    await bring_in(records, GOOD)
    done = await bring_in(records, GOOD, open_=True)
    assert (done.opened, dict(done.added)) == (1, {})
    assert [entry.kind for entry in await ask(records, select(Entry).order_by(Entry.position))] == [
        "imported",
        "opened",
    ]


@pytest.mark.parametrize("open_", [False, True])
async def test_a_deadline_that_has_passed_names_its_line(records: Transactions, open_: bool) -> None:
    before = await rows(records)
    late = NOW + datetime.timedelta(days=30)
    line = next(number for number, each in enumerate(GOOD.split("\n"), start=1) if each.startswith("closes"))
    with pytest.raises(Mistake, match=f"Line {line}: The closing time has already passed"):
        await bring_in(records, GOOD, now=late, open_=open_)
    assert await rows(records) == before


async def test_an_account_of_somebody_else(records: Transactions) -> None:
    await bring_in(records, GOOD)
    before = await rows(records)
    text = changed('slack = ["T0AAA:U0PAUL"]\n', "")
    text = changed('name = "Olga Observer"', 'name = "Olga Observer"\nslack = ["T0AAA:U0PAUL"]', text)
    text = changed('sector = "NHS"', 'sector = "health"', text)
    line = next(number for number, each in enumerate(text.split("\n"), start=1) if "U0PAUL" in each)
    with pytest.raises(Mistake, match=f"Line {line}: this account belongs to Paul Port"):
        await bring_in(records, text)
    assert await rows(records) == before
    assert "health" not in await ask(records, select(Organisation.sector))


async def test_two_boards_keep_apart(records: Transactions) -> None:
    await bring_in(records, GOOD)
    second = changed("Harbour Board", "Hill Board")
    with pytest.raises(Mistake, match="belongs to another board"):
        await bring_in(records, second)
    own = second.replace("C0BOARD", "C0HILL").replace("19:x", "19:y")
    done = await bring_in(records, own)
    assert done.code == "HB2"
    assert dict(done.added)["accounts"] == 3  # one person may sit on several boards
    boards = await ask(records, select(Identity.partnership_id).where(Identity.account == "U0ADA"))
    assert len(set(boards)) == 2
    assert len(set(await ask(records, select(Room.partnership_id)))) == 2


async def test_members_who_left_are_left_alone(records: Transactions) -> None:
    await bring_in(records, GOOD)

    async def leave(session: AsyncSession) -> None:
        member = (await session.execute(select(Member).where(Member.name == "Paul Port"))).scalar_one()
        member.left_at = NOW

    await records.write(leave)
    done = await bring_in(records, changed('role = "representative"', 'role = "deputy"'))
    assert not done.changed and not done.added
    assert await ask(records, select(Member.role).where(Member.name == "Paul Port")) == ["representative"]


async def test_the_register_is_whole_afterwards(records: Transactions) -> None:
    done = await bring_in(records, GOOD, open_=True)
    await bring_in(records, changed('sector = "NHS"', 'sector = "health"'))
    chain = await records.read(lambda session: entries(session, done.board))
    assert [entry.kind for entry in chain] == ["imported", "opened", "imported"]
    assert flaws(chain, Seal(["a key for tests only"])) == []


async def test_opening_without_voters_is_refused(records: Transactions) -> None:
    text = '[partnership]\nname = "Empty"\n[[agreements]]\ntitle = "X"\ncloses = 2026-12-04\n'
    with pytest.raises(Refused, match="Line 3: Nobody on this board has a vote yet"):
        await bring_in(records, text, open_=True)
    assert (await rows(records))["partnerships"] == 0


async def test_the_barnet_board(records: Transactions, root: pathlib.Path) -> None:
    text = (root / "examples" / "barnet.toml").read_text("utf-8")
    done = await bring_in(records, text, open_=True)
    assert (done.code, done.opened, done.added["themes"]) == ("BPB", 1, 5)
    in_tools = await ask(
        records,
        select(Identity.tool)
        .join(Member, Member.id == Identity.member_id)
        .join(Organisation, Organisation.id == Member.organisation_id)
        .where(Organisation.name == "Metropolitan Police", Member.role == "deputy"),
    )
    assert sorted(in_tools) == ["slack", "teams"]
    assert (await bring_in(records, text, open_=True)).sentence().endswith("nothing to change.")


@pytest.mark.parametrize(
    ("name", "taken", "code"),
    [
        ("Barnet Partnership Board", set(), "BPB"),
        ("Barnet Partnership Board", {"BPB", "BPB2"}, "BPB3"),
        ("The King's Lynn & West Norfolk Health and Wellbeing Board", set(), "TKLWNH"),
        ("Folkmoot", set(), "FOL"),
        ("Ærø Råd", set(), "RR"),
        ("東京", set(), "BOARD"),
        ("7", set(), "BOARD"),
    ],
)
def test_codes(name: str, taken: set[str], code: str) -> None:
    made: Callable[[str, set[str]], str] = code_of
    assert made(name, taken) == code
