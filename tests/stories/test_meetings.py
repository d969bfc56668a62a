"""A meeting is planned, prepared, carried and recorded: from Slack and from Teams alike."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.meetings.agenda_models import AgendaEntry
from core.meetings.models import Meeting
from core.minutes.models import MinuteSection
from core.partners.queries import member_options
from core.register.actions import seal_of
from core.register.models import Entry
from core.register.queries import flaws
from tests.stories.telling import Tale
from tests.world import World


async def test_a_meeting_from_the_series_to_the_approved_minutes(world: World) -> None:
    tale = Tale(world)
    await _prepared(tale)
    await _carried(tale)
    await _recorded(tale)
    await tale.ends_well()
    chain = await world.read(_chain)
    assert chain == []


async def _prepared(tale: Tale) -> None:
    """A series, an item for the agenda, a paper, and who comes."""
    world = tale.world
    await tale.types("Nadia", "raise Parking sensors at the hospital #smart-cities")
    await tale.is_told("Nadia", "you will hear what becomes of it")
    await world.until(lambda: "Parking sensors" in "\n".join(tale.private("Cleo")))
    await tale.presses("Cleo", "On the agenda", room=False)
    day = f"{(world.clock.now() + timedelta(days=30)):%d %B %Y}"
    await tale.types(
        "Cleo", f'meeting Board meeting when:"{day} 10:00" repeats:monthly place:"Hendon Town Hall" minutes:60'
    )
    await tale.is_told("Cleo", "Board meeting: a series", "meetings, from")
    await world.until(lambda: tale.rooms_say().count("Meeting 1: Board meeting") >= 2)
    await tale.presses("Cleo", "Draft the agenda")
    said = await tale.is_told("Cleo", "Apologies for absence", "Parking sensors at the hospital", "forward plan")
    assert "of 1 hour" in said
    nadia, police = await _member(world, "Nadia"), await _member(world, "Dora")
    entry = await _entry(world, "Parking sensors at the hospital")
    await tale.presses("Cleo", "Ask for a paper", title="Sensors and what they cost", author=nadia, entry=entry)
    await tale.is_told("Cleo", "Nadia Nurse is asked for it")
    await world.until(lambda: "asked you for this paper" in "\n".join(tale.private("Nadia")))
    await tale.presses(
        "Nadia", "Hand it in", room=False, report_of="Nadia Nurse, Hospital", summary="To agree a trial.",
        body="Sensors tell where there is room.\nA trial costs £4,000.", recommendations="To agree the trial.",
    )  # fmt: skip
    await tale.is_told("Nadia", "It is in")
    await tale.closes("Nadia")
    await tale.presses("Cleo", "Publish the agenda")
    await tale.is_told("Cleo", "The agenda is out with 4 entries")
    await world.until(lambda: tale.rooms_say().count("The agenda is out.") >= 2)
    await tale.presses("Ravi", "I'll come")
    await tale.is_told("Ravi", "You are expected")
    await tale.presses("Nadia", "I'll come")
    await tale.presses("Peter", "Send a substitute", member=police)
    await tale.is_told("Peter", "Dora Deputy is expected instead of you")
    await world.until(lambda: "asked you to come to this meeting instead" in "\n".join(tale.private("Dora")))
    await tale.presses("Colin", "Apologies")
    await tale.is_told("Colin", "Your apologies will be in the minutes")
    await tale.presses("Ravi", "Declare an interest", entry=entry, nature="We sell sensors.")
    await tale.is_told("Ravi", "Council has declared an interest in entry")


async def _carried(tale: Tale) -> None:
    """The meeting from the chair's card, in Slack: a decision, an agreement, a poll, two actions."""
    world = tale.world
    await tale.presses("Cleo", "Begin the meeting")
    await tale.is_told("Cleo", "It is too early")
    meeting = await world.read(_first)
    await world.pass_time((meeting.starts_at - world.clock.now()).total_seconds())
    await tale.presses("Cleo", "Begin the meeting")
    await tale.is_told("Cleo", "The meeting has begun")
    await world.until(lambda: "5 minutes left" in "\n".join(tale.private("Cleo")))
    await world.until(lambda: "In the chair: Meeting 1" in "\n".join(tale.private("Carla")))
    await tale.presses("Cleo", "Next entry", room=False)
    await tale.is_told("Cleo", "Now: 2. Declarations of interest")
    await _chair_at(tale, "2. Declarations of interest — to note")
    await tale.presses("Cleo", "Next entry", room=False)
    await tale.is_told("Cleo", "Now: 3. Parking sensors")
    await tale.presses(
        "Carla", "Note a decision", room=False, text="That a trial begins in May.", votes="3 for, none against"
    )
    await tale.is_told("Carla", "Noted as decision TPB-")
    await tale.presses("Carla", "Put an agreement", room=False, title="To pay for the trial together")
    await world.until(lambda: "To pay for the trial together" in tale.rooms_say())
    assert (await tale.positions())["Council"] is None
    await tale.presses("Nadia", "Consent")
    await tale.presses("Dora", "Consent")
    await tale.presses(
        "Carla", "Start a poll", room=False, question="Where first?", options="Barnet Hospital\nFinchley"
    )
    await tale.is_told("Carla", "Poll 1 stands in the board's rooms")
    due = (world.clock.now() + timedelta(days=21)).date()
    for title, who in (("Ask the makers", "Nadia"), ("Find the money", "Ravi")):
        await tale.presses(
            "Carla", "Promise an action", room=False, title=title, owner=await _member(world, who), due=f"{due}"
        )
        await tale.is_told("Carla", "is asked of")
    await tale.presses("Carla", "Park a matter", room=False, text="Lamp posts")
    await tale.is_told("Carla", "It is parked")
    await world.pass_time(16 * 60)  # the agreement closes by itself
    await tale.presses("Carla", "End the meeting", room=False)
    await tale.is_told("Carla", "its minutes are drafted")


