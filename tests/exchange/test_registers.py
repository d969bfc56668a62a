"""What leaves the house for people: the registers as a workbook, decisions and actions as a document."""

import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from core.cards import plain
from core.documents import Facts, Heading, Table
from core.exchange.record import record
from core.exchange.registers import workbook
from core.exchange.sheets import sheets as sheets_
from core.meetings import agenda, attending, papers, planning
from core.meetings.gathering import Wanted
from core.meetings.planning import Plan
from core.minutes import recording
from core.minutes import session as sessions
from core.minutes.session import Sitting
from core.partners.models import Member
from core.priorities.models import TaskGroup
from core.transactions import Transactions
from tests.exchange.files import GOOD
from tests.exchange.files import NOW as IMPORTED
from tests.exchange.test_export import DEPUTY, EVERYONE, decide, exported, import_text, someone
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
    assert heads == ["Decisions", "HB-2026-001: Adopt the themes", "Actions", "Under way", "Interests declared"]
    front, decision = (dict(block.pairs) for block in document.blocks if isinstance(block, Facts))
    assert plain(front["In it"]) == "1 decision, 1 action under way, 1 of them late and 0 actions ended"
    assert plain(decision["Result"]) == "Agreed"
    decisions, roll, actions, interests = (block for block in document.blocks if isinstance(block, Table))
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
    assert plain(interests.rows[0][1]) == "Agreement 1: Adopt the themes"


async def test_the_registers_of_meetings(records: Transactions) -> None:
    board = await import_text(records, EVERYTHING)
    await records.write(meet)
    made = await exported(records, board)
    sheets = {sheet.name: sheet for sheet in workbook(made, NOW).sheets}

    def column(sheet: str, name: str) -> list[object]:
        place = sheets[sheet].columns.index(name)
        return [row[place] for row in sheets[sheet].rows]

    assert column("Meetings", "State") == ["ended", "planned"]
    assert column("Agendas", "About") == ["Boats", "Lamps"]
    assert (column("Attendance", "Said"), column("Attendance", "Member")) == (["apologies"], ["Paul Port"])
    assert column("Interests", "In") == ["Meeting 1, entry 1: Boats"]
    assert column("Papers", "Paper") == ["(a restricted paper)"]
    document = record(made, NOW)
    everything = str(list(sheets.values())) + str(document)
    assert "Secret" not in everything
    tables = {block.caption: block.rows for block in document.blocks if isinstance(block, Table)}
    assert [plain(cell) for cell in tables["Attendance"][0]] == [
        "1. Harbour meeting", "4 January 2027", "Nobody is recorded.", "", "Paul Port",
    ]  # fmt: skip
    assert [plain(cell) for cell in tables["Forward plan"][0]][2:] == ["Lamps", "decision"]
    assert plain(tables["Interests declared"][0][2]) == "We sell boats."

    # The operator's tables have it all, with the meeting to which each row belongs.
    tables_ = {
        sheet.name: [dict(zip(sheet.columns, row, strict=True)) for row in sheet.rows] for sheet in sheets_(made)
    }
    assert [row["task_group"] for row in tables_["meetings"]] == [None, None, "Sea wall"]
    assert [(row["meeting"], row["title"]) for row in tables_["agenda"]] == [(1, "Boats"), (2, "Lamps"), (3, "Secret")]
    assert [row["text"] for row in tables_["papers"]] == ["Secret boats."]
    assert [(row["entry_title"], row["nature"]) for row in tables_["entry_interests"]] == [("Boats", "We sell boats.")]


async def meet(session: AsyncSession) -> None:
    """A meeting that is over, with apologies, an interest and a restricted paper; one to come; and a group's."""
    paul = await someone(session, "Paul Port")
    author = await session.get_one(Member, paul.member)
    group = TaskGroup(
        partnership_id=paul.board, ref="grp_wall", number=1, name="Sea wall", remit="The wall.", created_at=IMPORTED,
        ends_on=IMPORTED.date(),
    )  # fmt: skip
    session.add(group)
    await session.flush()
    held = datetime.datetime(2027, 1, 4, 10, tzinfo=datetime.UTC)
    for days, title, wants, of in (
        (0, "Boats", "noting", None),
        (30, "Lamps", "decision", None),
        (9, "Secret", "noting", group.id),
    ):
        plan = Plan(title="Harbour meeting", starts_at=held + datetime.timedelta(days=days), group_id=of)
        meeting = (await planning.plan_meetings(session, plan, paul, IMPORTED))[0]
        entry = await agenda.add(session, meeting, Wanted(title=title, wants=wants), IMPORTED)
        if title == "Boats":
            await attending.reply(session, meeting, paul, "apologies", IMPORTED)
            await attending.declare(session, meeting, entry, paul, "We sell boats.", IMPORTED)
            paper = await papers.ask(
                session,
                meeting,
                paul,
                IMPORTED,
                title="Secret",
                author=author,
                entry=entry,
                restricted=True,
                readers=(),
            )
            paper.body, paper.state = "Secret boats.", "in"
            sitting = Sitting(session, meeting, paul, held)
            await sessions.begin(sitting)
            await recording.finish(sitting)


async def test_a_board_that_has_nothing_yet(records: Transactions) -> None:
    board = await import_text(records, '[partnership]\nname = "About, or =1"\n')
    made = await exported(records, board)
    assert all(not sheet.rows for sheet in workbook(made, NOW).sheets[1:])
    words = [plain(block.line) for block in record(made, NOW).blocks if hasattr(block, "line")]
    assert words == ["The board has taken no decisions yet.", "Nobody has promised an action yet."]
