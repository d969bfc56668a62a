"""What went in comes out, with what became of it, and nothing that is secret."""

import csv
import datetime
import io
import itertools
import json
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from adapters.documents.commas import commas
from core.agreements import closing, voting
from core.agreements.models import Agreement
from core.commands import Person
from core.exchange import import_board, read_board
from core.exchange.export import LISTS, export_board, steady
from core.exchange.sheets import sheets
from core.partners.actions import invite
from core.partners.models import Member
from core.partners.queries import person
from core.transactions import Transactions
from tests.exchange.files import GOOD, NOW, changed

LATER = NOW + datetime.timedelta(hours=1)
EVERYONE = changed("Olga Observer", "Hanna Hospital").replace(
    '"Museum"\nrole = "observer"', '"Hospital"\nrole = "deputy"'
)
DEPUTY = """
[[members]]
name = "Dora Deputy"
organisation = "Port Police"
role = "deputy"
"""


async def exported(records: Transactions, board: int) -> dict[str, Any]:
    async def work(session: AsyncSession) -> dict[str, Any]:
        await steady(session)
        return await export_board(session, board)

    made = await records.read(work)
    return dict(json.loads(orjson.dumps(made)))


async def import_text(records: Transactions, text: str, *, open_: bool = False) -> int:
    board = read_board(text.encode())
    return (await records.write(lambda session: import_board(session, board, NOW, open_=open_))).board


async def someone(session: AsyncSession, name: str) -> Person:
    member = (await session.execute(select(Member.id).where(Member.name == name))).scalar_one()
    found = await person(session, member)
    assert found is not None
    return found


async def decide(session: AsyncSession) -> None:
    """Both police say something, the hospital has an interest, the council consents, and it closes."""
    agreement = (await session.execute(select(Agreement))).scalar_one()

    async def says(name: str, word: str, reason: str = "") -> None:
        await voting.cast(session, agreement, await someone(session, name), word, reason, LATER)

    await says("Dora Deputy", "object", '=HYPERLINK("https://evil")')
    await says("Paul Port", "consent")
    await says("Ada Chair", "consent", "Good for the harbour")
    hanna = await someone(session, "Hanna Hospital")
    await voting.declare_interest(session, agreement, hanna, "We own a boat", LATER)
    await closing.close_voting(session, agreement, "the chair", LATER)


async def test_what_went_in_comes_out(records: Transactions) -> None:
    made = await exported(records, await import_text(records, GOOD))
    assert list(made) == ["partnership", *LISTS, "changes"]
    assert (made["partnership"]["name"], made["partnership"]["code"]) == ("Harbour Board", "HB")
    assert made["partnership"]["criteria"] == [{"name": "Impact", "weight": 3}, {"name": "Reach", "weight": 1}]
    for name in LISTS:
        for place, each in enumerate(made[name], start=1):
            assert each["id"] and each["title"] and each["state"] and each["number"] == place
            assert datetime.datetime.fromisoformat(each["created_at"]) == NOW
    assert [each["name"] for each in made["organisations"]] == ["Harbour Council", "Port Police", "Hospital", "Museum"]
    assert [each["voting"] for each in made["organisations"]] == [True, True, True, False]
    assert made["members"][2]["identities"][0] == {"tool": "slack", "workspace": "T0AAA", "account": "U0PAUL"}
    assert made["rooms"][1]["service_url"] == "https://smba.trafficmanager.net/uk/"
    assert made["themes"][0]["lead"] == "Port Police" and made["themes"][0]["objectives"] == ["Faster", "Safer"]
    (agreement,) = made["agreements"]
    assert agreement["quorum"] == {
        "number": None,
        "share": 0.5,
        "words": "half",
        "organisations": ["Port Police", "Hospital"],
        "sectors": ["police"],
        "needed": None,
    }
    assert (agreement["state"], agreement["outcome"], agreement["electorate"]) == ("draft", None, [])
    assert agreement["closes_at"] == "2026-12-04T17:00:00Z"
    assert agreement["proposer"] == "Cy Coordinator" and agreement["themes"] == ["Boats", "Bridges"]
    assert made["register"] == [] and [each["kind"] for each in made["changes"]] == ["imported"]


