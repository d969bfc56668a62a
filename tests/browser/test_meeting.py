"""A meeting in the demo, in a real browser: from the series to the minutes that the next meeting approves."""

import datetime
import re
from zoneinfo import ZoneInfo

from playwright.async_api import Locator, Page, expect

from core.calendar import bank_holidays
from tests.browser.player import Player, Story

LONDON = ZoneInfo("Europe/London")
FIRST, SECOND = "Meeting 1: Board meeting", "Meeting 2: Board meeting"
ITEM = "Parking sensors for the hospital"


async def push(page: Page, seconds: float) -> datetime.datetime:
    """Push the demo's clock forward; answers what it shows then."""
    said = await page.evaluate(
        """seconds => fetch("/demo/clock", {method: "POST", headers: {"Content-Type": "application/json"},
        body: JSON.stringify({advance: seconds})}).then(answer => answer.json())""",
        seconds,
    )
    return datetime.datetime.fromisoformat(said["now"])


async def push_to(page: Page, when: datetime.datetime) -> None:
    """Push the demo's clock to this moment."""
    now = await push(page, 1)
    await push(page, (when - now).total_seconds())


def a_tuesday(now: datetime.datetime) -> datetime.datetime:
    """Ten o'clock on a Tuesday in four weeks or soon after: no bank holiday, and a day that every month has."""
    day = now.astimezone(LONDON).date() + datetime.timedelta(days=28)
    while day.weekday() != 1 or day.day > 28 or day in bank_holidays():
        day += datetime.timedelta(days=1)
    return datetime.datetime.combine(day, datetime.time(10), LONDON)


def alone(player: Player, words: str | re.Pattern[str]) -> Locator:
    """The newest message with these words, wherever it stands in the open conversation."""
    return player.pane.locator("[data-message]", has_text=words).last


async def go(player: Player, place: str) -> None:
    """Open a conversation: one's own chat with Folkmoot, or the board's room."""
    await player.pane.locator("button[data-conversation]", has_text=place).first.click()


async def test_a_meeting_from_the_series_to_the_approved_minutes(demo: str, page: Page) -> None:
    await page.goto(demo)
    await page.wait_for_selector("body[data-ready]")
    story = Story(page)
    start = a_tuesday(await push(page, 1))
    await prepare(story, start)
    await push_to(page, start)
    await carry(story)
    await record(story)


async def prepare(story: Story, start: datetime.datetime) -> None:
    """The series is planned, an item and a paper are in, the agenda is out, and who comes has said so."""
    slack, teams = story.slack, story.teams
    await teams.be("Amara Nwosu")
    await teams.type(f"@Folkmoot raise {ITEM} #smart-cities")
    await story.both_show(f"Item 3: {ITEM}", "Smart cities")
    await slack.be("Tom Ashdown")
    await slack.type("/board triage")
    await slack.press("On the agenda")
    await expect(story.shared(slack, f"Item 3: {ITEM}")).to_contain_text("agenda")
    await slack.type(
        f'/board meeting Board meeting when:"{start:%d %B %Y} 10:00" repeats:monthly minutes:60 '
        'place:"Hendon Town Hall"'
    )
    await slack.sees("Board meeting: a series")
    await story.both_show(FIRST, "Hendon Town Hall")
    await story.press(slack, FIRST, "Draft the agenda")
    await slack.sees("Declarations of interest")
    await story.both_show(FIRST, ITEM)
    await story.press(
        slack, FIRST, "Ask for a paper", "Ask", title="What sensors cost", author="Dr Helen Marsh", entry="3. Parking"
    )

    await teams.be("Dr Helen Marsh")
    await go(teams, "Folkmoot")
    front = {"report_of": "Dr Helen Marsh, medical director", "summary": "To agree a trial.", "wants": "A decision"}
    paper = {"body": "Sensors tell where there is room.\nA trial costs £4,000.", "recommendations": "To agree it."}
    await story.take(teams, alone(teams, "What sensors cost"), "Hand it in", "Hand in", **front, **paper)
    await go(teams, "Partnership Board")
    await story.both_show(FIRST, "1 in")
    await story.press(slack, FIRST, "Publish the agenda")
    await story.both_show(FIRST, "The agenda is out.")

    await teams.be("Ruth Feldman")
    await story.press(teams, FIRST, "Apologies")
    await story.both_show(FIRST, "1 sends apologies")
    await teams.be("Marcus Thorne")
    await story.press(teams, FIRST, "Send a substitute", "Send", member="Yusuf Adeyemi")
    await story.both_show(FIRST, "1 person, 1 of 12 partners")
    for player, name, people in ((slack, "Eleanor Voss", 2), (teams, "Dr Helen Marsh", 3), (slack, "Priya Raman", 4)):
        await player.be(name)
        await story.press(player, FIRST, "I'll come")
        await story.both_show(FIRST, f"{people} people")


