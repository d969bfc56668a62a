"""Items, priorities and actions as plain data, for the export."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.actions.models import Action, ActionNeed
from core.exchange.plain import utc
from core.items.models import Item, ItemSupport
from core.partners.models import Member, Organisation
from core.priorities.models import Priority, PriorityScore, PriorityStep, TaskGroup, TaskGroupMember
from core.themes.models import Theme


async def _names(session: AsyncSession, board: int, model: Any) -> dict[int | None, str]:
    rows = await session.execute(select(model.id, model.name).where(model.partnership_id == board))
    return dict(rows.tuples().all())


async def _rows(session: AsyncSession, board: int, model: Any, *order: Any) -> list[Any]:
    found = await session.execute(select(model).where(model.partnership_id == board).order_by(*(order or (model.id,))))
    return list(found.scalars().all())


async def export_work(session: AsyncSession, board: int) -> dict[str, list[dict[str, Any]]]:
    """`items`, `priorities` and `actions`; what is for the chair alone is there, too, and says so."""
    members, partners = await _names(session, board, Member), await _names(session, board, Organisation)
    themes = await _names(session, board, Theme)
    supports: dict[int, list[str]] = {}
    for row in await _rows(session, board, ItemSupport, ItemSupport.item_id, ItemSupport.organisation_id):
        supports.setdefault(row.item_id, []).append(partners[row.organisation_id])
    needs: dict[int, list[int]] = {}
    actions = await _rows(session, board, Action)
    numbers = {each.id: each.number for each in actions}
    for row in await _rows(session, board, ActionNeed, ActionNeed.action_id, ActionNeed.needs_id):
        needs.setdefault(row.action_id, []).append(numbers[row.needs_id])
    return {
        "items": [
            {
                "id": each.ref, "number": each.number, "title": each.title, "state": each.state,
                "detail": each.detail, "input_requested": each.wants, "theme": themes.get(each.theme_id),
                "raised_by": members.get(each.raiser_id), "organisation": partners.get(each.organisation_id),
                "supported_by": supports.get(each.id, []), "confidential": each.confidential, "link": each.link,
                "answer": each.answer, "became": each.became, "triaged_by": members.get(each.triaged_by_id),
                "parked_until": each.parked_until.isoformat() if each.parked_until else None,
                "triaged_at": utc(each.triaged_at), "created_at": utc(each.created_at),
            }
            for each in await _rows(session, board, Item)
        ],
        "priorities": await _priorities(session, board, members, partners, themes),
        "actions": [
            {
                "id": each.ref, "number": each.number, "title": each.title, "state": each.state,
                "detail": each.detail, "owner": members.get(each.owner_id),
                "organisation": partners[each.organisation_id], "asked_to_take_over": members.get(each.offered_to_id),
                "theme": themes.get(each.theme_id), "level": each.level, "place": each.place,
                "due": each.due_on.isoformat(), "promised": each.promised_on.isoformat(),
                "closed": each.closed_on.isoformat() if each.closed_on else None,
                "accepted_at": utc(each.accepted_at), "blocked": each.blocked_why,
                "blocked_by": partners.get(each.blocked_by_id), "note": each.note, "outcome": each.outcome,
                "repeats": each.repeats, "waits_for": needs.get(each.id, []), "source": each.source,
                "link": each.link, "created_by": members.get(each.created_by_id), "created_at": utc(each.created_at),
            }
            for each in actions
        ],
    }  # fmt: skip


async def _priorities(
    session: AsyncSession,
    board: int,
    members: dict[int | None, str],
    partners: dict[int | None, str],
    themes: dict[int | None, str],
) -> list[dict[str, Any]]:
    steps: dict[int, list[dict[str, Any]]] = {}
    for step in await _rows(session, board, PriorityStep):
        steps.setdefault(step.priority_id, []).append(
            {
                "kind": step.kind, "from": step.begun_at, "to": step.ended_at, "evidence": step.evidence,
                "links": step.links, "why": step.why, "by": step.by, "at": utc(step.at),
            }
        )  # fmt: skip
    joined: dict[int, list[str]] = {}
    for row in await _rows(session, board, TaskGroupMember, TaskGroupMember.group_id, TaskGroupMember.member_id):
        joined.setdefault(row.group_id, []).append(members[row.member_id])
    groups: dict[int | None, list[dict[str, Any]]] = {}
    for group in await _rows(session, board, TaskGroup):
        groups.setdefault(group.priority_id, []).append(
            {
                "id": group.ref, "number": group.number, "name": group.name, "remit": group.remit,
                "members": joined.get(group.id, []), "ends": group.ends_on.isoformat(), "report": group.report,
                "ended_at": utc(group.ended_at),
            }
        )  # fmt: skip
    said: dict[int, list[dict[str, Any]]] = {}
    for score in await _rows(session, board, PriorityScore, PriorityScore.priority_id, PriorityScore.member_id):
        said.setdefault(score.priority_id, []).append(
            {
                "member": members[score.member_id],
                "organisation": partners[score.organisation_id],
                "points": score.points,
            }
        )
    return [
        {
            "id": each.ref, "number": each.number, "title": each.title, "state": each.stage, "detail": each.detail,
            "theme": themes.get(each.theme_id), "sponsor": partners.get(each.sponsor_id),
            "lead": members.get(each.lead_id), "places": each.places, "rested_from": each.rested_from,
            "stage_at": utc(each.stage_at), "score": each.score,
            # What is private while it is scored is private here, too.
            "scores": [] if each.scoring else said.get(each.id, []),
            "outcome": each.outcome, "source": each.source, "steps": steps.get(each.id, []),
            "groups": groups.get(each.id, []), "created_at": utc(each.created_at),
        }
        for each in await _rows(session, board, Priority)
    ]  # fmt: skip
