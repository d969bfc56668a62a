"""Votes that wait together keep each its own fate, also in what is remembered of their deliveries."""

import asyncio
import dataclasses

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.agreements.queries import agreements
from core.outbox import Delivery
from core.requests import Actor, Place, Replace, Request, Whisper
from tests.world import SLACK_ROOM, SMALL, TEAM, a_world

LINE = 'agree Adopt the two themes closes:"in 3 days" rule:"simple majority" quorum:3'


async def delivered(session: AsyncSession) -> list[str]:
    keys = (await session.execute(select(Delivery.key).order_by(Delivery.key))).scalars()
    return [key.rpartition(":")[2] for key in keys]


async def test_a_refused_vote_leaves_no_delivery_behind_and_a_repeated_one_no_second_stance(migrated_url: str) -> None:
    async with a_world(migrated_url, SMALL) as world:
        await world.slack.command(TEAM, "U0COORD", SLACK_ROOM, "/board", LINE)
        await world.until(lambda: world.slack.messages(TEAM, SLACK_ROOM), what="the card")
        ((agreement,), _) = await world.read(lambda session: agreements(session, 1))
        before = await world.read(delivered)

        def click(user: str, delivery: str) -> Request:
            args = {"agreement": agreement.ref, "position": "agree"}
            actor, place = Actor("slack", TEAM, user), Place("slack", TEAM, SLACK_ROOM)
            return Request(actor, place, "button", command="agreements.cast", args=args, delivery=delivery)

        clicks = [click("U0COUNCIL", "d1"), click("U0COORD", "d2"), click("U0NOBODY", "d3"), click("U0DEPUTY", "d1")]
        council, coordinator, nobody, again = await asyncio.gather(*(world.house.desk.handle(each) for each in clicks))
        assert isinstance(council, Replace)
        assert isinstance(coordinator, Whisper)
        assert "has no vote" in coordinator.card.summary
        assert isinstance(nobody, Whisper)
        assert isinstance(again, Whisper)
        assert "done already" in again.card.summary
        assert sorted(await world.read(delivered)) == sorted([*before, "d1"])

        # What was refused may come again under its name, and is then judged anew.
        told = await world.house.desk.handle(dataclasses.replace(clicks[1], args=clicks[0].args))
        assert isinstance(told, Whisper)
        assert "has no vote" in told.card.summary
