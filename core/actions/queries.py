"""Reading actions: one with all that its card shows, lists in pages, and counts."""

import datetime
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, false, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.actions.models import ALIVE, Action, ActionNeed
from core.commands import VOICES, Person
from core.errors import Refused
from core.lists import Page, holds, read_page
from core.partners.models import Member, Organisation, Partnership
from core.partners.queries import zone_of
from core.themes.models import Theme

NOT_YOURS = "That action is not one of this board's. Type actions to see those that are."
FILTERS = ("mine", "ours", "overdue", "blocked", "done", "dropped", "all", "open", "unowned")


@dataclass(frozen=True, slots=True)
class Names:
    """The names that actions' cards show, by key: (member's name, organisation, whether left), and organisations."""

    members: dict[int, tuple[str, str, bool]] = field(default_factory=dict)
    organisations: dict[int, str] = field(default_factory=dict)
    themes: dict[int, str] = field(default_factory=dict)

    def member(self, key: int | None) -> str:
        """A member with his or her organisation; empty for none."""
        name, organisation, left = self.members.get(key or 0, ("", "", False))
        return f"{name} ({organisation}{', has left' if left else ''})" if name else ""


@dataclass(frozen=True, slots=True)
class Shown:
    """An action with everything that its card shows."""

    action: Action
    names: Names
    needs: Sequence[Action] = ()
    source: str = ""  # what it came from, in words

    @property
    def owner(self) -> str:
        """Who promised it, or nobody."""
        return self.names.member(self.action.owner_id)


async def today_of(session: AsyncSession, board: int, now: datetime.datetime) -> datetime.date:
    """The day that it is on the board's clocks."""
    found = await session.execute(select(Partnership.timezone).where(Partnership.id == board))
    return now.astimezone(zone_of(found.scalar_one())).date()


async def find(session: AsyncSession, board: int, ref: str, *, to_change: bool = False) -> Action:
    """The partnership's action of this reference. Raises Refused for a foreign or unknown one alike."""
    query = select(Action).where(Action.partnership_id == board, Action.ref == ref)
    if to_change:
        query = query.with_for_update().execution_options(populate_existing=True)
    action = (await session.execute(query)).scalar_one_or_none()
    if action is None:
        raise Refused(NOT_YOURS)
    return action


async def names_of(session: AsyncSession, board: int, actions: Collection[Action]) -> Names:
    """The names that these actions mention."""
    members = {key for each in actions for key in (each.owner_id, each.offered_to_id, each.created_by_id) if key}
    organisations = {key for each in actions for key in (each.organisation_id, each.blocked_by_id) if key}
    themes = {each.theme_id for each in actions if each.theme_id}
    names = Names()
    if members:
        rows = await session.execute(
            select(Member.id, Member.name, Organisation.name, Member.left_at.is_not(None))
            .join(Organisation, Organisation.id == Member.organisation_id)
            .where(Member.partnership_id == board, Member.id.in_(members))
        )
        names.members.update({key: (name, organisation, left) for key, name, organisation, left in rows.tuples()})
    if organisations:
        found = await session.execute(
            select(Organisation.id, Organisation.name).where(
                Organisation.partnership_id == board, Organisation.id.in_(organisations)
            )
        )
        names.organisations.update(found.tuples().all())
    if themes:
        found = await session.execute(
            select(Theme.id, Theme.name).where(Theme.partnership_id == board, Theme.id.in_(themes))
        )
        names.themes.update(found.tuples().all())
    return names


async def shown(session: AsyncSession, board: int, ref: str) -> Shown | None:
    """Everything a card shows of this action, or None when the board has no such one."""
    found = await session.execute(select(Action).where(Action.partnership_id == board, Action.ref == ref))
    action = found.scalar_one_or_none()
    if action is None:
        return None
    return Shown(action, await names_of(session, board, [action]), await needs_of(session, action))


async def needs_of(session: AsyncSession, action: Action) -> Sequence[Action]:
    """The actions that this one has to wait for, those that are done as well."""
    found = await session.execute(
        select(Action)
        .join(ActionNeed, ActionNeed.needs_id == Action.id)
        .where(ActionNeed.partnership_id == action.partnership_id, ActionNeed.action_id == action.id)
        .order_by(Action.number)
    )
    return found.scalars().all()


async def waiting_on(session: AsyncSession, action: Action) -> Sequence[Action]:
    """The actions, neither done nor dropped, that wait for this one."""
    found = await session.execute(
        select(Action)
        .join(ActionNeed, ActionNeed.action_id == Action.id)
        .where(
            ActionNeed.partnership_id == action.partnership_id,
            ActionNeed.needs_id == action.id,
            Action.state.in_(ALIVE),
        )
        .order_by(Action.number)
    )
    return found.scalars().all()


async def waits_for_itself(session: AsyncSession, action: Action, other: Action) -> bool:
    """Whether the other one already waits, at whatever distance, for this one."""
    seen, edge = {other.id}, {other.id}
    while edge:
        if action.id in edge:
            return True
        found = await session.execute(
            select(ActionNeed.needs_id).where(
                ActionNeed.partnership_id == action.partnership_id, ActionNeed.action_id.in_(edge)
            )
        )
        edge = set(found.scalars()) - seen
        seen |= edge
    return False


