"""From raised to done, in the demo, in a real browser: parking sensors, from a message to what came of them."""

import contextlib
import datetime
import re
from zoneinfo import ZoneInfo

from playwright.async_api import Page, expect

from core.calendar import bank_holidays, is_working_day
from tests.browser.player import Story

LONDON = ZoneInfo("Europe/London")
PRIORITY = "Priority 2: Parking sensors need a pilot"


async def pass_into_working_hours(page: Page, *, days: int) -> None:
    """Let a week pass, with which it is so many days later, and then what is left of a night or a weekend."""
    await page.locator('[data-advance="604800"]').click()
    here = datetime.datetime.now(LONDON) + datetime.timedelta(days=days)  # noqa: TID251 - the page's own clock
    while not (is_working_day(here.date(), bank_holidays()) and 10 <= here.hour < 16):
        seconds = 3600 if is_working_day(here.date(), bank_holidays()) else 86400
        await page.locator(f'[data-advance="{seconds}"]').click()
        here += datetime.timedelta(seconds=seconds)


async def test_parking_sensors_from_a_message_to_what_came_of_them(demo: str, page: Page) -> None:
    await page.goto(demo)
    await page.wait_for_selector("body[data-ready]")
    story = Story(page)
    slack, teams = story.slack, story.teams

    # A partner in Teams raises it from a message; the chair in Slack puts it into the pipeline.
    await teams.be("Amara Nwosu")
    await teams.type("Parking sensors need a pilot")
    post = teams.pane.locator("[data-message]", has_text="Parking sensors need a pilot").last
    await post.hover()
    await post.locator('[data-label="More message options"]').click()
    await page.get_by_role("menuitem", name="Raise an item").click()
    await story.answer(teams, "Raise", title="Parking sensors need a pilot")
    await story.both_show("Item 3: Parking sensors need a pilot", "the message on teams.microsoft.com")
    await slack.be("Priya Raman")
    await slack.type("/board triage")
    await slack.press("Into the pipeline")
    await story.answer(slack, "Into the pipeline", theme="Smart cities", why="Three partners want it.")
    await story.both_show(PRIORITY, "Smart cities")
    await story.both_show("Item 3: Parking sensors need a pilot", "In the pipeline")

    # It is scored and agreed.
    for player, name, points in ((teams, "Dr Helen Marsh", "5"), (slack, "Eleanor Voss", "4")):
        await player.be(name)
        await story.press(player, PRIORITY, "Score it", "Score", c1=points, c2=points, c3=points, c4=points)
    await story.both_show(PRIORITY, "2 of 12 organisations scored it")
    await slack.be("Priya Raman")
    await story.press(slack, PRIORITY, "End the scoring")
    await story.both_show(PRIORITY, "Scored 4.5 of 5, 1st of 1 proposed")
    closes = datetime.datetime.now() + datetime.timedelta(days=3)  # noqa: DTZ005, TID251 - the page's own clock
    await story.press(slack, PRIORITY, "Put it to the partners", "Propose", closes=f"{closes:%Y-%m-%dT%H:%M}")
    agreement = "Make it a priority: Parking sensors need a pilot"
    for player, name in ((slack, "Eleanor Voss"), (teams, "Dr Helen Marsh")):
        await player.be(name)
        await story.shared(player, f"Agreement 2: {agreement}").get_by_role("button", name="Consent").click()
    await story.both_show(f"Agreement 2: {agreement}", "2 of 12 organisations")
    await page.locator('[data-advance="604800"]').click()
    await story.both_show(PRIORITY, "Agreed by consent")

    # It walks all four gates, with actions by three organisations on both tools.
    await slack.be("Priya Raman")
    await story.press(slack, PRIORITY, "Begin discovery")
    await story.both_show(PRIORITY, "▶ discovery")
    day = datetime.datetime.now() + datetime.timedelta(days=12)  # noqa: DTZ005, TID251 - the page's own clock
    for player, name, title in (
        (slack, "Bronwen Hughes", "Find two streets"),
        (teams, "Dr Helen Marsh", "Count the blue badges"),
        (teams, "Amara Nwosu", "Ask the makers"),
    ):
        await player.be(name)
        await story.press(player, PRIORITY, "Add an action", "Add", title=f"{title} by {day:%d %B %Y}")
        await story.both_show(PRIORITY, title)
    gates = (
        ("On to mapping", "Move on", {"evidence": "A third drive round.", "affected": "Shoppers."}, "▶ mapping"),
        (
            "On to system action",
            "Move on",
            {"who": "The council counts.", "assets": "Two streets.", "gaps": "Sensors."},
            "▶ system action",
        ),
        ("On to local action", "Move on", {"commitments": "Barnet Homes: 40 bays."}, "▶ local action"),
    )
    await slack.be("Priya Raman")
    for label, send, said, words in gates:
        await story.press(slack, PRIORITY, label, send, **said)
        await story.both_show(PRIORITY, words)

    # The owner is chased, hands over, and what came of it is known.
    await pass_into_working_hours(page, days=14)
    await teams.be("Amara Nwosu")
    await teams.pane.locator(".conversation.personal").first.click()
    # Whatever is planned only after the clock has jumped comes at the next quarter of an hour.
    chased = teams.pane.locator("[data-message]", has_text="for you").filter(has_text="Ask the makers")
    for _ in range(3):
        with contextlib.suppress(AssertionError):
            await expect(chased.last).to_be_visible(timeout=10_000)
            break
        await page.locator('[data-advance="3600"]').click()
    await expect(chased.last).to_be_visible()
    await teams.pane.locator(".conversation.channel, .conversation:not(.personal)").first.click()
    action = re.compile(r"Action \d+: Ask the makers")
    # The digest and the priority name it too; its own card alone tells its owner.
    mine = teams.pane.locator("[data-message]", has_text=action).filter(has_text="Owner").last
    await mine.get_by_role("button", name="Hand over").click()
    await story.answer(teams, "Ask", to="Zainab Hussein")
    await slack.be("Zainab Hussein")
    theirs = slack.pane.locator("[data-message]:not(.ephemeral)", has_text=action).filter(has_text="Owner").last
    await expect(theirs).to_contain_text("Asked to take over")
    await theirs.locator('[data-label="Accept"]').click()
    await expect(mine).to_contain_text("Zainab Hussein")
    await theirs.locator('[data-label="Done"]').click()
    await story.answer(slack, "Done", outcome="Forty sensors, free for a year.")
    for card in (mine, theirs):
        await expect(card).to_contain_text("Done. Forty sensors, free for a year.")
    await slack.be("Priya Raman")
    done = {"places": "Mill Hill, Colindale", "leads": "Amara in Colindale", "outcome": "One drive round in ten."}
    await story.press(slack, PRIORITY, "Complete it", "Complete", **done)
    await story.both_show(PRIORITY, "Complete. One drive round in ten.")

    # The trace reads from the message to the outcome, in either tool.
    for player in (slack, teams):
        await story.press(player, PRIORITY, "Where it comes from")
        if player is teams:  # what is too long for a few words goes into the person's own chat there
            await teams.pane.locator("[data-conversation]", has_text="Folkmoot").first.click()
        told = player.pane.locator("[data-message]", has_text="From raised to done").last
        for words in ("Item 3: Parking sensors", PRIORITY, agreement, "agreed as BPB-", "done: Forty sensors"):
            await expect(told).to_contain_text(words)
