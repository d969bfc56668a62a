"""Nobody is chased who has answered, and nobody who is silent is forgotten: reminders before an agreement closes."""

import asyncio
import datetime
from datetime import timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.sandbox.slack.world import Message
from core.outbox import Outgoing
from core.partners.models import Member
from tests.world import SLACK_ROOM, TEAM, TENANT, World

LONDON = ZoneInfo("Europe/London")
PROPOSE = 'agree Share one venue closes:"{closes}" rule:consent'


def monday() -> datetime.datetime:
    """A quiet Monday, 09:30: the second one of next June has no bank holiday near it."""
    first = datetime.date(datetime.datetime.now(LONDON).year + 1, 6, 1)  # noqa: TID251 - the sandbox's year
    day = first + timedelta((7 - first.weekday()) % 7 + 7)
    return datetime.datetime.combine(day, datetime.time(9, 30), LONDON)


async def wait_until(world: World, moment: datetime.datetime) -> None:
    """Let time pass until this moment, and the clock do what is due."""
    for each in (moment - timedelta(minutes=5), moment):  # the clock looks ahead once a minute
        await world.pass_time((each - world.clock.now()).total_seconds())


def room_card(world: World) -> Message:
    """The agreement's card, which everyone in the Slack room sees (the week's digest may stand below it)."""
    shown = [each for each in world.slack.messages(TEAM, SLACK_ROOM) if not each.only_for]
    return [each for each in shown if "The week of" not in world.slack.text_of(each)][-1]


async def propose(world: World, closes: datetime.datetime) -> None:
    """On Monday at 09:30 the coordinator opens a vote in Slack."""
    await wait_until(world, monday())
    await world.slack.command(TEAM, "U0COORD", SLACK_ROOM, "/board", PROPOSE.format(closes=f"{closes:%d %B %Y %H:%M}"))
    await world.until(lambda: "Share one venue" in world.slack.text_of(room_card(world)))


def on(days: int, hour: int = 9, minute: int = 0) -> datetime.datetime:
    """So many days after the Monday, at this time in London."""
    day = monday().date() + timedelta(days)
    return datetime.datetime.combine(day, datetime.time(hour, minute), LONDON)


def in_teams(world: World, oid: str) -> list[str]:
    """What this person was told in the one-to-one chat in Teams."""
    said = world.teams.messages(TENANT, world.teams.personal(TENANT, oid))
    return [world.teams.text_of(each) for each in said]


def in_slack(world: World, user: str) -> list[str]:
    """What this person was told in Slack's direct messages."""
    return [world.slack.text_of(each) for each in world.slack.messages(TEAM, world.slack.dm(TEAM, user))]


async def told(world: World, name: str) -> list[datetime.datetime]:
    """When this member was sent reminders."""

    async def sent(session: AsyncSession) -> list[datetime.datetime]:
        rows = await session.execute(
            select(Outgoing.sent_at)
            .join(Member, Member.id == Outgoing.member_id)
            .where(Outgoing.view == "reminders.card", Outgoing.state == "sent", Member.name == name)
            .order_by(Outgoing.sent_at)
        )
        return [each for each in rows.scalars() if each]

    found: list[datetime.datetime] = await world.read(sent)
    return found


async def settled(world: World) -> None:
    """Everything that is due has been sent or dropped."""

    async def due(session: AsyncSession) -> int:
        rows = await session.execute(
            select(Outgoing.id).where(Outgoing.state.in_(("waiting", "claimed")), Outgoing.due_at <= world.clock.now())
        )
        return len(rows.all())

    for _ in range(200):
        if not await world.read(due):
            return
        world.house.courier.wake()
        await asyncio.sleep(0.05)
    raise AssertionError("messages are still waiting")


