"""One board as plain data: what `folkmoot export` writes. No secret, code or token is in it.

Every thing has `id` (its opaque reference), `number`, `title`, `state` and `created_at`; moments are ISO 8601 in UTC.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.exchange.ballots import export_agreements
from core.exchange.plain import utc
from core.exchange.promises import export_work
from core.exchange.sittings import export_meetings
from core.exchange.tallies import export_polls
from core.partners.models import Identity, Member, Organisation, Partnership, Room
from core.register.models import Entry
from core.register.naming import names_of, with_names
from core.register.queries import entries
from core.themes.models import Theme

LISTS = (
    "organisations",
    "members",
    "rooms",
    "themes",
    "items",
    "priorities",
    "actions",
    "agreements",
    "polls",
    "meetings",
    "register",
)
"""The lists of an export, in order; those of features that this version lacks are empty."""


async def steady(session: AsyncSession) -> None:
    """Let the whole session see one moment of the database. Call it before anything else is read."""
    if session.get_bind().dialect.name == "postgresql":  # SQLite's readers always do
        await session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


async def export_board(session: AsyncSession, board: int) -> dict[str, Any]:
    """Everything that this partnership has; the keys are `partnership`, those of LISTS, and `changes`.

    `register` holds the numbered decisions, `changes` the whole sealed chain that they are part of.
    """
    partnership = (await session.execute(select(Partnership).where(Partnership.id == board))).scalar_one()
    found = await session.execute(select(Organisation).where(Organisation.partnership_id == board))
    organisations = {each.id: each for each in sorted(found.scalars(), key=lambda each: each.id)}
    chain, names = await entries(session, board), await names_of(session, board)
    parts: dict[str, list[dict[str, Any]]] = {
        "organisations": [_organisation(place, each) for place, each in enumerate(organisations.values(), start=1)],
        "members": await _members(session, board, organisations),
        "rooms": await _rooms(session, board),
        "themes": await _themes(session, board, organisations),
        **await export_work(session, board),
        "agreements": await export_agreements(session, board, organisations),
        "polls": await export_polls(session, board, organisations),
        "meetings": await export_meetings(session, board),
        "register": [with_names(_decision(entry), names) for entry in chain if entry.number],
    }
    return {
        "partnership": _partnership(partnership),
        **{name: parts.get(name, []) for name in LISTS},
        "changes": [{**_change(entry), "by": with_names(entry.actor, names)} for entry in chain],
    }


def _partnership(partnership: Partnership) -> dict[str, Any]:
    return {
        "id": partnership.ref,
        "number": partnership.code,
        "title": partnership.name,
        "name": partnership.name,
        "state": "active",
        "code": partnership.code,
        "place": partnership.place,
        "purpose": partnership.purpose,
        "timezone": partnership.timezone,
        "voting_unit": partnership.voting_unit,
        "principles": partnership.principles,
        "criteria": partnership.criteria,
        "convener": partnership.convener,
        "created_at": utc(partnership.created_at),
    }


def _organisation(number: int, organisation: Organisation) -> dict[str, Any]:
    return {
        "id": organisation.ref,
        "number": number,
        "title": organisation.name,
        "name": organisation.name,
        "state": "present",
        "sector": organisation.sector,
        "voting": organisation.voting,
        "created_at": utc(organisation.created_at),
    }


async def _members(session: AsyncSession, board: int, organisations: dict[int, Organisation]) -> list[dict[str, Any]]:
    found = await session.execute(select(Identity).where(Identity.partnership_id == board).order_by(Identity.id))
    accounts: dict[int, list[dict[str, str]]] = {}
    for each in found.scalars():
        account = {"tool": each.tool, "workspace": each.workspace, "account": each.account}
        accounts.setdefault(each.member_id, []).append(account)
    members = await session.execute(select(Member).where(Member.partnership_id == board).order_by(Member.id))
    return [
        {
            "id": member.ref,
            "number": number,
            "title": member.name,
            "name": member.name,
            "state": "erased" if member.erased_at else "left" if member.left_at else "present",
            "email": member.email,
            "organisation": organisations[member.organisation_id].name,
            "organisation_id": organisations[member.organisation_id].ref,
            "role": member.role,
            "identities": accounts.get(member.id, []),
            "created_at": utc(member.created_at),
            "left_at": utc(member.left_at),
        }
        for number, member in enumerate(members.scalars(), start=1)
    ]


async def _rooms(session: AsyncSession, board: int) -> list[dict[str, Any]]:
    rooms = await session.execute(select(Room).where(Room.partnership_id == board).order_by(Room.id))
    return [
        {
            "id": room.ref,
            "number": number,
            "title": room.name,
            "name": room.name,
            "state": room.state,
            "tool": room.tool,
            "workspace": room.workspace,
            "conversation": room.conversation,
            "service_url": room.service_url,
            "bot": room.bot,
            "created_at": utc(room.created_at),
        }
        for number, room in enumerate(rooms.scalars(), start=1)
    ]


async def _themes(session: AsyncSession, board: int, organisations: dict[int, Organisation]) -> list[dict[str, Any]]:
    themes = await session.execute(select(Theme).where(Theme.partnership_id == board).order_by(Theme.number))
    return [
        {
            "id": theme.ref,
            "number": theme.number,
            "title": theme.name,
            "name": theme.name,
            "state": theme.state,
            "scope": theme.scope,
            "lead": organisations[theme.lead_id].name if theme.lead_id is not None else None,
            "objectives": theme.objectives,
            "projects": theme.projects,
            "agreed_by": theme.agreed_by,
            "created_at": utc(theme.created_at),
        }
        for theme in themes.scalars()
    ]


def _decision(entry: Entry) -> dict[str, Any]:
    return {
        **entry.detail,
        "id": f"decision_{entry.position}",
        "number": entry.number,
        "title": entry.title,
        "state": entry.detail.get("result"),
        "agreement": entry.subject if entry.subject.startswith("agr_") else None,
        "meeting": entry.subject if entry.subject.startswith("mtg_") else None,
        "by": entry.actor,
        "created_at": utc(entry.at),
    }


def _change(entry: Entry) -> dict[str, Any]:
    return {
        "id": f"change_{entry.position}",
        "number": entry.number,
        "position": entry.position,
        "title": entry.title,
        "state": entry.kind,
        "kind": entry.kind,
        "actor": entry.actor,
        "format": entry.format,
        "subject": entry.subject,
        "by": entry.actor,
        "detail": entry.detail,
        "created_at": utc(entry.at),
        "previous": entry.previous,
        "seal": entry.seal,
        "key_id": entry.key_id,
    }


async def boards(session: AsyncSession) -> Sequence[Partnership]:
    """All partnerships of this server, by name."""
    return (await session.execute(select(Partnership).order_by(Partnership.name))).scalars().all()
