"""A board founded from nothing, in the demo, in a real browser: no file, and no shell after the first code."""

import asyncio
import os
import pathlib
import re
import sys
import time
from collections.abc import Callable

from playwright.async_api import Locator, Page, expect

from tests.browser.player import Player

CODE = re.compile(r"\b[2-9A-Z]{5}-[2-9A-Z]{5}\b")
TITLE = "Agreement 1: Share one depot"


async def first_code(folder: pathlib.Path) -> str:
    """What the operator does, once: `folkmoot invite --found`."""
    environment = os.environ | {"DATABASE_URL": f"sqlite+aiosqlite:///{folder}/demo.db"}  # noqa: TID251 - for the child
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot.cli", "invite", "--found", env=environment, stdout=asyncio.subprocess.PIPE
    )
    said, _ = await child.communicate()
    assert child.returncode == 0
    codes: list[str] = CODE.findall(said.decode())
    return codes[0]


class Newcomer(Player):
    """A player who also goes to other conversations and fills in forms."""

    def __init__(self, page: Page, tool: str) -> None:
        super().__init__(page, tool)
        self.pictures = 0

    @property
    def dialog(self) -> Locator:
        """The form or answer that is open."""
        return self.page.locator(f'[data-dialog="{self.tool}"]').last

    async def goes_to(self, name: str) -> None:
        """Open a conversation by its name."""
        await self.pane.locator("[data-conversation]", has_text=name).first.click()

    async def fills(self, submit: str, **fields: str) -> None:
        """Fill the open form in and send it."""
        for name, value in fields.items():
            field = self.dialog.locator(f'[data-field="{name}"]')
            await expect(field).to_be_visible()
            if await field.evaluate("node => node.tagName") == "SELECT":
                await field.select_option(label=value)
            else:
                await field.fill(value)
        await self.photograph()
        await self.dialog.get_by_role("button", name=submit, exact=True).click()

    async def hears(self, words: str) -> str:
        """Wait until the newest message says this, and give all its words."""
        message = self.pane.locator("[data-message]", has_text=words).last
        await expect(message).to_be_visible()
        await self.photograph()
        return await message.inner_text()

    async def photograph(self) -> None:
        """Keep a picture of what stands there, for whoever wants to look: `FOLKMOOT_PICTURES=folder`."""
        target = os.environ.get("FOLKMOOT_PICTURES")  # noqa: TID251 - a test has no settings
        if target:
            self.pictures += 1
            await self.page.wait_for_timeout(400)
            await self.page.screenshot(path=pathlib.Path(target) / f"{self.tool}-{self.pictures:02}.png")


async def test_a_board_from_nothing(
    demo: str, page: Page, tmp_path: pathlib.Path, report: Callable[[str], None]
) -> None:
    code = await first_code(tmp_path)
    started = time.perf_counter()
    await page.goto(demo)
    await page.wait_for_selector("body[data-ready]")
    teams, slack = Newcomer(page, "teams"), Newcomer(page, "slack")

    # The coordinator founds the board in Teams, in the chat with Folkmoot, led from step to step.
    await teams.be("Grace Okafor")
    await teams.goes_to("Folkmoot")
    await teams.type(f"join {code}")
    await teams.hears("Your code lets you found a partnership")
    await teams.press("Found a partnership")
    await teams.fills(
        "Found it",
        name="Harbour Partnership",
        organisation="Harbour Council",
        you="Grace Okafor",
        place="Harbour",
        purpose="To do together what none of us can do alone.",
    )
    await expect(teams.dialog).to_contain_text("Setting up the board")
    await teams.photograph()
    await teams.dialog.get_by_role("button", name="Add organisations", exact=True).click()
    await teams.fills("Add", names="Metropolitan Police, police\nHarbour College, education")
    await expect(teams.dialog).to_contain_text("Added: Metropolitan Police, Harbour College.")
    await teams.photograph()
    await page.keyboard.press("Escape")

    # A second partner joins from Slack, a third from Slack too, who then links the account in Teams.
    await teams.type('invite Hugo Brandt organisation:"Metropolitan Police" role:representative')
    hugo = CODE.findall(await teams.hears("Dear Hugo Brandt"))[0]
    await teams.type('invite Ines Alvarez organisation:"Harbour College" role:representative')
    ines = CODE.findall(await teams.hears("Dear Ines Alvarez"))[0]
    await slack.be("Hugo Brandt")
    await slack.goes_to("new-partnership")
    await slack.type(f"/board join {hugo}")
    await slack.hears("You are Hugo Brandt of Metropolitan Police, representative")
    await slack.be("Ines Alvarez")
    await slack.type(f"/board join {ines}")
    await slack.hears("You are Ines Alvarez of Harbour College, representative")
    await slack.type("/board link")
    link = CODE.findall(await slack.hears("In your other chat tool, type"))[0]
    await teams.be("Ines Alvarez")
    await teams.goes_to("Folkmoot")
    await teams.type(f"link {link}")
    await teams.hears("you are Ines Alvarez of Harbour College, representative, in both accounts")

    # The coordinator connects the room in Teams, invites a chair in the council's own name, and puts the question.
    await teams.be("Grace Okafor")
    await teams.goes_to("New partnership")
    await teams.type("join")
    await teams.hears("is now a room of the board")
    await teams.type('agree Share one depot closes:"in 2 days" quorum:2')
    in_teams = teams.pane.locator("[data-message]:not(.ephemeral)", has_text=TITLE).last
    await expect(in_teams).to_contain_text("0 of 3 organisations")

    # It is voted in both tools: from Slack without a room by asking for it, in Teams in the room.
    await slack.be("Hugo Brandt")
    await slack.type("/board agreements depot")
    await slack.hears(TITLE)
    await slack.press("Consent")
    await expect(in_teams).to_contain_text("1 of 3 organisations")
    await teams.be("Ines Alvarez")
    await teams.goes_to("New partnership")
    await in_teams.get_by_role("button", name="Consent", exact=True).click()
    await expect(in_teams).to_contain_text("2 of 3 organisations")
    await expect(in_teams).to_contain_text("It would pass as it stands.")
    await slack.be("Ines Alvarez")  # one person, one vote: the same answer from the other tool changes nothing
    await slack.type("/board agreements depot")
    await slack.hears(TITLE)
    await slack.press("Consent")
    await slack.hears("2 of 3 organisations")
    await expect(in_teams).to_contain_text("2 of 3 organisations")
    await teams.photograph()
    await page.locator('[data-advance="604800"]').click()
    await teams.sees(re.compile(r"HP-\d{4}-001"))
    await teams.sees("Passed.")
    await teams.photograph()
    report(
        f"seconds from the first code to the first decision, by hand in a browser: {time.perf_counter() - started:.0f}"
    )
