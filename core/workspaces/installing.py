"""Installations as they begin, are looked up, end, and begin again."""

import datetime
from collections.abc import Sequence

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.db import insert_or
from core.outbox import Delivery, Outgoing, Pause, pause_lane
from core.overview.opening import show_what_is_open
from core.partners import notices
from core.partners.actions import found_again
from core.partners.models import Room
from core.requests import Installation as Given
from core.requests import News
from core.workspaces.models import Installation
from core.workspaces.notices import WorkspaceEnded
from core.workspaces.vault import Vault

_SPENT = "install:"  # begins the keys under which used states are remembered among the deliveries


async def spend(session: AsyncSession, nonce: str, now: datetime.datetime) -> bool:
    """Use a state up; False when it was used before. It is good for minutes, deliveries are remembered for days."""
    wanted = insert_or(session, Delivery).values(key=f"{_SPENT}{nonce}", at=now)
    made = await session.execute(wanted.on_conflict_do_nothing().returning(Delivery.key))
    return made.scalar_one_or_none() is not None


async def find(session: AsyncSession, tool: str, workspace: str) -> Installation | None:
    """The installation that serves this workspace, or did: its own, else its organisation's."""
    own = await _row(session, tool, workspace)
    if own is not None and own.state == "installed" and not own.token and own.organisation:
        return await _row(session, tool, own.organisation) or own
    return own


async def keep(session: AsyncSession, tool: str, given: Given, vault: Vault, now: datetime.datetime) -> None:
    """Write an installation, in place of the one before; rooms that were lost with that one come back."""
    values = {
        "whole": given.whole,
        "name": given.name[:200],
        "account": given.account[:100],
        "scopes": given.scopes,
        "token": vault.lock(given.token, now),
        "state": "installed",
        "installed_at": now,
        "ended_at": None,
    }
    wanted = insert_or(session, Installation).values(
        tool=tool, workspace=given.workspace, organisation="", rooms=[], **values
    )
    await session.execute(wanted.on_conflict_do_update(index_elements=["tool", "workspace"], set_=values))
    row = await _row(session, tool, given.workspace)
    if row is not None:
        await _resume(session, tool, row, now)


async def _resume(session: AsyncSession, tool: str, row: Installation, now: datetime.datetime) -> None:
    """Send again through what this installation serves, and bring its rooms back."""
    served = await _served(session, tool, row.workspace)
    lanes = [f"{tool}:{workspace}" for workspace in served]
    await session.execute(delete(Pause).where(Pause.lane.in_(lanes), Pause.who == "platform"))
    # What waited for a pause to end is not made to wait for a try that failed some seconds ago.
    await session.execute(
        update(Outgoing)
        .where(Outgoing.lane.in_(lanes), Outgoing.state == "waiting", Outgoing.error != "")
        .values(due_at=now, attempts=0, error="")
        .execution_options(synchronize_session=False)
    )
    if row.rooms:
        await _bring_back(session, row.rooms, now)
        row.rooms = []
    await session.flush()


async def _bring_back(session: AsyncSession, refs: Sequence[str], now: datetime.datetime) -> None:
    found = await session.execute(select(Room).where(Room.ref.in_(refs), Room.state == "lost").with_for_update())
    for room in found.scalars().all():
        room.state = "connected"
        await session.flush()
        await found_again(session, room, now)
        await show_what_is_open(session, room.partnership_id, now, room=room.id)


async def belongs(session: AsyncSession, tool: str, workspace: str, organisation: str, now: datetime.datetime) -> None:
    """Remember that this workspace is one of an organisation's. Its own installation, if it has one, goes before.

    A workspace that had lost its organisation's installation has it again, if that is what we hear from it.
    """
    wanted = insert_or(session, Installation).values(
        tool=tool, workspace=workspace, organisation=organisation, whole=False, name="", account="", scopes="",
        token="", state="installed", rooms=[], installed_at=now,
    )  # fmt: skip
    await session.execute(
        wanted.on_conflict_do_update(index_elements=["tool", "workspace"], set_={"organisation": organisation})
    )
    row = await _row(session, tool, workspace)
    if row is not None and row.state != "installed" and not row.token:
        row.state, row.ended_at = "installed", None
        await _resume(session, tool, row, now)


async def end(session: AsyncSession, tool: str, news: News, now: datetime.datetime) -> None:
    """An installation has ended: forget its token, send nothing there, tell whom it concerns, once.

    One that was removed takes its rooms along; one whose token died may be back in an hour, so its rooms only wait.
    Only what is known as installed can end, but a workspace may also be served by the operator's own token.
    """
    row = await _row(session, tool, news.place.workspace)
    served = await _served(session, tool, news.place.workspace)
    state = "removed" if news.what == "uninstalled" else "revoked"
    newly = [
        each for each in served if await pause_lane(session, f"{tool}:{each}", f"the installation was {state}", now)
    ]
    if row is None:
        row = Installation(tool=tool, workspace=news.place.workspace, rooms=[], installed_at=now, name="")
        session.add(row)
    elif row.state != "installed" and newly:
        row.installed_at = now  # it worked again meanwhile, by the operator's own token: this is another end
    elif row.state in (state, "removed"):
        return
    row.state, row.token, row.ended_at = state, "", now
    await session.flush()
    for workspace in served:
        if state == "removed":
            row.rooms = [*row.rooms, *await _lose_rooms(session, tool, workspace)]
        view = WorkspaceEnded(tool, row.workspace)
        key = f"ended:{tool}:{row.workspace}:{row.installed_at:%Y%m%d%H%M%S%f}"
        await notices.tell_boards_of(session, f"{tool}:{workspace}", view, key=key, now=now)
    await session.flush()


async def _lose_rooms(session: AsyncSession, tool: str, workspace: str) -> list[str]:
    lost = await session.execute(
        update(Room)
        .where(Room.tool == tool, Room.workspace == workspace, Room.state == "connected")
        .values(state="lost")
        .returning(Room.ref)
        .execution_options(synchronize_session=False)
    )
    return sorted(lost.scalars())


async def _served(session: AsyncSession, tool: str, workspace: str) -> list[str]:
    """The workspaces that an installation serves: itself, or those of its organisation without one of their own."""
    found = await session.execute(
        select(Installation.workspace).where(
            Installation.tool == tool, Installation.organisation == workspace, Installation.token == ""
        )
    )
    return sorted({workspace, *found.scalars()})


async def _row(session: AsyncSession, tool: str, workspace: str) -> Installation | None:
    found = await session.execute(
        select(Installation)
        .where(Installation.tool == tool, Installation.workspace == workspace)
        .execution_options(populate_existing=True)
    )
    return found.scalar_one_or_none()


async def rotate(session: AsyncSession, vault: Vault, now: datetime.datetime) -> tuple[int, list[str]]:
    """Encrypt every token with the first key; how many were changed, and workspaces whose token no key opens."""
    found = await session.execute(select(Installation).where(Installation.token != "").with_for_update())
    changed, lost = 0, []
    for row in found.scalars().all():
        if vault.is_current(row.token):
            continue
        secret = vault.open(row.token)
        if secret is None:
            lost.append(f"{row.tool}:{row.workspace}")
        else:
            row.token, changed = vault.lock(secret, now), changed + 1
    await session.flush()
    return changed, lost
