"""The minutes as a document: numbered as councils do, with the actions in a table, read back by another reader."""

import datetime
import io
from datetime import UTC

import docx
from sqlalchemy.ext.asyncio import AsyncSession

from adapters.documents.word import word
from bot.files import drawn
from core.commands import Person, Sight
from core.documents import Document, Heading, numbers
from core.files import PlainText
from core.meetings import agenda, attending, gathering, planning
from core.meetings.models import Meeting
from core.meetings.planning import Plan
from core.minutes import recording, session
from core.minutes.document import minutes_document
from core.minutes.session import Sitting
from tests.databases import SqliteFiles
from tests.reminders.board import a_desk, many, people

START = datetime.datetime(2027, 1, 12, 9, 50, tzinfo=UTC)


async def test_numbered_sections_and_the_decision_in_them(sqlite: SqliteFiles) -> None:
    async with a_desk(sqlite.migrated(), START, many(3)) as desk:
        everyone = await people(desk, 1)
        document = await desk.transactions.write(lambda session_: held(session_, everyone))
    said = [
        (number, "".join(str(part) for part in _line(block))) for block, number in numbers(document.blocks) if number
    ]
    assert [words for number, words in said if number.count(".") == 0] == [
        "Attendance and apologies", "Declarations of interest", "Winter lights", "Items for the forward plan",
    ]  # fmt: skip
    assert [number for number, _ in said if number.startswith("3.")] == ["3.1", "3.2"]
    assert dict(said)["3.1"].startswith("DECIDED (B0-2027-001): That lamps are lit by four. Reason: It is dark.")
    text, kind, ending = drawn(PlainText(document))
    assert (
        "**DECIDED" not in text.decode()
        and "## 3 Winter lights" in text.decode()
        and (kind, ending) == ("text/markdown", "md")
    )
    written = docx.Document(io.BytesIO(word(document)))
    assert any("Winter lights" in paragraph.text for paragraph in written.paragraphs)
    assert [style for style in (p.style.name for p in written.paragraphs if p.style) if style.startswith("Heading")]


def _line(block: object) -> tuple[object, ...]:
    return (block.text,) if isinstance(block, Heading) else getattr(block, "line", ())


async def held(session_: AsyncSession, everyone: list[Person]) -> Document:
    """A meeting with one entry, a decision and a parked matter; its minutes."""
    chair, other = everyone[0], everyone[1]
    plan = Plan(title="Board meeting", starts_at=START + datetime.timedelta(minutes=10), chair_id=chair.member)
    meeting: Meeting = (await planning.plan_meetings(session_, plan, chair, START))[0]
    await agenda.add(session_, meeting, gathering.Wanted(title="Winter lights"), START)
    await agenda.draft(session_, meeting, chair, START)
    for each in (chair, other):
        await attending.reply(session_, meeting, each, "yes", START)
    sitting = Sitting(session_, meeting, chair, START)
    await session.begin(sitting)
    for _ in range(2):
        current = await sitting.current()
        await session.go_on(sitting, current.ref if current else "")
    await session.decide(sitting, "That lamps are lit by four.", "It is dark.", "")
    await session.park(sitting, "Who pays for the lamps")
    await recording.finish(sitting)
    return await minutes_document(Sight(session_, chair.board, START), meeting)
