"""Raising an item, and each way on for it; who raised it is always told, with the reason."""

import datetime
from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.actions.making import Promise
from core.actions.making import add as add_action
from core.actions.models import Action
from core.commands import STEERING, VOICES, Person, Role
from core.db import new_ref
from core.errors import Refused
from core.items.models import Item, ItemSupport
from core.items.params import ShowItem, TriageItem
from core.lists import folded
from core.outbox import SHOWN_LATE, announce, begin_subject, changed
from core.partners import queries as partners
from core.partners.actions import next_number
from core.priorities.making import Wish, propose
from core.priorities.models import Priority
from core.register.actions import append

VEILED = "An item for the chair alone"
"""What the register says in place of a confidential title."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Concern:
    """What somebody raises; see `Item` for the meaning of each."""

    title: str
    detail: str = ""
    wants: str = "discussion"
    theme_id: int | None = None
    confidential: bool = False
    link: str = ""


async def write(
    session: AsyncSession,
    board: int,
    said: Concern,
    now: datetime.datetime,
    *,
    raiser: int | None = None,
    organisation: int | None = None,
) -> Item:
    """Write a new item, and nothing else."""
    item = Item(
        partnership_id=board,
        ref=new_ref("itm"),
        number=await next_number(session, board, "item"),
        title=said.title,
        detail=said.detail,
        wants=said.wants,
        theme_id=said.theme_id,
        raiser_id=raiser,
        organisation_id=organisation,
        confidential=said.confidential,
        link=said.link,
        created_at=now,
        folded=folded(said.title, said.detail),
    )
    session.add(item)
    await session.flush()
    await begin_subject(session, board, item.ref)
    return item


async def raise_(session: AsyncSession, said: Concern, by: Person, now: datetime.datetime) -> Item:
    """A new item: on record, in every room, and with those who find its way on; a confidential one with the chair."""
    item = await write(session, by.board, said, now, raiser=by.member, organisation=by.organisation)
    await Way(session, item, by, now).record("item raised", said.detail)
    steering = await partners.members(session, by.board, *([Role.CHAIR] if item.confidential else STEERING))
    if item.confidential and not steering:
        raise Refused("This board has no chair yet who could read it. Ask its coordinator, or raise it openly.")
    rooms = () if item.confidential else tuple(room.id for room in await partners.rooms(session, by.board))
    await announce(
        session, by.board, ShowItem(item.ref), key=f"card:{item.ref}", now=now, rooms=rooms, subject=item.ref
    )
    await announce(
        session,
        by.board,
        TriageItem(item.ref),
        key=f"triage:{item.ref}",
        now=now,
        members=tuple(member.id for member in steering),
        subject=item.ref,
    )
    return item


async def show_what_waits(session: AsyncSession, board: int, now: datetime.datetime, room: int) -> None:
    """Give a room that came later the live cards of the newest items that wait; the list shows more."""
    found = await session.execute(
        select(Item.ref)
        .where(Item.partnership_id == board, Item.state == "raised", Item.confidential.is_(False))
        .order_by(Item.id.desc())
        .limit(SHOWN_LATE)
    )
    for ref in reversed(found.scalars().all()):
        key = f"card:{ref}:late:{now.isoformat()}"
        await announce(session, board, ShowItem(ref), key=key, now=now, rooms=(room,), subject=ref)


@dataclass(frozen=True, slots=True)
class Way:
    """Who finds the way on for what, and when."""

    session: AsyncSession
    item: Item
    by: Person
    now: datetime.datetime

    async def record(self, kind: str, note: str) -> int:
        """Put it on record (its place there is given back), and redraw its cards.

        Of a confidential item the register says nothing but that it is.
        """
        item = self.item
        await self.session.flush()
        entry = await append(
            self.session,
            item.partnership_id,
            kind,
            subject=item.ref,
            title=VEILED if item.confidential else item.title,
            now=self.now,
            by=self.by if not item.confidential else "a member",
            detail={} if item.confidential else {"note": note, "number": item.number},
        )
        await changed(self.session, item.ref)
        return entry.position

    async def found(
        self, state: str, said: str, answer: str, *, became: str = "", until: datetime.date | None = None
    ) -> None:
        """The item goes this way; who raised it hears so. `said` says it in a few words, `answer` why."""
        item = self.item
        item.state, item.answer, item.became, item.parked_until = state, answer, became, until
        item.triaged_by_id, item.triaged_at = self.by.member, self.now
        place = await self.record(f"item {state}", answer)
        await self.tell((item.raiser_id,), place, f"Your item {said}" + (f": {answer}" if answer else "."))

    async def tell(self, whom: Collection[int | None], place: int, say: str) -> None:
        """Tell these members what happened to it."""
        told = tuple(sorted({each for each in whom if each and each != self.by.member}))
        if told:
            await announce(
                self.session,
                self.item.partnership_id,
                ShowItem(self.item.ref, say[:1000]),
                key=f"{self.item.ref}:{place}",
                now=self.now,
                members=told,
                subject=self.item.ref,
            )

    def check_waits(self) -> None:
        """Refuse who does not steer, and what has found its way on already."""
        if self.by.role not in STEERING:
            raise Refused("Only the chair or the coordinator finds the way on for an item.")
        if self.item.state not in ("raised", "parked", "agenda"):
            raise Refused(f"{STOOD[self.item.state]} Reopen it first if it is to go another way.")


STOOD = {
    "pipeline": "This item is in the pipeline already.",
    "action": "This item is an action already.",
    "answered": "This item is answered already.",
    "declined": "This item was declined already.",
    "merged": "This item was merged into another one already.",
    "withdrawn": "This item was withdrawn.",
}


async def to_agenda(way: Way, why: str) -> None:
    """It waits for the next meeting."""
    way.check_waits()
    if way.item.state == "agenda":
        raise Refused("This item is for the next meeting already.")
    await way.found("agenda", "is for the agenda of the next meeting", why)


async def to_pipeline(way: Way, wish: Wish, why: str) -> Priority:
    """It becomes a proposed priority."""
    way.check_waits()
    priority = await propose(way.session, wish, way.by, way.now)
    said = f"is in the pipeline now, as priority {priority.number}"
    await way.found("pipeline", said, why, became=priority.ref)
    return priority


async def to_action(way: Way, wanted: Promise, why: str) -> Action:
    """It becomes an action."""
    way.check_waits()
    action = await add_action(way.session, wanted, way.by, way.now)
    await way.found("action", f"is being done, as action {action.number}", why, became=action.ref)
    return action


async def answer(way: Way, words: str) -> None:
    """It is answered."""
    way.check_waits()
    await way.found("answered", "was answered", words)


async def park(way: Way, until: datetime.date, why: str) -> None:
    """It rests until a day, and then waits again."""
    way.check_waits()
    if until <= way.now.astimezone(way.by.zone).date():
        raise Refused("Choose a day that is still to come.", field="until")
    day = f"{until.day}/{until.month}/{until.year}"
    await way.found("parked", f"rests until {day}, and comes back then", why, until=until)


async def decline(way: Way, why: str) -> None:
    """The board does not take it up."""
    way.check_waits()
    await way.found("declined", "was not taken up", why)


async def merge(way: Way, into: Item, why: str) -> None:
    """It is the same as another one, which its organisation and supporters then support."""
    way.check_waits()
    item = way.item
    if into.id == item.id:
        raise Refused("That is this item itself. Choose another one.", field="into")
    if (into.state == "merged" and into.became == item.ref) or into.state in ("merged", "withdrawn"):
        raise Refused("That item was merged or withdrawn itself. Choose another one.", field="into")
    if into.confidential != item.confidential:
        raise Refused("An item for the chair alone and an open one stay apart.", field="into")
    if item.organisation_id is not None and item.raiser_id is not None:
        await _support(way, into, item.organisation_id, item.raiser_id)
    await way.found("merged", f"belongs to item {into.number}, {into.title}", why, became=into.ref)
    await changed(way.session, into.ref)


async def withdraw(way: Way, why: str) -> None:
    """Who raised it takes it back."""
    if way.by.member != way.item.raiser_id:
        raise Refused("Only who raised it can take it back.")
    if way.item.state not in ("raised", "parked", "agenda"):
        raise Refused(STOOD[way.item.state])
    item = way.item
    item.state, item.answer, item.parked_until = "withdrawn", why, None
    item.triaged_by_id, item.triaged_at = way.by.member, way.now
    await way.record("item withdrawn", why)


async def reopen(way: Way, why: str) -> None:
    """It waits for its way on again; what it has become stays as it is."""
    if way.by.role not in STEERING:
        raise Refused("Only the chair or the coordinator can reopen an item.")
    item = way.item
    if item.state == "raised":
        raise Refused("This item waits already.")
    item.state, item.answer, item.became, item.parked_until = "raised", "", "", None
    item.triaged_by_id, item.triaged_at = None, None
    place = await way.record("item reopened", why)
    await way.tell((item.raiser_id,), place, f"Your item is looked at again: {why}")


async def support(way: Way) -> None:
    """This person's organisation has it too."""
    item, me = way.item, way.by
    if me.role not in VOICES:
        raise Refused("Only those who speak for an organisation can say that it has this too.")
    if me.organisation == item.organisation_id:
        raise Refused("Your organisation has raised it.")
    if not await _support(way, item, me.organisation, me.member):
        raise Refused(f"It stands there already that {me.organisation_name} has this too.")
    await way.record("item supported", me.organisation_name)


async def unsupport(way: Way) -> None:
    """This person's organisation has it no more."""
    item, me = way.item, way.by
    if me.role not in VOICES:
        raise Refused("Only those who speak for an organisation can take that back.")
    found = await way.session.get(ItemSupport, (item.id, me.organisation))
    if found is None:
        raise Refused(f"{me.organisation_name} has not said that it has this too.")
    await way.session.execute(
        delete(ItemSupport).where(ItemSupport.item_id == item.id, ItemSupport.organisation_id == me.organisation)
    )
    await way.record("item support taken back", me.organisation_name)


async def _support(way: Way, item: Item, organisation: int, member: int) -> bool:
    known = await way.session.get(ItemSupport, (item.id, organisation))
    if known is not None or organisation == item.organisation_id:
        return False
    way.session.add(
        ItemSupport(
            partnership_id=item.partnership_id,
            item_id=item.id,
            organisation_id=organisation,
            member_id=member,
            at=way.now,
        )
    )
    await way.session.flush()
    return True
