"""Founding a board: the operator's code, who holds it, the partnership with its first member, and its practices."""

import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.commands import Context, Person, Role
from core.db import new_ref
from core.errors import Incomplete, Refused
from core.membership.models import Founding
from core.membership.params import Found
from core.membership.records import record
from core.partners import queries
from core.partners.actions import identity_of
from core.partners.codes import hash_of, new_code
from core.partners.models import Member, Organisation, Partnership, Practice
from core.partners.naming import alike, code_of
from core.requests import Actor, as_typed

LASTS = datetime.timedelta(days=7)


async def make_code(session: AsyncSession, now: datetime.datetime) -> str:
    """A new founding code, good once and for seven days; it belongs to no board, and makes one."""
    code = new_code()
    session.add(Founding(code_hash=hash_of(code), expires_at=now + LASTS, created_at=now))
    await session.flush()
    return code


async def claim(session: AsyncSession, code: str, actor: Actor, now: datetime.datetime) -> bool:
    """Spend this code for this account; False if it is no founding code, or not good any more.

    Who has claimed it and types it once more is told yes again.
    """
    found = await session.execute(select(Founding).where(Founding.code_hash == hash_of(code)).with_for_update())
    founding = found.scalar_one_or_none()
    if founding is None or founding.partnership_id is not None or founding.expires_at <= now:
        return False
    if founding.claimed_at is not None:
        return (founding.tool, founding.workspace, founding.account) == (actor.tool, actor.workspace, actor.user)
    founding.claimed_at, founding.tool = now, actor.tool
    founding.workspace, founding.account = actor.workspace, actor.user
    await session.flush()
    return True


async def claimed(session: AsyncSession, actor: Actor, now: datetime.datetime) -> Founding | None:
    """The founding code that this account holds and has not used, its row locked until the commit."""
    found = await session.execute(
        select(Founding)
        .where(
            Founding.tool == actor.tool,
            Founding.workspace == actor.workspace,
            Founding.account == actor.user,
            Founding.partnership_id.is_(None),
            Founding.expires_at > now,
        )
        .order_by(Founding.id)
        .limit(1)
        .with_for_update()
    )
    return found.scalar_one_or_none()


async def check_holds_code(context: Context) -> Founding:
    """The founding code that the acting account holds. Raises Refused without one."""
    founding = await claimed(context.session, context.actor, context.now)
    if founding is None:
        typed = as_typed(context.actor.tool, "join")
        raise Refused(
            f"To found a board you need a founding code from whoever runs Folkmoot: type {typed} and the code."
        )
    return founding


async def found_board(context: Context, params: Found) -> Person:
    """Make the partnership, its convener and its coordinator, who is the acting account.

    Raises Refused for an account that holds no code, and Incomplete for a name that is taken.
    """
    session, now = context.session, context.now
    founding = await check_holds_code(context)
    names = (await session.execute(select(Partnership.name, Partnership.code))).tuples().all()
    if any(alike(params.name, name) for name, _ in names):
        raise Incomplete({"name": "Another board here has that name. Add the place or the year to yours."})
    board = Partnership(
        ref=new_ref("brd"),
        code=code_of(params.name, {code for _, code in names}),
        name=params.name,
        place=params.place,
        purpose=params.purpose,
        timezone=params.zone,
        voting_unit=params.unit,
        principles=[],
        criteria=[],
        convener=params.organisation,
        created_at=now,
    )
    session.add(board)
    await session.flush()
    founding.partnership_id = board.id
    session.add(Practice(partnership_id=board.id, rule=params.rule, quorum=params.quorum, guided=True))
    member = await _first_member(session, board.id, params, now)
    session.add(identity_of(member, context.actor, context.place, now, chosen_at=now))
    await session.flush()
    person = await queries.person(session, member.id)
    if person is None:
        raise RuntimeError("the first member of a new board is not there")
    await record(session, person, board.id, now, "The board was founded", board.ref, member=member.ref)
    return person


async def _first_member(session: AsyncSession, board: int, params: Found, now: datetime.datetime) -> Member:
    convener = Organisation(
        partnership_id=board, ref=new_ref("org"), name=params.organisation, sector="", voting=True, created_at=now
    )
    session.add(convener)
    await session.flush()
    member = Member(
        partnership_id=board,
        organisation_id=convener.id,
        ref=new_ref("mem"),
        name=params.you,
        role=Role.COORDINATOR.value,
        created_at=now,
    )
    session.add(member)
    await session.flush()
    return member
