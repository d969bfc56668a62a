"""Who may vote in a poll, who has, and who has not."""

from collections.abc import Collection, Container, Sequence
from functools import lru_cache

from sqlalchemy import Select, bindparam, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from core.commands import VOICES, Person, Role
from core.errors import Refused
from core.partners.models import Member, Organisation, Room
from core.polls.models import Poll, PollVoter
from core.priorities.models import TaskGroupMember

COUNTED = 1_000
"""So many are counted anew for each card; of more, the number at opening is told, so that a card costs the same."""
VOTERS = frozenset(Role) - {Role.OBSERVER}


async def voter_of(session: AsyncSession, poll: Poll, person: Person) -> PollVoter | None:
    """What is kept of this person's (or organisation's) vote, if there is one."""
    query = select(PollVoter).where(PollVoter.partnership_id == poll.partnership_id, PollVoter.poll_id == poll.id)
    if poll.unit == "member":
        query = query.where(PollVoter.member_id == person.member)
    else:
        query = query.where(PollVoter.organisation_id == person.organisation, PollVoter.member_id.is_(None))
    return (await session.execute(query)).scalar_one_or_none()


def why_not(poll: Poll, person: Person, room: int | None, groups: Container[int] = ()) -> Refused | None:
    """The reason why this person has no vote in this poll; None for who has one.

    room: where he or she is. groups: the task and finish groups that he or she belongs to, for a poll of one.
    """
    if person.role not in VOTERS:
        return Refused("Observers can follow polls but don't vote in them.")
    if poll.unit == "organisation" and person.role not in VOICES:
        return Refused("Here each organisation votes once, and the coordinator speaks for none of them.")
    if poll.unit == "organisation" and not person.votes:
        return Refused(f"{person.organisation_name} has no vote on this board, so you can follow but not vote.")
    if poll.who == "organisation" and poll.organisation_id != person.organisation:
        return Refused("This poll is for one organisation only, so you can follow but not vote.")
    if poll.who == "group" and poll.group_id not in groups:
        return Refused("This poll is for a task and finish group only, so you can follow but not vote.")
    if poll.who == "room" and room not in poll.room_ids:
        return Refused("This poll is for those in its room. Please vote on its card there.")
    return None


_OF_GROUP = select(TaskGroupMember.member_id).where(
    TaskGroupMember.partnership_id == bindparam("board"), TaskGroupMember.group_id == bindparam("group")
)


async def entitled(session: AsyncSession, poll: Poll) -> int | None:
    """How many may vote just now; None where only the room knows."""
    if poll.who == "room":
        return None
    return (await session.execute(_count_of(poll.unit, poll.who), _given(poll))).scalar_one()


@lru_cache
def _count_of(unit: str, who: str) -> Select[tuple[int]]:
    """Made once for each kind of poll, because every shared card asks."""
    return select(func.count()).select_from(_entitled(unit, who).subquery())


def _entitled(unit: str, who: str) -> Select[tuple[int]]:
    """Keys of the members, or of the organisations, who may vote in the poll whose `_given` it is executed with."""
    members = select(Member.id if unit == "member" else Member.organisation_id).where(
        Member.partnership_id == bindparam("board"), Member.left_at.is_(None)
    )
    roles = VOTERS if unit == "member" else VOICES
    members = members.where(Member.role.in_([role.value for role in roles]))
    if who == "organisation":
        members = members.where(Member.organisation_id == bindparam("organisation"))
    if who == "group":
        members = members.where(Member.id.in_(_OF_GROUP))
    if unit == "organisation":
        members = members.join(Organisation, Organisation.id == Member.organisation_id)
        members = members.where(Organisation.voting.is_(True)).distinct()
    return members


def _given(poll: Poll) -> dict[str, int | None]:
    return {"board": poll.partnership_id, "organisation": poll.organisation_id, "group": poll.group_id}


async def groups_of(session: AsyncSession, persons: Collection[Person]) -> dict[int, set[int]]:
    """The task and finish groups that each of these members belongs to, by the member's key."""
    found: dict[int, set[int]] = {person.member: set() for person in persons}
    rows = await session.execute(
        select(TaskGroupMember.member_id, TaskGroupMember.group_id).where(
            TaskGroupMember.partnership_id.in_({person.board for person in persons}),
            TaskGroupMember.member_id.in_(found),
        )
    )
    for member, group in rows.tuples():
        found[member].add(group)
    return found


