"""From raised to done: where something came from, up to its beginning, and all that came of that, as one tree."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.actions.cards import MARKS as ACTION_MARKS
from core.actions.models import Action
from core.actions.params import ShowAction
from core.agreements.models import Agreement
from core.agreements.views import ShowAgreement
from core.cards import Params
from core.commands import Person
from core.items.cards import MARKS as ITEM_MARKS
from core.items.cards import STATES as ITEM_STATES
from core.items.models import Item
from core.items.params import ShowItem
from core.items.queries import may_see
from core.items.triage import VEILED
from core.meetings.agenda_models import AgendaEntry
from core.meetings.agenda_params import ShowEntry
from core.meetings.models import Meeting
from core.meetings.naming import MARKS as MEETING_MARKS
from core.meetings.naming import name_of as meeting_name
from core.meetings.naming import say_state
from core.meetings.params import ShowMeeting
from core.meetings.queries import may_see as may_see_meeting
from core.polls.models import Poll
from core.polls.views import ShowPoll
from core.priorities.models import Priority
from core.priorities.params import ShowPriority
from core.themes.models import Theme
from core.times import say_date

DEEPEST = 12
MOST = 200
_RESULTS = {"passed": "agreed", "not passed": "not agreed", "no quorum": "no quorum"}


@dataclass(frozen=True, slots=True)
class Node:
    """One thing of a trace: what came before it, how it is called and stands, and the way to its card, if any."""

    ref: str
    before: str
    name: str
    state: str
    mark: str
    opens: Params | None
    depth: int = 0
    theme: int | None = None


@dataclass(frozen=True, slots=True)
class Trace:
    """The whole tree in the order in which it is read, how much of it is left out, and the theme of its beginning."""

    nodes: Sequence[Node]
    left: int
    theme: str


async def trace(session: AsyncSession, person: Person, ref: str) -> Trace | None:
    """The tree that this reference is part of; None for what this board has no trace of."""
    here = await _nodes(session, person, refs=[ref])
    if not here:
        return None
    root, seen = here[0], {ref}
    while root.before and root.before not in seen and len(seen) < DEEPEST:
        seen.add(root.before)
        above = await _nodes(session, person, refs=[root.before])
        if not above:
            break
        root = above[0]
    listed = await _below(session, person, root)
    theme = await session.execute(
        select(Theme.name).where(Theme.partnership_id == person.board, Theme.id == root.theme)
    )
    return Trace(listed[:MOST], max(0, len(listed) - MOST), theme.scalar_one_or_none() or "")


async def _below(session: AsyncSession, person: Person, root: Node) -> list[Node]:
    children: dict[str, list[Node]] = {}
    seen, edge = {root.ref}, [root.ref]
    for _ in range(DEEPEST):
        if not edge or len(seen) > MOST + 1:
            break
        found = [each for each in await _nodes(session, person, before=edge) if each.ref not in seen]
        for each in found:
            children.setdefault(each.before, []).append(each)
        edge = [each.ref for each in found]
        seen.update(edge)
    listed: list[Node] = []

    def read(node: Node, depth: int) -> None:
        listed.append(Node(node.ref, node.before, node.name, node.state, node.mark, node.opens, depth, node.theme))
        for child in children.get(node.ref, ()):
            read(child, depth + 1)

    read(root, 0)
    return listed


async def _nodes(
    session: AsyncSession, person: Person, *, refs: Collection[str] = (), before: Collection[str] = ()
) -> list[Node]:
    """The things of these references, or those that came of these."""

    found = await session.execute(select(Meeting.id).where(may_see_meeting(person)))
    seen = set(found.scalars())  # a group's meetings are not everyone's

    async def rows(model: Any, came_from: Any) -> Sequence[Any]:
        which: ColumnElement[bool] = model.ref.in_(refs) if refs else came_from.in_(before)
        found = await session.execute(
            select(model).where(model.partnership_id == person.board, which).order_by(model.id).limit(MOST + 1)
        )
        listed: Sequence[Any] = found.scalars().all()
        return listed

    return [
        *(_item(each, person) for each in await rows(Item, Item.became)),
        *(_priority(each) for each in await rows(Priority, Priority.source)),
        *(_agreement(each) for each in await rows(Agreement, Agreement.about)),
        *(_action(each) for each in await rows(Action, Action.source)),
        *(_entry(each) for each in await rows(AgendaEntry, AgendaEntry.about) if each.meeting_id in seen),
        *(_meeting(each) for each in await rows(Meeting, Meeting.ref) if each.id in seen),
        *([_poll(each) for each in await rows(Poll, Poll.ref)] if refs else []),
    ]


def _item(item: Item, person: Person) -> Node:
    seen = may_see(item, person)
    name = f"Item {item.number}: {item.title}" if seen else VEILED
    # An item that was merged stands below the one that it belongs to; any other one stands at the beginning.
    before = item.became if item.state == "merged" else ""
    opens = ShowItem(item.ref) if seen else None
    return Node(item.ref, before, name, ITEM_STATES[item.state], ITEM_MARKS[item.state], opens, theme=item.theme_id)


def _priority(priority: Priority) -> Node:
    name = f"Priority {priority.number}: {priority.title}"
    state = f"at {priority.stage}" + (f": {priority.outcome}" if priority.outcome else "")
    opens = ShowPriority(priority.ref)
    return Node(priority.ref, priority.source, name, state, "▶", opens, theme=priority.theme_id)


def _agreement(agreement: Agreement) -> Node:
    name = f"Agreement {agreement.number}: {agreement.title}"
    state = _RESULTS.get(agreement.result or "", agreement.state)
    if agreement.decision:
        state += f" as {agreement.decision}"
    return Node(agreement.ref, agreement.about, name, state, "🗳️", ShowAgreement(agreement.ref))


def _entry(entry: AgendaEntry) -> Node:
    before = entry.about if "_" in entry.about else ""
    state = {"waiting": "to come", "current": "in hand", "done": "dealt with", "parked": "left to a later meeting"}
    name = f"Agenda entry: {entry.title}"
    return Node(entry.ref, before, name, state[entry.state], "📋", ShowEntry(entry.ref), theme=entry.theme_id)


def _meeting(meeting: Meeting) -> Node:
    opens = ShowMeeting(meeting.ref)
    return Node(meeting.ref, "", meeting_name(meeting), say_state(meeting), MEETING_MARKS[meeting.state], opens)


def _poll(poll: Poll) -> Node:
    if poll.state == "deleted":
        return Node(poll.ref, "", f"Poll {poll.number}", "deleted", "📊", None)
    name = f"Poll {poll.number}: {poll.title}"
    return Node(poll.ref, "", name, poll.statement or poll.state, "📊", ShowPoll(poll.ref))


def _action(action: Action) -> Node:
    name = f"Action {action.number}: {action.title}"
    state = f"done: {action.outcome}" if action.state == "done" else f"{action.state}, due {say_date(action.due_on)}"
    return Node(
        action.ref,
        action.source,
        name,
        state,
        ACTION_MARKS[action.state],
        ShowAction(action.ref),
        theme=action.theme_id,
    )
