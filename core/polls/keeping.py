"""The counters that cards show, moved by what each vote adds and takes away."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import bindparam, delete, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.db import insert_or, table_of
from core.outbox import changed
from core.polls.counting import Shape
from core.polls.models import Poll, PollCount, PollRanking, PollVoter
from core.polls.queries import marks_in

Marks = Mapping[int, int]
"""What somebody marked: by the option's number."""
Layout = Mapping[int, tuple[int, Shape]]
"""Of each option, by its number: the key and the shape of its question."""

_COUNT = table_of(PollCount)
_MOVE_COUNTS = (
    update(_COUNT)
    .where(
        _COUNT.c.poll_id == bindparam("poll"),
        _COUNT.c.option == bindparam("number"),
        _COUNT.c.mark == bindparam("given"),
    )
    .values(votes=_COUNT.c.votes + bindparam("more"))
)


@dataclass(slots=True)
class Moves:
    """What these votes change."""

    counts: Counter[tuple[int, int, int]] = field(default_factory=Counter)
    rankings: Counter[tuple[int, int, str]] = field(default_factory=Counter)


def move(moves: Moves, poll: int, marks: Marks, layout: Layout, by: int) -> None:
    """Add what these marks count, or take it away."""
    ranked: dict[int, list[int]] = {}
    for number in sorted(marks, key=lambda each: (marks[each], each)):
        question, shape = layout[number]
        if shape is Shape.RANKED:
            ranked.setdefault(question, []).append(number)
        elif shape is Shape.DOTS:
            moves.counts[poll, number, 1] += by * marks[number]
        else:
            moves.counts[poll, number, marks[number]] += by
    for question, order in ranked.items():
        moves.rankings[poll, question, ">".join(map(str, order))] += by


async def write_moves(session: AsyncSession, board: int, moves: Moves) -> None:
    """Write what was moved in polls of one partnership, whose rows are locked."""
    rows = [
        {"poll": poll, "number": number, "given": mark, "more": more}
        for (poll, number, mark), more in sorted(moves.counts.items())
        if more
    ]
    if rows:
        await session.execute(_MOVE_COUNTS, rows)
    for (_, question, ranking), more in sorted(moves.rankings.items()):
        await _move_ranking(session, board, question, ranking, more)


async def _move_ranking(session: AsyncSession, board: int, question: int, ranking: str, more: int) -> None:
    if more > 0:
        wanted = insert_or(session, PollRanking).values(
            partnership_id=board, question_id=question, ranking=ranking, votes=more
        )
        await session.execute(
            wanted.on_conflict_do_update(
                index_elements=["question_id", "ranking"], set_={"votes": PollRanking.votes + more}
            )
        )
    elif more < 0:
        await session.execute(
            update(PollRanking)
            .where(PollRanking.question_id == question, PollRanking.ranking == ranking)
            .values(votes=PollRanking.votes + more)
            .execution_options(synchronize_session=False)
        )


async def take_back(session: AsyncSession, poll: Poll, voter: PollVoter, layout: Layout) -> None:
    """Undo the vote of a named poll, whose row is locked, as if it had not been cast."""
    moves = Moves()
    move(moves, poll.id, marks_in(voter.ballot), layout, -1)
    await write_moves(session, poll.partnership_id, moves)
    await session.execute(delete(PollVoter).where(PollVoter.id == voter.id))
    poll.voters -= 1
    await changed(session, poll.ref)