async def test_a_silent_representative_is_reminded_in_teams_and_answers_there(world: World) -> None:
    await propose(world, closes=on(4, 17))
    await wait_until(world, on(1, 8, 59))  # Tuesday, three working days before Friday
    await settled(world)
    assert in_teams(world, "oid-police") == []

    await wait_until(world, on(1, 9))
    await world.until(lambda: in_teams(world, "oid-police"), what="the reminder")
    (card,) = in_teams(world, "oid-police")
    assert "1 thing waits for you" in card
    assert "Police has not answered yet" in card

    chat = world.teams.personal(TENANT, "oid-police")
    message = world.teams.messages(TENANT, chat)[-1]["id"]
    await world.teams.execute(TENANT, "oid-police", chat, message, "Consent")
    await world.until(lambda: "All done" in in_teams(world, "oid-police")[-1], what="the card that tells it is done")
    room = room_card(world)
    await world.until(lambda: "1 of 4 organisations" in world.slack.text_of(room), what="the answer in the room")

    await wait_until(world, on(3, 9, 1))  # Thursday: the deputies of who is silent
    await world.until(lambda: in_teams(world, "oid-nurse"), what="the hospital's reminder")
    await settled(world)
    assert in_teams(world, "oid-deputy") == []  # the Police have answered
    assert in_slack(world, "U0DEPUTY") == []
    assert len(await told(world, "Peter Police")) == 1
    assert len(await told(world, "Nadia Nurse")) == 2
    assert await told(world, "Olga Observer") == []
    assert not world.slack.errors
    assert not world.teams.errors


async def test_who_stays_silent_is_reminded_again_with_the_deputies(world: World) -> None:
    await propose(world, closes=on(4, 17))
    await wait_until(world, on(1, 9))
    await world.until(lambda: in_teams(world, "oid-police"))
    assert in_slack(world, "U0DEPUTY") == in_teams(world, "oid-deputy") == []

    await wait_until(world, on(3, 9))
    await world.until(lambda: in_slack(world, "U0DEPUTY") and in_teams(world, "oid-deputy"), what="the deputies' cards")
    await world.until(lambda: len(in_teams(world, "oid-police")) == 2)
    assert "Police has not answered yet" in in_slack(world, "U0DEPUTY")[0]

    (message,) = world.slack.messages(TEAM, world.slack.dm(TEAM, "U0DEPUTY"))
    await world.slack.click(TEAM, "U0DEPUTY", world.slack.dm(TEAM, "U0DEPUTY"), message.ts, "Consent")
    await world.until(lambda: any("All done" in each for each in in_slack(world, "U0DEPUTY")), what="the redrawn card")
    await wait_until(world, on(4, 18))
    await settled(world)
    assert [len(await told(world, name)) for name in ("Peter Police", "Dora Deputy", "Della Deputy")] == [2, 1, 1]


async def test_a_close_at_the_weekend_is_reminded_of_on_working_days(world: World) -> None:
    await propose(world, closes=on(6, 17))  # Sunday
    for day in range(1, 7):
        for hour in (9, 21):
            await wait_until(world, on(day, hour))
            await settled(world)
    assert [each.astimezone(LONDON).date() for each in await told(world, "Peter Police")] == [
        on(2).date(),  # Wednesday
        on(4).date(),  # Friday
    ]


async def test_a_moved_deadline_moves_the_reminders(world: World) -> None:
    await propose(world, closes=on(4, 17))
    await wait_until(world, on(0, 10))  # the reminder of Tuesday has its row by now
    room = room_card(world)
    await world.slack.select(TEAM, "U0COORD", SLACK_ROOM, room.ts, "Move the deadline")
    await world.until(lambda: world.slack.modal(TEAM, "U0COORD"))
    await world.slack.submit(TEAM, "U0COORD", {"closes": on(11, 17).isoformat(), "why": "Half of us are away."})
    await settled(world)

    for day in range(1, 8):
        await wait_until(world, on(day, 9, 5))
        await settled(world)
        assert in_teams(world, "oid-police") == []
    for day in (8, 9, 10, 11):
        await wait_until(world, on(day, 9, 5))
        await settled(world)
    assert [each.astimezone(LONDON).date() for each in await told(world, "Peter Police")] == [
        on(8).date(),  # Tuesday of the week after
        on(10).date(),
    ]


