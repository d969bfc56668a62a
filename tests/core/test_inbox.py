"""A delivery seen again has the reply of the first and no second effect."""

import asyncio
import dataclasses

import pytest

from core.cards import Card
from core.errors import Refused
from core.inbox import Inbox
from core.meter import Meter
from core.requests import Actor, Place, Reply, Request, Whisper

CLICK = Request(
    Actor("teams", "tenant", "oid"), Place("teams", "tenant", "19:a"), "button", command="x", delivery="d1", twin="t"
)


class Desk:
    """Counts what is done, and takes its time."""

    def __init__(self) -> None:
        self.done = 0
        self.fails = False

    async def do(self) -> Reply:
        await asyncio.sleep(0.01)
        if self.fails:
            raise Refused("No.")
        self.done += 1
        return Whisper(Card(title=f"Done {self.done}", blocks=(), summary=""))


async def test_a_hundred_replays_at_once_and_later_have_one_effect() -> None:
    inbox, desk = Inbox(meter := Meter()), Desk()
    replies = await asyncio.gather(*(inbox.once(CLICK, "x", desk.do) for _ in range(100)))
    replies.append(await inbox.once(CLICK, "x", desk.do))
    assert desk.done == 1
    assert all(each == replies[0] for each in replies)
    assert meter.counted["deduped", "teams"] == 100


async def test_a_resend_under_another_id_while_the_first_is_served_has_no_effect() -> None:
    inbox, desk = Inbox(Meter()), Desk()
    again = dataclasses.replace(CLICK, delivery="d2")
    await asyncio.gather(inbox.once(CLICK, "x", desk.do), inbox.once(again, "x", desk.do))
    assert desk.done == 1


async def test_the_same_click_made_anew_is_done_anew() -> None:
    inbox, desk = Inbox(Meter()), Desk()
    await inbox.once(CLICK, "x", desk.do)
    await inbox.once(dataclasses.replace(CLICK, delivery="d2"), "x", desk.do)
    assert desk.done == 2


async def test_what_was_refused_may_be_tried_again() -> None:
    inbox, desk = Inbox(Meter()), Desk()
    desk.fails = True
    with pytest.raises(Refused):
        await inbox.once(CLICK, "x", desk.do)
    desk.fails = False
    await inbox.once(CLICK, "x", desk.do)
    assert desk.done == 1
