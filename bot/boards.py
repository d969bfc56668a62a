"""What the command line asks of a board: which one is meant, whom to invite, and whether its register is whole."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import SystemClock
from core.errors import Refused
from core.exchange.export import boards
from core.exchange.shapes import same
from core.membership.founding import LASTS, make_code
from core.partners.actions import INVITATION_LASTS, invite
from core.partners.models import Identity, Member, Organisation, Partnership
from core.partners.queries import zone_of
from core.register.actions import seal_of
from core.register.models import Entry
from core.register.queries import entries, flaws, unwitnessed
from core.texts import either, quoted
from core.times import say_moment


async def find_board(session: AsyncSession, wanted: str) -> Partnership:
    """The partnership of this name, code or reference; the only one when nothing is said. Raises Refused."""
    known = await boards(session)
    if not known:
        raise Refused("There is no board here yet; bring one in with: folkmoot import FILE")
    names = either([f"{each.name} ({each.code})" for each in known])
    if not wanted:
        if len(known) > 1:
            raise Refused(f"There are {len(known)} boards here, so say which one: {names}.")
        return known[0]
    for each in known:
        if wanted == each.ref or wanted.casefold() == each.code.casefold() or same(wanted) == same(each.name):
            return each
    raise Refused(f"{quoted(wanted, 80)} is no board here; choose {names}.")


@dataclass(frozen=True, slots=True)
class Invited:
    """A code, for whom it is, and what it does."""

    code: str
    name: str
    organisation: str
    role: str
    board: str
    until: str

    def lines(self) -> list[str]:
        """What to tell the operator."""
        lines = [
            f"{self.name} of {self.organisation}, {self.role} on the {self.board}, joins with the code {self.code}",
            "",
            f"  in Slack:  /board join {self.code}",
            f"  in Teams:  @Folkmoot join {self.code}   (in a chat with Folkmoot alone: join {self.code})",
            "",
            f"It is good once, until {self.until}. Earlier codes of this member no longer work.",
        ]
        if self.role in ("chair", "coordinator"):
            lines.append("Typed in a channel that has Folkmoot, it makes that channel a room of the board too.")
        return lines


async def invited(session: AsyncSession, board: str, wanted: str, *, found: bool) -> list[str]:
    """What to tell of a new code: to join this board as this member, or to found one. Raises Refused.

    Where there is no board yet, the code founds the first.
    """
    if found or not (board or wanted or await boards(session)):
        return await _founder(session)
    return (await invite_member(session, board, wanted)).lines()


async def _founder(session: AsyncSession) -> list[str]:
    now = SystemClock().now()
    code = await make_code(session, now)
    return [
        f"Whoever joins with the code {code} may found a partnership, and is its coordinator",
        "",
        f"  in Slack:  /board join {code}",
        f"  in Teams:  @Folkmoot join {code}   (in a chat with Folkmoot alone: join {code})",
        "",
        f"It is good once, until {say_moment(now + LASTS, zone_of('Europe/London'))}.",
    ]


async def invite_member(session: AsyncSession, board: str, wanted: str) -> Invited:
    """Make a code for this member (email or name); for nobody in particular, for whom the board starts with."""
    partnership = await find_board(session, board)
    member = await _member(session, partnership, wanted) if wanted else await _first(session, partnership)
    organisation = await session.get_one(Organisation, member.organisation_id)
    now = SystemClock().now()
    code = await invite(session, member, now)
    until = say_moment(now + INVITATION_LASTS, zone_of(partnership.timezone))
    return Invited(code, member.name, organisation.name, member.role, partnership.name, until)


async def _members(session: AsyncSession, partnership: Partnership) -> list[Member]:
    found = await session.execute(
        select(Member).where(Member.partnership_id == partnership.id, Member.left_at.is_(None)).order_by(Member.id)
    )
    return list(found.scalars())


async def _member(session: AsyncSession, partnership: Partnership, wanted: str) -> Member:
    members = await _members(session, partnership)
    found = [each for each in members if each.ref == wanted or (each.email and same(each.email) == same(wanted))]
    found = found or [each for each in members if same(each.name) == same(wanted)]
    if not found:
        raise Refused(f"{quoted(wanted, 80)} is no member of the {partnership.name}; give a member's email or name.")
    if len(found) > 1:
        raise Refused(f"{len(found)} members of the {partnership.name} have the name {quoted(wanted)}; give the email.")
    return found[0]


async def _first(session: AsyncSession, partnership: Partnership) -> Member:
    """The first coordinator, or else chair, whose account is not known yet; else the first coordinator or chair."""
    connected = await session.execute(
        select(Member.id).where(
            Member.partnership_id == partnership.id, exists().where(Identity.member_id == Member.id)
        )
    )
    known = set(connected.scalars())
    steering = [each for each in await _members(session, partnership) if each.role in ("coordinator", "chair")]
    steering.sort(key=lambda each: (each.id in known, each.role != "coordinator", each.id))
    if not steering:
        raise Refused(f"The {partnership.name} has no coordinator and no chair; say whom to invite by email or name.")
    return steering[0]


async def verified(session: AsyncSession, posted: Sequence[str] = ()) -> list[tuple[str, int, list[str]]]:
    """Of every board its name, the length of its register, and what is wrong with it.

    posted: seals from the rooms, each of which has to stand in one of the registers. Raises Refused.
    """
    seal = seal_of(session)
    found = []
    all_of_them: list[Entry] = []
    for board in await boards(session):
        chain = await entries(session, board.id)
        all_of_them += chain
        found.append((board.name, len(chain), flaws(chain, seal)))
    if missing := unwitnessed(all_of_them, posted):
        raise Refused(missing[0])
    return found
