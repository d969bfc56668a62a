"""Two members of a board turn out to be one person: one remains, with the history of both and one vote."""

import datetime

from sqlalchemy import Column, Index, PrimaryKeyConstraint, Table, UniqueConstraint, delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from core.agreements import queries as agreements
from core.agreements.models import Agreement, Elector, Interest, Objection, Stance
from core.commands import Person, Role
from core.errors import Refused
from core.membership.covering import call_off
from core.membership.effects import lock_open, voices_changed
from core.membership.organisations import referring
from core.outbox import Outgoing, changed
from core.partners.models import Invitation, Member

_WEIGHT = (Role.CHAIR, Role.COORDINATOR, Role.REPRESENTATIVE, Role.DEPUTY, Role.OBSERVER)
_BY_HAND = ("electors", "outgoing", "reminders", "covers", "invitations")
"""Tables whose rows are not simply handed over: see `merge`."""


def merged_role(kept: Person, gone: Person) -> Role:
    """The role of both together: the one that carries more. Raises Refused where one excludes the other."""
    roles = {kept.role, gone.role}
    if len(roles) == 2 and Role.COORDINATOR in roles and Role.OBSERVER not in roles:
        raise Refused(
            f"On this board you are {gone.role} in one account and {kept.role} in the other, and the coordinator has "
            "no vote. Ask the chair or the coordinator to change one of the two roles first."
        )
    return min(roles, key=_WEIGHT.index)


async def merge(session: AsyncSession, kept: Member, gone: Member, role: Role, now: datetime.datetime) -> None:
    """Hand everything of `gone` over to `kept`, which has this role from now on; both are of one organisation.

    Of two votes on an open question the later counts, and both stay on record. What is closed keeps its tally, so
    the row of `gone` remains, as one who left. Messages that waited for `gone` are dropped: `kept` has its own.
    """
    board = kept.partnership_id
    await lock_open(session, board)
    await _merge_votes(session, kept, gone)
    for table, column in referring("members"):
        if table.name not in _BY_HAND:
            await _hand_over(session, table, table.c[column], kept.id, gone.id)
    await session.execute(
        update(Outgoing)
        .where(Outgoing.partnership_id == board, Outgoing.member_id == gone.id, Outgoing.state == "waiting")
        .values(state="moot", error="the member is another one now")
    )
    await session.execute(
        update(Invitation)
        .where(Invitation.partnership_id == board, Invitation.member_id == gone.id, Invitation.used_at.is_(None))
        .values(expires_at=now)
    )
    await call_off(session, board, gone.id)
    if role != kept.role:
        await call_off(session, board, kept.id)
    gone.left_at, kept.role = now, role.value
    if gone.email and not kept.email:
        email, gone.email = gone.email, None
        await session.flush()  # an address is one member's at a time
        kept.email = email
    await session.flush()
    await voices_changed(session, board, kept.organisation_id)


async def _hand_over(session: AsyncSession, table: Table, column: Column[int], kept: int, gone: int) -> None:
    """Let rows of the one be the other's; where there may be but one for each, the kept member's stays."""
    single = any(column.name in each.columns.keys() for each in _unique(table))  # noqa: SIM118 - a column collection
    if not single:
        await session.execute(update(table).where(column == gone).values({column.name: kept}))
        return
    keys = list(table.primary_key.columns)
    rows = (await session.execute(select(*keys).where(column == gone))).all()
    for row in rows:
        mine = [key == value for key, value in zip(keys, row, strict=True)]
        try:
            async with session.begin_nested():
                await session.execute(update(table).where(*mine).values({column.name: kept}))
        except IntegrityError:
            await session.execute(delete(table).where(*mine))


def _unique(table: Table) -> list[PrimaryKeyConstraint | UniqueConstraint | Index]:
    constraints = [each for each in table.constraints if isinstance(each, PrimaryKeyConstraint | UniqueConstraint)]
    return [*constraints, *(index for index in table.indexes if index.unique)]


async def _merge_votes(session: AsyncSession, kept: Member, gone: Member) -> None:
    """Where members vote: their voters on a question become one, as long as it is open."""
    found = await session.execute(
        select(Elector, Agreement)
        .join(Agreement, Agreement.id == Elector.agreement_id)
        .where(Elector.partnership_id == kept.partnership_id, Elector.member_id == gone.id)
        .order_by(Agreement.id)
    )
    for theirs, agreement in found.tuples():
        await agreements.find(session, kept.partnership_id, agreement.ref, to_change=True)
        await session.refresh(theirs)
        own = await session.execute(
            select(Elector).where(Elector.agreement_id == agreement.id, Elector.member_id == kept.id)
        )
        mine = own.scalar_one_or_none()
        if mine is None:
            theirs.member_id = kept.id
        elif agreement.state in ("draft", "open", "deciding"):
            await session.refresh(mine)
            await _unite(session, mine, theirs)
        await session.flush()
        await changed(session, agreement.ref)


async def _unite(session: AsyncSession, mine: Elector, theirs: Elector) -> None:
    """One voter of two: everything said for both, the later position, and recused if either is."""
    later = await _later(session, mine, theirs)
    for table in (Stance, Objection, Interest):
        await session.execute(update(table).where(table.elector_id == theirs.id).values(elector_id=mine.id))
    mine.required = mine.required or theirs.required
    if later is theirs:
        mine.position, mine.stance_id, mine.rank = theirs.position, theirs.stance_id, theirs.rank
        mine.reason, mine.said_by, mine.receipt = theirs.reason, theirs.said_by, theirs.receipt
    recused = [each.recused_at for each in (mine, theirs) if each.recused_at is not None]
    if recused:
        mine.clear()
        mine.recused_at = min(recused)
    await session.delete(theirs)
    await session.flush()


async def _later(session: AsyncSession, mine: Elector, theirs: Elector) -> Elector:
    """Whose position was taken later; who has taken none comes first."""
    taken = await session.execute(
        select(Stance.id, Stance.at).where(Stance.id.in_([each for each in (mine.stance_id, theirs.stance_id) if each]))
    )
    moments = dict(taken.tuples().all())
    if theirs.stance_id is None:
        return mine
    if mine.stance_id is None:
        return theirs
    key = (moments[theirs.stance_id], theirs.stance_id)
    return theirs if key > (moments[mine.stance_id], mine.stance_id) else mine
