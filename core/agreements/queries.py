"""Reading agreements: the whole picture for a card, lists, and what is due."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.agreements import crowds
from core.agreements.models import Agreement, AgreementTheme, Elector, Interest, Objection, Stance, Wording
from core.agreements.rules import Standing, Tally, tally
from core.agreements.since import since_opened
from core.commands import VOICES, Person
from core.errors import Refused
from core.partners.models import Member, Organisation
from core.texts import number_in
from core.themes.queries import ThemeLine, themes


@dataclass(frozen=True, slots=True)
class Picture:
    """An agreement with everything that its cards show.

    electors: all of them, by name; of a crowd the first of each kind, and `crowd` tells how many there are.
    """

    agreement: Agreement
    electors: Sequence[Elector]
    themes: list[ThemeLine]
    proposer: str
    decider: str
    crowd: Sequence[Standing] = ()
    since: tuple[str, ...] = ()  # what has changed among the voters since it opened

    def tally(self) -> Tally:
        """The count as it stands."""
        return tally(self.agreement.terms(), self.crowd or [elector.standing() for elector in self.electors])

    def those(self, kind: Callable[[Standing], bool]) -> tuple[list[Elector], int]:
        """The voters of this kind, of a crowd the first of them, and how many they are."""
        found = [elector for elector in self.electors if kind(elector.standing())]
        return found, sum(each.number for each in self.crowd if kind(each)) if self.crowd else len(found)


NOT_YOURS = "That agreement is not one of this board's. Type agreements to see those that are."


async def find(session: AsyncSession, board: int, ref: str, *, to_change: bool = False) -> Agreement:
    """The partnership's agreement of this reference. Raises Refused for a foreign or unknown one alike.

    to_change: its row is locked until the commit, so that a stance and a closing cannot pass each other.
    """
    query = select(Agreement).where(Agreement.partnership_id == board, Agreement.ref == ref)
    if to_change:
        # What an earlier look has left in the session may be older than the lock.
        query = query.with_for_update().execution_options(populate_existing=True)
    agreement = (await session.execute(query)).scalar_one_or_none()
    if agreement is None:
        raise Refused(NOT_YOURS)
    return agreement


async def electors(session: AsyncSession, agreement: Agreement) -> Sequence[Elector]:
    """The frozen electorate, by name."""
    return (await session.execute(_electors(agreement).order_by(Elector.name, Elector.id))).scalars().all()


def _electors(agreement: Agreement) -> Select[tuple[Elector]]:
    return select(Elector).where(
        Elector.partnership_id == agreement.partnership_id, Elector.agreement_id == agreement.id
    )


async def elector_of(session: AsyncSession, agreement: Agreement, person: Person) -> Elector | None:
    """The voter for whom this person may speak, or None. Roles that never speak for anyone get None too."""
    return (await electors_of(session, [agreement], [person])).get((agreement.id, person.member))


async def electors_of(
    session: AsyncSession, agreements: Sequence[Agreement], people: Sequence[Person]
) -> dict[tuple[int, int], Elector]:
    """The voters for whom these people of one board may speak, by the keys of agreement and member."""
    voices = [person for person in people if person.role in VOICES]
    if not voices or not agreements:
        return {}
    own = Elector.member_id.in_({person.member for person in voices})
    bodies = and_(Elector.member_id.is_(None), Elector.organisation_id.in_({person.organisation for person in voices}))
    query = select(Elector).where(
        Elector.partnership_id == voices[0].board,
        Elector.agreement_id.in_({agreement.id for agreement in agreements}),
        or_(own, bodies),
    )
    found = {
        (each.agreement_id, each.member_id is not None, each.member_id or each.organisation_id): each
        for each in (await session.execute(query)).scalars()
    }
    spoken_for = {}
    for agreement in agreements:
        by_member = agreement.unit == "member"
        for person in voices:
            elector = found.get((agreement.id, by_member, person.member if by_member else person.organisation))
            if elector is not None:
                spoken_for[agreement.id, person.member] = elector
    return spoken_for


async def theme_keys(session: AsyncSession, agreement: Agreement) -> list[int]:
    """Keys of the themes that pass with this agreement."""
    found = await session.execute(
        select(AgreementTheme.theme_id).where(
            AgreementTheme.partnership_id == agreement.partnership_id,
            AgreementTheme.agreement_id == agreement.id,
        )
    )
    return list(found.scalars())


async def agreed_elsewhere(session: AsyncSession, agreement: Agreement) -> list[tuple[int, str]]:
    """Of its themes, those that another agreement in force agrees too: the theme's key and that one's reference."""
    found = await session.execute(
        select(AgreementTheme.theme_id, Agreement.ref)
        .join(Agreement, Agreement.id == AgreementTheme.agreement_id)
        .where(
            AgreementTheme.partnership_id == agreement.partnership_id,
            AgreementTheme.theme_id.in_(await theme_keys(session, agreement)),
            Agreement.id != agreement.id,
            Agreement.result == "passed",
            or_(Agreement.effect == "binding", Agreement.confirmed.is_(True)),
        )
        .order_by(Agreement.closed_at)
    )
    return [(theme, ref) for theme, ref in found.tuples()]


async def _name(session: AsyncSession, member: int | None) -> str:
    if member is None:
        return ""
    row = (
        await session.execute(
            select(Member.name, Organisation.name)
            .join(Organisation, Organisation.id == Member.organisation_id)
            .where(Member.id == member)
        )
    ).one_or_none()
    return f"{row[0]} ({row[1]})" if row else ""


async def picture(session: AsyncSession, board: int, ref: str, *, whole: bool = False) -> Picture | None:
    """Everything a card shows of this agreement, or None when the board has no such agreement.

    whole: with all electors, however many.
    """
    agreement = (
        await session.execute(select(Agreement).where(Agreement.partnership_id == board, Agreement.ref == ref))
    ).scalar_one_or_none()
    if agreement is None:
        return None
    keys = await theme_keys(session, agreement)
    few = _electors(agreement).limit(None if whole else crowds.FEW + 1)
    voters: Sequence[Elector] = (await session.execute(few)).scalars().all()
    crowd: Sequence[Standing] = ()
    if len(voters) > crowds.FEW and not whole:
        voters, crowd = await crowds.first_of_each(session, agreement), await crowds.standings(session, agreement)
    return Picture(
        agreement=agreement,
        electors=sorted(voters, key=lambda each: (each.name, each.id)),
        crowd=crowd,
        themes=await themes(session, board, keys=keys) if keys else [],
        proposer=await _name(session, agreement.proposer_id),
        decider=await _name(session, agreement.decider_id),
        since=await since_opened(session, agreement),
    )


async def objections(session: AsyncSession, agreement: Agreement, *states: str) -> Sequence[Objection]:
    """Objections in these states (all without any), oldest first."""
    query = select(Objection).where(
        Objection.partnership_id == agreement.partnership_id, Objection.agreement_id == agreement.id
    )
    if states:
        query = query.where(Objection.state.in_(states))
    return (await session.execute(query.order_by(Objection.id))).scalars().all()


async def stances(session: AsyncSession, agreement: Agreement) -> Sequence[Stance]:
    """Everything that was said, oldest first."""
    found = await session.execute(
        select(Stance)
        .where(Stance.partnership_id == agreement.partnership_id, Stance.agreement_id == agreement.id)
        .order_by(Stance.id)
    )
    return found.scalars().all()


async def last_said_at(session: AsyncSession, agreement: Agreement) -> datetime.datetime | None:
    """When the latest stance was taken."""
    found = await session.execute(
        select(func.max(Stance.at)).where(
            Stance.partnership_id == agreement.partnership_id, Stance.agreement_id == agreement.id
        )
    )
    return found.scalar_one_or_none()


async def references(session: AsyncSession, agreement: Agreement) -> tuple[dict[int, str], dict[int, str]]:
    """Members' references: of who spoke, by the stance's key, and of voters where members vote, by the voter's key."""
    said = select(Stance.id, Member.ref).join(
        Member, (Member.partnership_id == Stance.partnership_id) & (Member.id == Stance.member_id)
    )
    said = said.where(Stance.partnership_id == agreement.partnership_id, Stance.agreement_id == agreement.id)
    voters = select(Elector.id, Member.ref).join(
        Member, (Member.partnership_id == Elector.partnership_id) & (Member.id == Elector.member_id)
    )
    voters = voters.where(Elector.partnership_id == agreement.partnership_id, Elector.agreement_id == agreement.id)
    by_stance = (await session.execute(said)).tuples().all()
    return dict(by_stance), dict((await session.execute(voters)).tuples().all())


