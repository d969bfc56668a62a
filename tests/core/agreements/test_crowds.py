"""A large electorate is drawn from counts and first names, and its card is the very same as if all had been read."""

import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from core.agreements import crowds, voting
from core.agreements.cards import agreement_card
from core.agreements.models import Agreement
from core.agreements.queries import picture
from core.agreements.rules import POSITIONS, Rule
from core.partners.models import Organisation
from tests.databases import SQLITE_FIRST
from tests.reminders.board import Desk, a_desk, changes, many, opens, people

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
LONDON = ZoneInfo("Europe/London")
PARTNERS = crowds.FEW + 25


async def everyone_answers(desk: Desk, ref: str, rule: Rule) -> None:
    """Most answer, some declare an interest, the rest is silent."""
    dice = random.Random(str(rule))
    voices = await people(desk, 1)

    async def work(session: AsyncSession, agreement: Agreement) -> None:
        for person in voices:
            fate, position = dice.random(), dice.choice(POSITIONS[rule])
            if fate < 0.7:
                await voting.cast(session, agreement, person, position, f"{person.name} says so.", NOW)
            elif fate < 0.8:
                await voting.declare_interest(session, agreement, person, "We own it.", NOW)

    await changes(desk, ref, work)


@pytest.mark.parametrize("rule", [Rule.CONSENSUS, Rule.SIMPLE_MAJORITY])
@SQLITE_FIRST
async def test_a_crowds_card_is_the_same_as_if_all_were_read(migrated_url: str, rule: Rule) -> None:
    async with a_desk(migrated_url, NOW, many(PARTNERS, 0)) as desk:

        async def in_sectors(session: AsyncSession) -> None:
            await session.execute(update(Organisation).where(Organisation.id % 7 == 0).values(sector="health"))
            await session.execute(update(Organisation).where(Organisation.id % 7 == 1).values(sector="police"))

        await desk.transactions.write(in_sectors)
        sectors = ["Health", "police", "fire"]
        facts = {"rule": rule, "required_organisations": [3, 5, 8, 13, 21, 34, 55], "required_sectors": sectors}
        ref = await opens(desk, 1, "Share one venue", NOW + timedelta(days=5), quorum_share=0.5, **facts)
        plain = await opens(desk, 1, "Share one van", NOW + timedelta(days=5), rule=rule)
        for each in (ref, plain):
            await same(desk, each)
            await everyone_answers(desk, each, rule)
            for hidden in ("until closed", "no"):

                async def hide(session: AsyncSession, hidden: str = hidden) -> None:
                    await session.execute(update(Agreement).values(hidden=hidden))

                await desk.transactions.write(hide)
                await same(desk, each)


async def same(desk: Desk, ref: str) -> None:
    whole = await desk.transactions.read(lambda session: picture(session, 1, ref, whole=True))
    some = await desk.transactions.read(lambda session: picture(session, 1, ref))
    assert whole is not None
    assert some is not None
    assert some.crowd
    assert not whole.crowd
    assert len(whole.electors) == PARTNERS
    assert some.tally() == whole.tally()
    assert agreement_card(some, LONDON) == agreement_card(whole, LONDON)
