"""Whoever leaves keeps no open action: the organisation is asked to take it over, or the chair is told."""

from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import ShiftingClock
from core.actions.models import ALIVE, Action
from core.catalog import VIEW_OF
from core.commands import Sight
from core.dispatch import Dispatch
from core.drawing import Drawer
from core.outbox import Outgoing
from core.partners.models import Member
from core.register.queries import entries
from core.requests import Actor, Place, Request, Whisper
from core.values import read
from tests.databases import SqliteFiles
from tests.trust.boards import build
from tests.trust.rehearsal import Rehearsal
from tests.world import TEAM


@pytest.fixture
def database(sqlite: SqliteFiles) -> str:
    return sqlite.migrated()


@pytest.mark.parametrize("deputy", [True, False], ids=["with-a-deputy", "alone"])
async def test_what_is_open_is_passed_on_once(deputy: bool, database: str) -> None:
    async with Rehearsal(database).open() as rehearsal:
        clock = ShiftingClock()
        side = await build(rehearsal, clock, "Our", "OUR")
        desk = Dispatch(rehearsal, Drawer(rehearsal, clock), clock)
        rep, chair, heir = side.people["r"], side.people["c"], side.people["Watcher"]

        async def ask(account: str, command: str, **args: Any) -> str:
            place = Place("slack", TEAM, f"D{account}", personal=True)
            reply = await desk.handle(Request(Actor("slack", TEAM, account), place, "form", command=command, args=args))
            return reply.card.summary if isinstance(reply, Whisper) else repr(reply)

        async def begin(session: AsyncSession) -> tuple[list[Action], set[str]]:
            if deputy:
                await session.execute(update(Member).where(Member.id == heir.member).values(role="deputy"))
            mine = select(Action).where(Action.owner_id == rep.member, Action.state.in_(ALIVE))
            other = select(Action).where(Action.owner_id == chair.member, Action.state.in_(ALIVE)).limit(1)
            (offered,) = (await session.execute(other)).scalars()
            offered.offered_to_id = rep.member
            return [*(await session.execute(mine)).scalars(), offered], set(
                (await session.execute(select(Outgoing.key))).scalars()
            )

        (*open_now, offered), known = await rehearsal.write(begin)
        assert len(open_now) == 3
        said = await ask("U0OURREP", "membership.leave_now")

        async def after(session: AsyncSession) -> tuple[Any, ...]:
            rows = [await session.get_one(Action, each.id) for each in open_now]
            found = await session.execute(
                select(Outgoing).where(Outgoing.member_id.is_not(None), Outgoing.key.not_in(known))
            )
            told: dict[tuple[str | None, int | None], list[str]] = {}
            for row in found.scalars():
                view = VIEW_OF[row.view]
                params = read(view.params, row.args, zone=rep.zone, now=clock.now(), choices={})
                card = await view.draw(Sight(session, side.board, clock.now()), params)
                told.setdefault((row.subject, row.member_id), []).append(repr(card))
            kinds = [each.kind for each in await entries(session, side.board) if each.subject in told_refs]
            return rows, told, kinds, (await session.get_one(Action, offered.id)).offered_to_id

        told_refs = {each.ref for each in (*open_now, offered)}
        rows, told, kinds, still_offered = await rehearsal.read(after)
        owner = heir.member if deputy else None
        assert [(row.owner_id, row.state, row.accepted_at) for row in rows] == [(owner, "open", None)] * 3
        assert still_offered is None and all(len(cards) == 1 for cards in told.values())
        asked = {member for ref, member in told if ref != offered.ref}
        steering = {side.people[who].member for who in ("c", "o", "Vicechair", "Clerk")}
        assert asked == ({heir.member} if deputy else steering)
        assert {member for ref, member in told if ref == offered.ref} == {chair.member}
        passed = "action passed on" if deputy else "action without owner"
        assert kinds.count(passed) == 3 and kinds.count("hand-over ended") == 1
        if deputy:
            assert "OurWatcher is asked to take over 3 open actions." in said
            assert "You are asked to take it over." in told[open_now[0].ref, heir.member][0]
            await ask("U0OURWATCHER", "actions.accept", action=open_now[0].ref)
            (first, *_), *_ = await rehearsal.read(after)
            assert first.accepted_at is not None and first.owner_id == heir.member
        else:
            assert "3 open actions need other owners; the chair and the coordinator are told." in said
            await ask("U0OURVICECHAIR", "actions.accept", action=open_now[0].ref)
            (first, *_), *_ = await rehearsal.read(after)
            assert first.owner_id == side.people["Vicechair"].member