async def by_number(session: AsyncSession, board: int, number: int) -> Action | None:
    """The action with this running number."""
    found = await session.execute(select(Action).where(Action.partnership_id == board, Action.number == number))
    return found.scalar_one_or_none()


async def from_source(session: AsyncSession, board: int, source: str) -> Sequence[Action]:
    """The actions that came from this, the soonest first."""
    found = await session.execute(
        select(Action).where(Action.partnership_id == board, Action.source == source).order_by(Action.due_on, Action.id)
    )
    return found.scalars().all()


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which actions are asked for: the words of FILTERS, and keys and words to go by."""

    filters: frozenset[str] = frozenset()
    words: str = ""
    number: int | None = None
    theme: int | None = None
    owner: int | None = None
    me: Person | None = None
    today: datetime.date = datetime.date.min

    @property
    def is_sought(self) -> bool:
        """Whether words or a number are looked for."""
        return bool(self.words) or self.number is not None


def _matching(board: int, wanted: Wanted) -> ColumnElement[bool]:
    clauses: list[ColumnElement[bool]] = [Action.partnership_id == board]
    if wanted.number is not None:
        return and_(*clauses, Action.number == wanted.number)
    closed = [state for state in ("done", "dropped") if state in wanted.filters]
    if closed:
        clauses.append(Action.state.in_(closed))
    elif "blocked" in wanted.filters:
        clauses.append(Action.state == "blocked")
    elif "all" not in wanted.filters:
        clauses.append(Action.state.in_(ALIVE))
    if "overdue" in wanted.filters:
        clauses.append(Action.due_on < wanted.today)
    if "unowned" in wanted.filters:
        clauses.append(Action.owner_id.is_(None))
    if wanted.me is not None and "mine" in wanted.filters:
        clauses.append(or_(Action.owner_id == wanted.me.member, Action.offered_to_id == wanted.me.member))
    if wanted.me is not None and "ours" in wanted.filters:
        clauses.append(Action.organisation_id == wanted.me.organisation)
    if wanted.theme is not None:
        clauses.append(Action.theme_id == wanted.theme)
    if wanted.owner is not None:
        clauses.append(Action.owner_id == wanted.owner)
    if wanted.words:
        clauses.append(holds(Action.folded, wanted.words))
    return and_(*clauses)


async def page(session: AsyncSession, board: int, wanted: Wanted, at: str = "", *, size: int = 10) -> Page[Any]:
    """One page of the actions that are asked for, the soonest first, and how many there are in all."""
    where = _matching(board, wanted)
    total = (await session.execute(select(func.count()).select_from(Action).where(where))).scalar_one()
    query: Select[Any] = select(Action).where(where)
    return await read_page(
        session, query, Action.due_on, Action.id, at, size=size, total=total, read=datetime.date.fromisoformat
    )


async def waiting_for(session: AsyncSession, person: Person, until: datetime.date) -> Sequence[Action]:
    """What this person has to do or to answer up to a day, the soonest first; for who steers, what nobody owns."""
    mine = or_(
        Action.offered_to_id == person.member,
        and_(Action.owner_id == person.member, or_(Action.accepted_at.is_(None), Action.due_on <= until)),
    )
    unowned = Action.owner_id.is_(None) if person.role in ("chair", "coordinator") else false()
    found = await session.execute(
        select(Action)
        .where(Action.partnership_id == person.board, Action.state.in_(ALIVE), or_(mine, unowned))
        .order_by(Action.due_on, Action.id)
        .limit(100)
    )
    return found.scalars().all()


@dataclass(frozen=True, slots=True)
class Kept:
    """Of somebody's promises: how many there were, how many were kept by their date, kept later, and are late now."""

    name: str
    promised: int
    kept: int
    kept_late: int
    late: int


async def kept_by(session: AsyncSession, board: int, today: datetime.date, *, theme: bool = False) -> list[Kept]:
    """How promises are kept, by organisation or by theme, in the order of their names; dropped ones left out."""
    what: Any = Theme if theme else Organisation
    key = Action.theme_id if theme else Action.organisation_id
    done = Action.state == "done"

    def count(clause: ColumnElement[bool]) -> Any:
        return func.coalesce(func.sum(case((clause, 1), else_=0)), 0)

    rows = await session.execute(
        select(
            what.name,
            func.count(),
            count(and_(done, Action.closed_on <= Action.due_on)),
            count(and_(done, Action.closed_on > Action.due_on)),
            count(and_(Action.state.in_(ALIVE), Action.due_on < today)),
        )
        .select_from(Action)
        .join(what, what.id == key)
        .where(Action.partnership_id == board, Action.state != "dropped", Action.accepted_at.is_not(None))
        .group_by(what.name)
        .order_by(what.name)
    )
    return [Kept(*row) for row in rows.tuples()]


def may_speak(action: Action, person: Person) -> bool:
    """Whether this person may say how it goes: the owner, who steers, and who speaks for the owner's organisation."""
    if person.member in (action.owner_id, action.created_by_id) or person.role in ("chair", "coordinator"):
        return True
    return person.organisation == action.organisation_id and person.role in VOICES
