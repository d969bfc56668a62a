"""What leaves the house for people: the registers as a workbook, decisions and actions as a document."""

import datetime

from core.cards import plain
from core.documents import Facts, Heading, Table
from core.exchange.record import record
from core.exchange.registers import workbook
from core.transactions import Transactions
from tests.exchange.files import GOOD
from tests.exchange.test_export import DEPUTY, EVERYONE, decide, exported, import_text
from tests.exchange.test_work import WORK

NOW = datetime.datetime(2027, 1, 5, 9, tzinfo=datetime.UTC)
EVERYTHING = EVERYONE + DEPUTY + WORK.removeprefix(GOOD)


async def test_the_registers_of_a_board(records: Transactions) -> None:
    board = await import_text(records, EVERYTHING, open_=True)
    await records.write(decide)
    made = await exported(records, board)
    made["items"][0] |= {"confidential": True}
    sheets = {sheet.name: sheet for sheet in workbook(made, NOW).sheets}
    said = [dict(zip(sheets[name].columns, row, strict=True)) for name in sheets for row in sheets[name].rows]
    (decision,) = sheets["Decisions"].rows
    assert decision[0] == "HB-2026-001" and isinstance(decision[1], datetime.datetime)
    (action,) = sheets["Actions"].rows
    assert (action[3], action[5]) == ("Paul Port", datetime.date(2026, 12, 18))
    assert [row[4] for row in sheets["Roll calls"].rows] == ["consent", None, "consent"]
    everything = str(said)
    assert "@harbour" not in everything and "U0PAUL" not in everything
    first = made["items"][0]
    assert "(for the chair alone)" in everything and first["title"] not in everything
    assert len(sheets["Members"].rows) == len(made["members"])


async def test_the_record_to_read(records: Transactions) -> None:
    board = await import_text(records, EVERYTHING, open_=True)
    await records.write(decide)
    document = record(await exported(records, board), NOW)
    assert (document.title, document.subtitle) == ("Harbour Board: decisions and actions", "As of 5 January 2027")
    heads = [block.text for block in document.blocks if isinstance(block, Heading)]
    assert heads == ["Decisions", "HB-2026-001: Adopt the themes", "Actions", "Under way"]
    front, decision = (dict(block.pairs) for block in document.blocks if isinstance(block, Facts))
    assert plain(front["In it"]) == "1 decision, 1 action under way, 1 of them late and 0 actions ended"
    assert plain(decision["Result"]) == "Agreed"
    decisions, roll, actions = (block for block in document.blocks if isinstance(block, Table))
    assert [plain(cell) for cell in decisions.rows[0]][:3] == ["HB-2026-001", "Adopt the themes", "Agreed"]
    assert {plain(row[0]): plain(row[1]) for row in roll.rows} == {
        "Harbour Council": "Consent (by Ada Chair)",
        "Port Police": "Consent (by Paul Port)",
        "Hospital": "Stood aside, having an interest",
    }
    assert [plain(cell) for cell in actions.rows[0]][1:4] == [
        "Count the boats",
        "Paul Port, Port Police",
        "18 December 2026 (late)",
    ]


async def test_a_board_that_has_nothing_yet(records: Transactions) -> None:
    board = await import_text(records, '[partnership]\nname = "About, or =1"\n')
    made = await exported(records, board)
    assert all(not sheet.rows for sheet in workbook(made, NOW).sheets[1:])
    words = [plain(block.line) for block in record(made, NOW).blocks if hasattr(block, "line")]
    assert words == ["The board has taken no decisions yet.", "Nobody has promised an action yet."]