async def test_what_is_due_for_one_person_on_one_day_comes_on_one_card(world: World) -> None:
    await wait_until(world, monday())
    for name in ("Share one venue", "Share one van", "Share one vision"):
        closes = f"{on(4, 17):%d %B %Y %H:%M}"
        await world.slack.command(TEAM, "U0COORD", SLACK_ROOM, "/board", f'agree {name} closes:"{closes}" rule:consent')
    await wait_until(world, on(1, 9))
    await world.until(lambda: in_teams(world, "oid-police"), what="the reminder")
    await settled(world)
    (card,) = in_teams(world, "oid-police")
    assert "3 things wait for you" in card
    assert all(name in card for name in ("Share one venue", "Share one van", "Share one vision"))

    chat = world.teams.personal(TENANT, "oid-police")
    message = world.teams.messages(TENANT, chat)[-1]["id"]
    await world.teams.execute(TENANT, "oid-police", chat, message, "Consent")
    await world.until(lambda: "2 things wait for you" in in_teams(world, "oid-police")[-1])
    assert "1 of 3 done" in in_teams(world, "oid-police")[-1]


async def test_quiet_hours_a_pause_and_off_are_kept(world: World) -> None:
    await wait_until(world, monday() - timedelta(days=3))
    chat = world.teams.personal(TENANT, "oid-nurse")
    await world.teams.say(TENANT, "oid-nurse", chat, "reminders quiet:18-11")
    await world.until(lambda: any("18:00-11:00" in each for each in in_teams(world, "oid-nurse")))
    await world.slack.command(TEAM, "U0COLLEGE", SLACK_ROOM, "/board", "reminders digest:off")
    police = world.teams.personal(TENANT, "oid-police")
    await world.teams.say(TENANT, "oid-police", police, "reminders pause:2 weeks")
    await world.until(lambda: any("Paused until" in each for each in in_teams(world, "oid-police")))

    await propose(world, closes=on(4, 17))
    for day, hour in ((1, 9), (1, 11), (3, 9), (3, 11), (4, 9)):
        await wait_until(world, on(day, hour, 1))
        await settled(world)
    assert [each.astimezone(LONDON).hour for each in await told(world, "Nadia Nurse")] == [11, 11]
    assert await told(world, "Colin College") == []
    assert await told(world, "Peter Police") == []
    assert len(await told(world, "Dora Deputy")) == 2  # stands in for a representative who is away


async def test_short_notice_is_urgent_even_on_a_saturday_evening(world: World) -> None:
    await wait_until(world, on(5, 19))
    await world.slack.command(TEAM, "U0COORD", SLACK_ROOM, "/board", PROPOSE.format(closes="in 3 hours"))
    await world.until(lambda: "Share one venue" in world.slack.text_of(room_card(world)))
    for hour, minute in ((20, 0), (21, 5), (22, 5)):
        await wait_until(world, on(5, hour, minute))
        await settled(world)
    (at,) = await told(world, "Peter Police")
    assert at.astimezone(LONDON).hour == 21
    assert len(await told(world, "Dora Deputy")) == 1


async def test_the_week_is_told_on_monday_and_nothing_when_there_is_nothing(world: World) -> None:
    await wait_until(world, on(7, 9, 5))
    await settled(world)
    assert world.slack.messages(TEAM, SLACK_ROOM) == []

    await wait_until(world, on(7, 9, 30))
    closes = f"{on(16, 17):%d %B %Y %H:%M}"
    await world.slack.command(TEAM, "U0COORD", SLACK_ROOM, "/board", PROPOSE.format(closes=closes))
    await world.slack.command(TEAM, "U0COLLEGE", SLACK_ROOM, "/board", "reminders digest:weekly")
    await wait_until(world, on(14, 9, 5))
    await world.until(
        lambda: any(
            "The week of the Test Partnership Board" in world.slack.text_of(each)
            for each in world.slack.messages(TEAM, SLACK_ROOM)
        ),
        what="the digest in the room",
    )
    await settled(world)
    (mine,) = [each for each in in_slack(world, "U0COLLEGE") if "The week of" in each]
    assert "Waiting for you" in mine
    assert "Share one venue" in mine
    assert not any("The week of" in each for each in in_slack(world, "U0COUNCIL"))  # reads it in the room
    assert not world.slack.errors
    assert not world.teams.errors
