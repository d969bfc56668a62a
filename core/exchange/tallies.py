"""Polls in an export: what was asked, how it stands, and (of a named poll) who chose what.

Of an anonymous poll nothing is given before it has closed with three voters or more, and never who voted: two exports,
one before and one after somebody's vote, would tell it.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.exchange.plain import utc
from core.partners.models import Member, Organisation
from core.polls import pictures, queries
from core.polls.counting import Shape
from core.polls.models import Poll, PollVoter
from core.polls.pictures import Asked, Picture
from core.polls.words import protected

Row = dict[str, Any]


async def export_polls(session: AsyncSession, board: int, organisations: Mapping[int, Organisation]) -> list[Row]:
    """All polls of a partnership but those that were deleted, by number."""
    found = await session.execute(
        select(Poll).where(Poll.partnership_id == board, Poll.state != "deleted").order_by(Poll.number)
    )
    members = await session.execute(select(Member.id, Member.name).where(Member.partnership_id == board))
    names = dict(members.tuples().all())
    rows = []
    for poll in found.scalars():
        picture = await pictures.picture(session, board, poll.ref, everyone=True)
        if picture is not None:
            rows.append(await _poll(session, picture, organisations, names))
    return rows


async def _poll(
    session: AsyncSession, picture: Picture, organisations: Mapping[int, Organisation], names: Mapping[int, str]
) -> Row:
    poll = picture.poll
    return {
        "id": poll.ref,
        "number": poll.number,
        "title": poll.title,
        "state": poll.state,
        "created_at": utc(poll.created_at),
        "opened_at": utc(poll.opened_at),
        "closed_at": utc(poll.closed_at),
        "asked_by": picture.author or None,
        "shape": picture.single.question.shape,
        "anonymous": poll.anonymous,
        "hidden": poll.hidden,
        "unit": poll.unit,
        "for": picture.whose or poll.who,
        "closes": utc(poll.closes_at),
        "repeats": poll.repeats,
        "edited": poll.edited_at is not None,
        "voters": poll.voters,
        "entitled": picture.entitled,
        "result": poll.statement or None,
        "options": [row for asked in picture.asked for row in _options(picture, asked)],
        "ballots": [] if poll.anonymous else await _ballots(session, picture, organisations, names),
        "words": _words(picture),
    }


def _options(picture: Picture, asked: Asked) -> list[Row]:
    hidden = _is_secret(picture.poll)
    rows = []
    for option in asked.options:
        given = asked.marks.get(option.number, {})
        by_mark = asked.shape in (Shape.RATING, Shape.DATES)
        votes = sum(given.values()) if by_mark else int(asked.outcome.scores.get(option.number, 0))
        rows.append(
            {
                "question": asked.question.text,
                "text": option.text,
                "votes": None if hidden else votes,
                "won": not hidden and option.number in asked.outcome.winners,
                "marks": {str(mark): each for mark, each in sorted(given.items())} if by_mark and not hidden else {},
            }
        )
    return rows


def _is_secret(poll: Poll) -> bool:
    return protected(poll) or (poll.anonymous and poll.state != "closed")


async def _ballots(
    session: AsyncSession, picture: Picture, organisations: Mapping[int, Organisation], names: Mapping[int, str]
) -> list[Row]:
    found = await session.execute(
        select(PollVoter)
        .where(PollVoter.partnership_id == picture.poll.partnership_id, PollVoter.poll_id == picture.poll.id)
        .order_by(PollVoter.id)
    )
    texts = {option.number: option.text for asked in picture.asked for option in asked.options}
    return [
        {
            "organisation": organisations[voter.organisation_id].name,
            "member": names.get(voter.member_id) if voter.member_id is not None else voter.said_by or None,
            "choices": {
                texts[number]: mark for number, mark in queries.marks_in(voter.ballot).items() if number in texts
            },
        }
        for voter in found.scalars()
    ]


def _words(picture: Picture) -> list[Row]:
    """Answers in words and comments; of an anonymous poll in an order that has nothing to do with their arrival."""
    if _is_secret(picture.poll):
        return []
    rows = [
        {
            "question": asked.question.text,
            "group": each.heading,
            "text": each.text,
            "member": picture.names.get(each.ref) or None,
        }
        for asked in picture.asked
        for each in asked.words
    ]
    return rows + [
        {"question": None, "group": "", "text": text, "member": name or None} for name, text in picture.comments
    ]