async def wordings(session: AsyncSession, agreement: Agreement) -> Sequence[Wording]:
    """The texts put to the vote, oldest first."""
    found = await session.execute(
        select(Wording)
        .where(Wording.partnership_id == agreement.partnership_id, Wording.agreement_id == agreement.id)
        .order_by(Wording.round)
    )
    return found.scalars().all()


async def open_interest(session: AsyncSession, elector: Elector) -> Interest | None:
    """The interest for which this voter is recused."""
    found = await session.execute(
        select(Interest)
        .where(
            Interest.partnership_id == elector.partnership_id,
            Interest.elector_id == elector.id,
            Interest.withdrawn_at.is_(None),
        )
        .order_by(Interest.id.desc())
        .limit(1)
    )
    return found.scalar_one_or_none()


async def agreements(
    session: AsyncSession, board: int, *, search: str = "", offset: int = 0, limit: int = 10
) -> tuple[Sequence[Agreement], int]:
    """One page of the partnership's agreements, those that wait first, and how many there are in all."""
    query = select(Agreement).where(Agreement.partnership_id == board)
    number = number_in(search)
    if number is not None:
        query = query.where(Agreement.number == number)
    elif search:
        titled = func.lower(Agreement.title).contains(search.lower(), autoescape=True)
        query = query.where(or_(titled, Agreement.state == search.lower()))
    total = (await session.execute(select(func.count()).select_from(query.subquery()))).scalar_one()
    waiting = Agreement.state.in_(("open", "deciding", "draft"))
    query = query.order_by(waiting.desc(), Agreement.number.desc()).offset(offset).limit(limit)
    return (await session.execute(query)).scalars().all(), total


async def still_open(session: AsyncSession, board: int) -> Sequence[Agreement]:
    """What the board is being asked just now, the most urgent first."""
    found = await session.execute(
        select(Agreement)
        .where(Agreement.partnership_id == board, Agreement.state.in_(("open", "deciding")))
        .order_by(Agreement.closes_at)
    )
    return found.scalars().all()


async def about(session: AsyncSession, board: int, ref: str) -> Sequence[Agreement]:
    """The agreements that decide on this, the newest first."""
    found = await session.execute(
        select(Agreement)
        .where(Agreement.partnership_id == board, Agreement.about == ref, Agreement.about != "")
        .order_by(Agreement.id.desc())
    )
    return found.scalars().all()
