"""Somebody at the demo page, for every browser test."""

import contextlib
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


async def fill(dialog: Locator, **fields: str) -> None:
    """Fill in a form as a person does: text is typed, of options the one that begins so is chosen."""
    await expect(dialog).to_be_visible()
    for name, value in fields.items():
        field = dialog.locator(f'[data-field="{name}"]').first
        kind = await field.evaluate("each => each.localName + ' ' + (each.type ?? '')")
        if kind.startswith("select"):
            option = field.locator("option", has_text=re.compile(f"^{re.escape(value)}")).first
            await field.select_option(value=await option.get_attribute("value"))
        elif kind.endswith(("radio", "checkbox")):
            await dialog.locator(f'label:has([data-field="{name}"])', has_text=value).first.click()
        else:
            await field.fill(value)


class Story:
    """Two people at the demo page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.slack, self.teams = Player(page, "slack"), Player(page, "teams")

    def shared(self, player: Player, title: str) -> Locator:
        """The card of this title that everyone in the room sees."""
        return player.pane.locator("[data-message]:not(.ephemeral)", has_text=title).last

    async def press(self, player: Player, on: str, label: str, send: str = "", /, **fields: str) -> None:
        """Press a button on a shared card; fill in what it asks, and send."""
        await self.take(player, self.shared(player, on), label, send, **fields)

    async def take(self, player: Player, card: Locator, label: str, send: str = "", /, **fields: str) -> None:
        """Press a button of a card or take the same from its menu; fill in what it asks, and send."""
        await self._reach(player, card, label)
        if not send:
            return
        for _ in range(3):  # a card that is drawn anew just then takes no press, and a person presses again
            with contextlib.suppress(AssertionError):
                await expect(self._dialog(player)).to_be_visible(timeout=10_000)
                break
            await self._reach(player, card, label)
        await self.answer(player, send, **fields)

    def _dialog(self, player: Player) -> Locator:
        return self.page.locator(f'[data-dialog="{player.tool}"]')

    async def _reach(self, player: Player, card: Locator, label: str) -> None:
        """Press a button of a card, or take the same from its menu."""
        button = card.locator(f'[data-label="{label}"], [data-action-title="{label}"]')
        entry = card.locator("option", has_text=re.compile(f"^{re.escape(label)}$"))
        more = card.locator('[data-label="More"]')  # a menu, which Teams opens below
        await expect(button.or_(entry if player.tool == "slack" else more).first).to_be_attached()
        if player.tool == "teams" and await button.count() == 0:
            await more.first.click()
        if player.tool == "slack" and await button.count() == 0:
            await entry.first.locator("xpath=ancestor::select").select_option(label=label)
        else:
            await button.first.click()

    async def answer(self, player: Player, send: str, /, **fields: str) -> None:
        """Fill in the dialog that is open, and send it."""
        dialog = self._dialog(player)
        await fill(dialog, **fields)
        await dialog.get_by_role("button", name=send, exact=True).click()
        await expect(dialog).to_be_hidden()

    async def both_show(self, title: str, words: str) -> None:
        """Everyone sees these words on this card, in either tool."""
        for player in (self.slack, self.teams):
            await expect(self.shared(player, title)).to_contain_text(words)