async def carry(story: Story) -> None:
    """The chair carries the meeting from Slack: a decision, a poll and two actions, without leaving the chat."""
    slack, teams = story.slack, story.teams
    await slack.be("Priya Raman")
    await story.press(slack, FIRST, "Begin the meeting")
    await story.both_show(FIRST, "In session.")
    await go(slack, "Folkmoot")

    async def hand(label: str, send: str = "", /, **fields: str) -> None:
        await story.take(slack, alone(slack, f"In the chair: {FIRST}"), label, send, **fields)

    for entry in ("2. Declarations of interest", f"3. {ITEM}"):
        await hand("Next entry")
        await expect(alone(slack, f"In the chair: {FIRST}")).to_contain_text(f"{entry} — to")
    await hand("Note a decision", "Note it", text="That a trial begins in May.", votes="4 for, none against")
    await expect(alone(slack, f"In the chair: {FIRST}")).to_contain_text(re.compile(r"BPB-\d{4}-\d+: That a trial"))
    await hand("Start a poll", "Ask", question="Where first?", options="Edgware\nFinchley")
    await go(slack, "partnership-board")
    for player, option in ((slack, "Edgware"), (teams, "Edgware")):
        poll = story.shared(player, "Poll 1: Where first?")
        await poll.get_by_role("button", name=option, exact=True).click()
    await story.both_show("Poll 1: Where first?", "Edgware leads with 2 of 2 votes.")
    await go(slack, "Folkmoot")
    due = (await push(story.page, 1)).date() + datetime.timedelta(days=21)
    for title, owner in (("Ask the makers", "Dr Helen Marsh"), ("Find the money", "Eleanor Voss")):
        await hand("Promise an action", "Promise", title=title, owner=owner, due=f"{due}")
        await expect(alone(slack, f"In the chair: {FIRST}")).to_contain_text(title)
    await hand("Park a matter", "Park", text="Lamp posts")
    await expect(alone(slack, f"In the chair: {FIRST}")).to_contain_text("Lamp posts")
    await hand("End the meeting")
    dialog = story.page.locator('[data-dialog="slack-confirm"]')
    await dialog.get_by_role("button", name="End the meeting").click()
    await go(slack, "partnership-board")
    await story.both_show(FIRST, "minutes in draft")


async def record(story: Story) -> None:
    """The minutes are drafted, circulated, corrected, and approved at the next meeting."""
    slack, teams, page = story.slack, story.teams, story.page
    await story.press(slack, FIRST, "Minutes")
    draft = alone(slack, f"Minutes: {FIRST}")
    await expect(draft).to_contain_text("Apologies: Ruth Feldman (Job Centre Plus)")
    await expect(draft).to_contain_text("Yusuf Adeyemi for Marcus Thorne (Metropolitan Police)")
    await expect(draft).to_contain_text("That a trial begins in May.")
    await expect(draft).to_contain_text("Edgware won with 2 of 2 votes.")
    await story.take(slack, draft, "Circulate them")
    await teams.be("Dr Helen Marsh")
    await story.both_show(f"Minutes: {FIRST}", "open to corrections")
    theirs = story.shared(teams, f"Minutes: {FIRST}")
    await story.take(teams, theirs, "Ask for a correction", "Ask", text="It was Edgware Hospital.")

    await slack.type("/board meetings 2")
    await slack.sees(SECOND)
    found = re.search(r"(\d{1,2} \w{3} \d{4}), 10:00", await alone(slack, SECOND).inner_text())
    assert found
    day = datetime.datetime.strptime(found[1], "%d %b %Y").replace(tzinfo=LONDON).date()
    await story.take(slack, alone(slack, SECOND), "Draft the agenda")
    await expect(alone(slack, "Matters arising")).to_contain_text("Lamp posts")
    await slack.type("/board meetings 2")
    await expect(alone(slack, SECOND)).to_contain_text("Agenda, in draft")  # the meeting's card, below the agenda
    await story.take(slack, alone(slack, SECOND), "Publish the agenda")
    await story.both_show(SECOND, "The agenda is out.")
    await push_to(page, datetime.datetime.combine(day, datetime.time(10), LONDON))
    await story.press(slack, SECOND, "Begin the meeting")
    await go(slack, "Folkmoot")
    mine = alone(slack, f"In the chair: {SECOND}")
    for entry in ("2. Declarations of interest", "3. Minutes of the last meeting"):
        await story.take(slack, mine, "Next entry")
        await expect(mine).to_contain_text(f"{entry} — to")
    await story.take(slack, mine, "Read those minutes")
    minutes = alone(slack, f"Minutes: {FIRST}")
    await story.take(slack, minutes, "It was Edgware Hospital.", "Save", made="It is made")
    await story.take(slack, mine, "Approve the minutes")
    await go(slack, "partnership-board")
    await story.both_show(f"Minutes: {FIRST}", ", approved.")
