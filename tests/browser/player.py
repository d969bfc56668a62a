"""Somebody at the demo page, for every browser test."""

import re

from playwright.async_api import Locator, Page, expect

PATIENCE = 30.0
"""Seconds to wait for what must come: a loaded machine is slow, and how long it took is told, not judged."""
expect.set_options(timeout=PATIENCE * 1000)


class Player:
    """Somebody at the demo page: one pane, as one person."""

    def __init__(self, page: Page, tool: str) -> None:
        self.page, self.tool = page, tool
        self.pane: Locator = page.locator(f".pane[data-tool={tool}]")

    async def be(self, name: str) -> None:
        """Become this member."""
        select = self.pane.locator("select[data-who]")
        option = select.locator("option", has_text=name)
        await select.select_option(value=await option.get_attribute("value"))
        await expect(self.pane).to_contain_text(name)

    async def type(self, line: str) -> None:
        """Write into the composer and send."""
        composer = self.pane.locator("textarea[data-composer]")
        await composer.fill(line)
        await composer.press("Enter")

    async def press(self, label: str) -> None:
        """Press a button of the card that stands lowest in the room and has it."""
        await self.pane.locator(
            f'[data-message] [data-label="{label}"], [data-message] [data-action-title="{label}"]'
        ).last.click()

    async def sees(self, words: str | re.Pattern[str]) -> None:
        """Wait until these words stand in the pane."""
        await expect(self.pane).to_contain_text(words)