async def _recorded(tale: Tale) -> None:
    """The minutes: changed, circulated, corrected, and approved at the next meeting."""
    world = tale.world
    sections = await world.read(_sections)
    text = "\n".join(each.text for each in sections)
    for words in (
        "Present: Nadia Nurse (Hospital) and Ravi Council (Council).",
        "Substitutes: Dora Deputy for Peter Police (Police).",
        "Apologies: Colin College (College).", "Council declared an interest", "That a trial begins in May. (3 for",
        "AGREEMENT 1: To pay for the trial together (TPB-", "Agreed by consent: 2 of 3 organisations took part.",
        "Consent: Hospital and Police.", "Took no part, having declared an interest: Council.",
        "POLL 1: Where first? Nobody voted.", "ACTION 1: Ask the makers (Nadia Nurse",
        "PARKED for a later meeting: Lamp posts",
        "Paper 1, Sensors and what they cost, by Nadia Nurse, Hospital, was before the meeting.",
    ):  # fmt: skip
        assert words in text, text
    await tale.presses("Carla", "Circulate them", room=False)
    await world.until(lambda: tale.rooms_say().count("open to corrections") >= 2)
    await tale.presses("Nadia", "Ask for a correction", text="It was Edgware Hospital.")
    await tale.is_told("Nadia", "you hear what comes of it")
    await world.until(lambda: "asks for a correction: It was Edgware" in "\n".join(tale.private("Carla")))
    second = await world.read(lambda session: _first(session, number=2))
    await world.pass_time((second.starts_at - world.clock.now()).total_seconds())
    await tale.types("Cleo", "meetings 2")
    await tale.is_told("Cleo", "Meeting 2")
    await tale.presses("Cleo", "Agenda")
    await tale.presses("Cleo", "Draft it from what waits")
    await tale.is_told("Cleo", "Minutes of the last meeting", "Matters arising", "Lamp posts")
    await tale.types("Cleo", "meetings 2")
    await tale.presses("Cleo", "Begin the meeting")
    await tale.is_told("Cleo", "The meeting has begun")
    await _chair_at(tale, "1. Apologies for absence — to")
    for title in ("2. Declarations of interest", "3. Minutes of the last meeting"):
        await tale.presses("Cleo", "Next entry", room=False)
        await tale.is_told("Cleo", f"Now: {title}")
        await _chair_at(tale, f"{title} — to")
    await tale.presses("Cleo", "Approve the minutes", room=False)
    await tale.is_told("Cleo", "1 correction waits")
    await tale.types("Carla", "meetings 1")
    await tale.presses("Carla", "Minutes")
    await tale.presses("Carla", "It was Edgware Hospital.", made="made")
    await tale.is_told("Carla", "It is made, on record")
    await tale.presses("Cleo", "Approve the minutes", room=False)
    await tale.is_told("Cleo", "The minutes of meeting 1 are approved")
    await world.until(lambda: tale.rooms_say().count(", approved.") >= 2)


async def _chair_at(tale: Tale, words: str) -> None:
    """Wait until each card of the chair, of a meeting in session, is there: a late one would be pressed in vain."""

    def there() -> bool:
        cards = [each for each in tale.private("Cleo") if each.startswith("In the chair") and "until " in each]
        return bool(cards) and all(words in each for each in cards)

    await tale.world.until(there, what=words)


async def _first(session: AsyncSession, number: int = 1) -> Meeting:
    return (await session.execute(select(Meeting).where(Meeting.number == number))).scalar_one()


async def _sections(session: AsyncSession) -> list[MinuteSection]:
    return list((await session.execute(select(MinuteSection).order_by(MinuteSection.position))).scalars())


async def _entry(world: World, title: str) -> str:
    async def work(session: AsyncSession) -> str:
        return (await session.execute(select(AgendaEntry.ref).where(AgendaEntry.title == title))).scalar_one()

    ref: str = await world.read(work)
    return ref


async def _chain(session: AsyncSession) -> list[str]:
    found = await session.execute(select(Entry).order_by(Entry.position))
    return flaws(found.scalars().all(), seal_of(session))


async def _member(world: World, name: str) -> str:
    found = await world.read(lambda session: member_options(session, 1))
    return next(str(option.value) for option in found if option.label.startswith(name))
