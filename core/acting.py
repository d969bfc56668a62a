"""Who is acting, on which board, and whether that role may: the same for every command."""

import dataclasses
import datetime
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.cards import Card
from core.commands import Command, Context, Person
from core.errors import Refused
from core.outbox import Subject
from core.partners import queries as partners
from core.partners.commands import which_board
from core.requests import Request, as_typed
from core.texts import listed

STRANGER = "I don't know you yet."


async def persons_of(session: AsyncSession, requests: Sequence[Request]) -> list[list[Person]]:
    """Who each of these actors is, with one query for each workspace."""
    accounts: dict[tuple[str, str], set[str]] = {}
    for request in requests:
        accounts.setdefault((request.actor.tool, request.actor.workspace), set()).add(request.actor.user)
    found = {key: await partners.persons_of_all(session, *key, users) for key, users in accounts.items()}
    return [found[each.actor.tool, each.actor.workspace].get(each.actor.user, []) for each in requests]


async def context_of(
    session: AsyncSession,
    request: Request,
    command: Command[Any],
    raw: Mapping[str, Any],
    now: datetime.datetime,
    persons: list[Person] | None = None,
    rooms: partners.Rooms | None = None,
) -> Context | Card:
    """Who is acting and on which board; a card that asks, when that person alone can tell.

    persons, rooms: what is known of them already, where many requests are looked at together.
    """
    context = Context(session, now, request.actor, request.place, request.source, people=request.people)
    if command.open_to_strangers:
        return context
    if persons is None:
        persons = await partners.persons_of(session, request.actor)
    if not persons:
        typed = as_typed(request.actor.tool, "join")
        raise Refused(f"{STRANGER} Ask your board's coordinator for a code, then type {typed} and the code.")
    room = None
    if not request.place.personal and request.source != "button":
        room = await (rooms or partners.Rooms(session)).at(request.place)
        if room is None and request.place.overheard:
            raise Refused(
                "This conversation is not connected to a board. "
                "Ask me in a one-to-one chat, or type join here to connect it."
            )
        if room is not None and all(person.board != room.partnership_id for person in persons):
            raise Refused(
                "This room belongs to another board. Ask me in a direct message or in a room of your own board."
            )
    person = await _person(session, request, command, raw, persons, room.partnership_id if room else None)
    if person is None:
        return which_board(persons, await partners.board_names(session, [each.board for each in persons]))
    if person.role not in command.roles:
        raise Refused(_not_for(person, command))
    return dataclasses.replace(context, person=person)


async def _person(
    session: AsyncSession,
    request: Request,
    command: Command[Any],
    raw: Mapping[str, Any],
    persons: list[Person],
    room_board: int | None,
) -> Person | None:
    """Which of the boards is meant: the thing's own, the room's, the only one, or the one chosen last."""
    named = raw.get("board")
    if isinstance(named, str) and named and request.source != "line":
        return _on(await partners.board_by_ref(session, [named]), persons)
    if len(persons) == 1:
        return persons[0]
    board = await _board_of(session, raw) or room_board
    if board is not None:
        return _on(board, persons)
    return persons[0] if await partners.has_chosen(session, request.actor) else None


def _on(board: int | None, persons: list[Person]) -> Person:
    return next((person for person in persons if person.board == board), None) or _foreign()


async def _board_of(session: AsyncSession, raw: Mapping[str, Any]) -> int | None:
    """The partnership of the thing that a button or form is about, if it names one."""
    refs = [value for value in raw.values() if isinstance(value, str) and "_" in value and len(value) <= 40]
    if not refs:
        return None
    found = await session.execute(select(Subject.partnership_id).where(Subject.ref.in_(refs)).limit(1))
    board = found.scalar_one_or_none()
    return board if board is not None else await partners.board_by_ref(session, refs)


def _foreign() -> Person:
    raise Refused("That belongs to a board that you are not on. Type home to see what waits for you.")


def _not_for(person: Person, command: Command[Any]) -> str:
    roles = sorted(role.value for role in command.roles) or ["operator"]
    may = listed(roles, "or")
    return f"{command.title}: only the {may} can do this, and you are {person.role} for {person.organisation_name}."
