"""The items, priorities, task groups and actions of a partnership file into the database; what is there stays."""

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from core.actions.making import Promise, promise
from core.actions.models import Action
from core.db import Model
from core.exchange.drafts import Keys
from core.exchange.parts import Work
from core.exchange.rows import Writing
from core.exchange.shapes import MemberPart, same
from core.items.models import Item
from core.items.triage import Concern
from core.items.triage import write as write_item
from core.partners.models import Member
from core.priorities.gates import GATE_OF
from core.priorities.groups import Charge, write_group
from core.priorities.making import Wish
from core.priorities.making import write as write_priority
from core.priorities.models import Priority, PriorityStep, TaskGroup

NOON = datetime.time(12)


async def write_work(writing: Writing, work: Work, keys: Keys, members: Sequence[MemberPart]) -> None:
    """Write what is new; known by their titles, because partners have gone on with what was imported before."""
    items = await _known(writing, Item)
    for part in work.items:
        if same(part.title) in items:
            continue
        said = Concern(
            title=part.title,
            detail=part.detail,
            wants=part.wants,
            theme_id=keys.themes[same(part.theme)] if part.theme else None,
            confidential=part.confidential,
        )
        raiser = keys.members[part.raiser] if part.raiser is not None else None
        organisation = keys.organisations[same(members[part.raiser].organisation)] if part.raiser is not None else None
        item = await write_item(
            writing.session, writing.board, said, writing.now, raiser=raiser, organisation=organisation
        )
        if part.answer:
            item.state, item.answer, item.triaged_at = "answered", part.answer, writing.now
        items[same(part.title)] = item.ref
        writing.added["items"] += 1
    priorities = await _priorities(writing, work, keys, items)
    await _groups(writing, work, keys, priorities)
    await _actions(writing, work, keys, items | priorities)


async def _known(writing: Writing, model: Any) -> dict[str, str]:
    rows = await writing.session.execute(
        select(model.title, model.ref).where(model.partnership_id == writing.board).order_by(model.id)
    )
    return {same(title): ref for title, ref in rows.tuples()}


async def _priorities(writing: Writing, work: Work, keys: Keys, items: Mapping[str, str]) -> dict[str, str]:
    known = await _known(writing, Priority)
    for part in work.priorities:
        if same(part.title) in known:
            continue
        wish = Wish(
            title=part.title,
            detail=part.detail,
            theme_id=keys.themes[same(part.theme)] if part.theme else None,
            sponsor_id=keys.organisations[same(part.sponsor)] if part.sponsor else None,
            lead_id=keys.members[part.lead] if part.lead is not None else None,
            places=part.places,
            source=items.get(same(part.source), "") if part.source else "",
        )
        stage = GATE_OF[part.steps[-1].begins].leads_to if part.steps else "proposed"
        priority = await write_priority(writing.session, writing.board, wish, None, writing.now, stage)
        known[same(part.title)] = priority.ref
        writing.added["priorities"] += 1
        if wish.source:
            await _went_into(writing, wish.source, priority.ref)
        steps: list[Model] = []
        for step in part.steps:
            at = datetime.datetime.combine(step.on, NOON, datetime.UTC)
            priority.stage_at = at
            priority.outcome = step.evidence.get("outcome", "")
            steps.append(
                PriorityStep(
                    partnership_id=writing.board,
                    priority_id=priority.id,
                    kind="on",
                    begun_at=step.begins,
                    ended_at=GATE_OF[step.begins].leads_to,
                    evidence=dict(step.evidence),
                    links=list(step.links),
                    by=step.by,
                    at=at,
                )
            )
        writing.session.add_all(steps)
        await writing.session.flush()
    return known


async def _went_into(writing: Writing, source: str, ref: str) -> None:
    found = await writing.session.execute(
        select(Item).where(Item.partnership_id == writing.board, Item.ref == source, Item.state == "raised")
    )
    if item := found.scalar_one_or_none():
        item.state, item.became, item.triaged_at = "pipeline", ref, writing.now


async def _groups(writing: Writing, work: Work, keys: Keys, priorities: Mapping[str, str]) -> None:
    rows = await writing.session.execute(select(TaskGroup.name).where(TaskGroup.partnership_id == writing.board))
    known = {same(name) for name in rows.scalars()}
    for part in work.groups:
        if same(part.name) in known:
            continue
        found = await writing.session.execute(
            select(Priority.id).where(
                Priority.partnership_id == writing.board, Priority.ref == priorities[same(part.priority)]
            )
        )
        charge = Charge(part.name, part.remit, part.ends_on, tuple(keys.members[each] for each in part.members))
        await write_group(writing.session, writing.board, found.scalar_one(), charge, writing.now)
        writing.added["task groups"] += 1


async def _actions(writing: Writing, work: Work, keys: Keys, sources: Mapping[str, str]) -> None:
    known = await _known(writing, Action)
    for part in work.actions:
        if same(part.title) in known:
            continue
        owner = await writing.session.get_one(Member, keys.members[part.owner])
        wanted = Promise(
            title=part.title,
            due_on=part.due_on,
            owner=owner,
            organisation_id=owner.organisation_id,
            detail=part.detail,
            theme_id=keys.themes[same(part.theme)] if part.theme else None,
            level=part.level,
            place=part.place,
            repeats=part.repeats,
            source=sources.get(same(part.source), "") if part.source else "",
        )
        action = await promise(writing.session, writing.board, wanted, None, writing.now)
        action.accepted_at = writing.now
        known[same(part.title)] = action.ref
        writing.added["actions"] += 1
    await writing.session.flush()