async def test_a_decision_comes_out_with_all_that_was_said(records: Transactions) -> None:
    board = await import_text(records, EVERYONE + DEPUTY, open_=True)
    await records.write(decide)
    made = await exported(records, board)
    (agreement,) = made["agreements"]
    assert agreement["state"] == "closed"
    assert [
        (each["organisation"], each["member"], each["position"], each["superseded"]) for each in agreement["stances"]
    ] == [
        ("Port Police", "Dora Deputy", "object", True),
        ("Port Police", "Paul Port", "consent", False),
        ("Harbour Council", "Ada Chair", "consent", False),
    ]
    assert all(each["receipt"] and each["round"] == 1 and each["at"] for each in agreement["stances"])
    assert {each["organisation"]: each["recused"] for each in agreement["electorate"]} == {
        "Harbour Council": False,
        "Hospital": True,
        "Port Police": False,
    }
    (objection,) = agreement["objections"]
    assert (objection["state"], objection["organisation"]) == ("withdrawn", "Port Police")
    assert agreement["interests"][0]["nature"] == "We own a boat"
    assert agreement["tally"] == {
        "consent": 2,
        "object": 0,
        "entitled": 2,
        "recused": 1,
        "took_part": 2,
        "quorum": 1,
        "quorate": True,
        "needed": [],
    }
    assert agreement["outcome"]["result"] == "passed" and agreement["outcome"]["decision"] == "HB-2026-001"
    assert [each["state"] for each in made["themes"]] == ["agreed", "agreed"]
    (decision,) = made["register"]
    assert (decision["number"], decision["state"], decision["agreement"]) == ("HB-2026-001", "passed", agreement["id"])
    chain = made["changes"]
    assert all(after["previous"] == before["seal"] for before, after in itertools.pairwise(chain))


async def test_members_may_be_the_voters(records: Transactions) -> None:
    text = (EVERYONE + DEPUTY).replace('voting_unit = "organisation"', 'voting_unit = "member"')
    board = await import_text(records, text, open_=True)
    (agreement,) = (await exported(records, board))["agreements"]
    assert {(each["organisation"], each["member"]) for each in agreement["electorate"]} == {
        ("Harbour Council", "Ada Chair"),
        ("Port Police", "Paul Port"),
        ("Port Police", "Dora Deputy"),
        ("Hospital", "Hanna Hospital"),
    }


async def test_another_board_is_not_in_it(records: Transactions) -> None:
    first = await import_text(records, GOOD, open_=True)
    other = GOOD.replace("Harbour", "Mountain").replace("C0BOARD", "C0HILL").replace("19:x", "19:y")
    await import_text(records, other.replace("harbour.", "mountain."), open_=True)
    assert "ountain" not in json.dumps(await exported(records, first))


async def test_no_code_is_in_it(records: Transactions) -> None:
    board = await import_text(records, GOOD)

    async def make(session: AsyncSession) -> str:
        return await invite(session, (await session.execute(select(Member).limit(1))).scalar_one(), NOW)

    code = await records.write(make)
    assert code not in json.dumps(await exported(records, board))


async def test_sheets_hold_no_formulas(records: Transactions) -> None:
    board = await import_text(records, EVERYONE + DEPUTY, open_=True)
    await records.write(decide)
    tables = {f"{sheet.name}.csv": commas(sheet) for sheet in sheets(await exported(records, board))}
    assert set(tables) >= {"partnership.csv", "members.csv", "items.csv", "stances.csv", "changes.csv"}
    for name, content in tables.items():
        for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")):
            for cell in row:
                assert not cell.lstrip().startswith(("=", "+", "-", "@")), (name, cell)
    stances = list(csv.DictReader(io.StringIO(tables["stances.csv"].decode("utf-8-sig"), newline="")))
    assert stances[0]["reason"] == '\'=HYPERLINK("https://evil")'
    assert [each["superseded"] for each in stances] == ["yes", "no", "no"]
    agreements = list(csv.DictReader(io.StringIO(tables["agreements.csv"].decode("utf-8-sig"), newline="")))
    assert agreements[0]["themes"] == "Boats; Bridges" and agreements[0]["tally.consent"] == "2"
    assert tables["items.csv"].decode("utf-8-sig") == "id,number,title,state,created_at\r\n"


def test_a_blank_does_not_hide_a_formula() -> None:
    empty: dict[str, Any] = {name: [] for name in LISTS}
    row = {"id": "x", "title": "\t =1+1", "state": " @cmd", "number": -5, "people": ["-2", "b"]}
    made = commas(sheets({"partnership": row, **empty, "changes": []})[0]).decode("utf-8-sig")
    (found,) = csv.DictReader(io.StringIO(made, newline=""))
    assert (found["title"], found["state"], found["number"], found["people"]) == ("'=1+1", "'@cmd", "-5", "'-2; b")