async def groups_for(session: AsyncSession, poll: Poll, person: Person) -> set[int]:
    """This person's task and finish groups, as far as this poll asks for them."""
    return (await groups_of(session, [person]))[person.member] if poll.who == "group" else set()


async def shown_as_entitled(session: AsyncSession, poll: Poll) -> int | None:
    """How many may vote, as the card tells it."""
    if poll.electorate > COUNTED and poll.who != "room":
        return max(poll.electorate, poll.voters)
    return await entitled(session, poll)


async def silent(session: AsyncSession, poll: Poll, limit: int | None = None) -> list[tuple[str, str]]:
    """Who may vote and has not: name and organisation, or the organisation twice where it is the voter."""
    voted = select(PollVoter.member_id if poll.unit == "member" else PollVoter.organisation_id).where(
        PollVoter.poll_id == poll.id
    )
    if poll.unit == "member":
        query = (
            select(Member.name, Organisation.name)
            .join(Organisation, Organisation.id == Member.organisation_id)
            .where(Member.id.in_(_entitled(poll.unit, poll.who)), Member.id.not_in(voted))
            .order_by(Member.name)
        )
    else:
        query = (
            select(Organisation.name, Organisation.name)
            .where(Organisation.id.in_(_entitled(poll.unit, poll.who)), Organisation.id.not_in(voted))
            .order_by(Organisation.name)
        )
    return [
        (name, organisation)
        for name, organisation in (await session.execute(query.limit(limit), _given(poll))).tuples()
    ]


async def silent_members(session: AsyncSession, poll: Poll) -> Sequence[int]:
    """The members who may vote, or speak for an organisation that has not voted."""
    roles = VOTERS if poll.unit == "member" else VOICES
    who = Member.id if poll.unit == "member" else Member.organisation_id
    voted = select(PollVoter.member_id if poll.unit == "member" else PollVoter.organisation_id).where(
        PollVoter.poll_id == poll.id
    )
    found = await session.execute(
        select(Member.id)
        .where(
            Member.partnership_id == poll.partnership_id,
            Member.left_at.is_(None),
            Member.role.in_([role.value for role in roles]),
            who.in_(_entitled(poll.unit, poll.who)),
            who.not_in(voted),
            Member.id.in_(_OF_GROUP) if poll.who == "group" else true(),
        )
        .order_by(Member.id),
        _given(poll),
    )
    return found.scalars().all()


async def narrow(session: AsyncSession, refs: Collection[str]) -> dict[str, str]:
    """Those of these polls that are for the people in certain rooms or in a group, with which of both."""
    found = await session.execute(select(Poll.ref, Poll.who).where(Poll.ref.in_(refs), Poll.who.in_(("room", "group"))))
    return dict(found.tuples().all())


async def rooms_by_id(session: AsyncSession, poll: Poll) -> Sequence[Room]:
    """The rooms that a room's poll is for."""
    query = select(Room).where(Room.partnership_id == poll.partnership_id, Room.id.in_(poll.room_ids))
    return (await session.execute(query.order_by(Room.id))).scalars().all()


async def waiting_for(session: AsyncSession, person: Person) -> Sequence[Poll]:
    """Open polls in which this person may vote and has not, the soonest to close first."""
    query = (
        select(Poll)
        .where(Poll.partnership_id == person.board, Poll.state == "open", Poll.who != "room")
        .order_by(Poll.closes_at.is_(None), Poll.closes_at, Poll.number)
    )
    mine = select(PollVoter.poll_id).where(
        PollVoter.partnership_id == person.board,
        or_(
            PollVoter.member_id == person.member,
            PollVoter.member_id.is_(None) & (PollVoter.organisation_id == person.organisation),
        ),
    )
    found = (await session.execute(query.where(Poll.id.not_in(mine)))).scalars().all()
    in_groups = any(poll.who == "group" for poll in found)
    groups = (await groups_of(session, [person]))[person.member] if in_groups else ()
    return [poll for poll in found if why_not(poll, person, None, groups) is None]
