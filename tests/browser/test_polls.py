"""Quick polls in the demo, in a real browser: every shape, voted in both tools, one person with two accounts once."""

from playwright.async_api import Locator, Page, expect

from tests.browser.player import Player

SOON = 15_000  # milliseconds; the machine may be busy


def card(player: Player, number: int) -> Locator:
    """The poll's card as everyone in the room sees it."""
    return player.pane.locator("[data-message]:not(.ephemeral)", has_text=f"Poll {number}:").last


async def fill(dialog: Locator, field: str, value: str) -> None:
    """Fill in one field, whatever it looks like."""
    control = dialog.locator(f'[data-field="{field}"]')
    kind = await control.first.evaluate("each => each.type || each.tagName.toLowerCase()")
    if kind in ("checkbox", "radio"):
        await dialog.locator(f'[data-field="{field}"][value="{value}"]').check()
    elif kind == "select-one":
        await control.select_option(value=value)
    else:
        await control.fill(value)


async def vote_by_form(player: Player, number: int, **answers: str) -> None:
    """Press Vote, fill in the form, send it."""
    await card(player, number).get_by_role("button", name="Vote", exact=True).click()
    dialog = player.page.locator(f'[data-dialog="{player.tool}"]')
    for field, value in answers.items():
        await fill(dialog, field, value)
    if player.tool == "slack":
        await dialog.locator(".send").click()
    else:
        await dialog.get_by_role("button", name="Vote", exact=True).click()
    await expect(dialog.locator("[data-field]")).to_have_count(0, timeout=SOON)


async def both_show(players: tuple[Player, Player], number: int, *words: str) -> None:
    """Wait until the card holds these words in both tools."""
    for player in players:
        for each in words:
            await expect(card(player, number)).to_contain_text(each, timeout=SOON)


async def test_every_shape_is_voted_in_both_tools(demo: str, page: Page) -> None:
    await page.goto(demo)
    await page.wait_for_selector("body[data-ready]")
    slack, teams = Player(page, "slack"), Player(page, "teams")
    both = (slack, teams)

    async def ask(number: int, line: str) -> None:
        await slack.be("Priya Raman")
        await slack.type(f"/board poll {line}")
        await both_show(both, number, "Asked by Priya Raman.")
        await slack.be("Eleanor Voss")
        await teams.be("Amara Nwosu")

    # One choice; Tom has an account in each tool and counts once, by what he said last.
    await ask(1, "Which evening? | Tue | Wed | Thu")
    await slack.be("Tom Ashdown")
    await card(slack, 1).get_by_role("button", name="Wed", exact=True).click()
    await both_show(both, 1, "Wed leads with 1 of 1 vote.")
    await teams.be("Tom Ashdown")
    await card(teams, 1).get_by_role("button", name="Thu", exact=True).click()
    await both_show(both, 1, "Thu leads with 1 of 1 vote.")
    await teams.be("Amara Nwosu")
    await card(teams, 1).get_by_role("button", name="Thu", exact=True).click()
    await both_show(both, 1, "Thu leads with 2 of 2 votes.", "Amara Nwosu, Tom Ashdown")

    await ask(2, "Which venues? | Library | Hall | College multi:yes")
    await card(slack, 2).get_by_role("button", name="Library", exact=True).click()
    await card(slack, 2).get_by_role("button", name="Hall", exact=True).click()
    await card(teams, 2).get_by_role("button", name="Hall", exact=True).click()
    await both_show(both, 2, "Hall leads with 2 votes.")

    await ask(3, "Where to spend? | Parks | Roads shape:dots max:3")
    await vote_by_form(slack, 3, o1="2", o2="1")
    await both_show(both, 3, "1 of ")
    await vote_by_form(teams, 3, o1="3")
    await both_show(both, 3, "Parks leads with 5 of 6 dots.")

    await ask(4, "Which first? | Parks | Roads | Arts shape:ranked")
    await vote_by_form(slack, 4, q1p1="2", q1p2="1")
    await both_show(both, 4, "1 of ")
    await vote_by_form(teams, 4, q1p1="2")
    await both_show(both, 4, "Roads leads in the first round, with 2 of 2 votes.")

    await ask(5, "How was it? | Food | Talk shape:rating")
    await vote_by_form(slack, 5, o1="5", o2="4")
    await both_show(both, 5, "1 of ")
    await vote_by_form(teams, 5, o1="2", o2="4")
    await both_show(both, 5, "Talk is rated highest, 4.0 of 5 on average.")

    await ask(6, "Shall we? shape:yes-no")
    await card(slack, 6).get_by_role("button", name="Yes", exact=True).click()
    await card(teams, 6).get_by_role("button", name="Abstain", exact=True).click()
    await both_show(both, 6, "Yes, by 1 to 0, and 1 abstention.")

    await ask(7, 'When? | "in 9 days" | "in 10 days" shape:dates')
    await vote_by_form(slack, 7, o1="2", o2="1")
    await both_show(both, 7, "1 of ")
    await vote_by_form(teams, 7, o1="0", o2="2")
    await both_show(both, 7, "suits best: 2 can come, 1 of them if need be.")

    await ask(8, "What is missing? shape:text")
    await vote_by_form(slack, 8, q1="A bench")
    await both_show(both, 8, "1 of ")
    await vote_by_form(teams, 8, q1="Toilets")
    await both_show(both, 8, "2 answers.")

    await ask(9, 'Tea? shape:yes-no questions:"Cake?"')
    await vote_by_form(slack, 9, q1="1", q2="With plums")
    await both_show(both, 9, "1 of ")
    await vote_by_form(teams, 9, q1="2")
    await both_show(both, 9, "Tied: 1 yes and 1 no.", "1 answer.")

    # Fifty options: a list in either tool.
    await ask(10, "Which of many? | " + " | ".join(f"Option {number}" for number in range(1, 51)))
    await card(slack, 10).locator("select").first.select_option(label="Option 49")
    await card(teams, 10).locator('[data-field="option"]').select_option(value="49")
    await card(teams, 10).get_by_role("button", name="Vote", exact=True).click()
    await both_show(both, 10, "Option 49 leads with 2 of 2 votes.")
