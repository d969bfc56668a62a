"""Reading polls: the whole picture for a card, lists, who may vote, and what is due."""

import dataclasses
import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import Refused
from core.partners.models import Member, Organisation
from core.polls import electorate
from core.polls.counting import Outcome, Shape, borda, outcome_of
from core.polls.models import Poll, PollCount, PollOption, PollQuestion, PollRanking, PollVoter, PollWords
from core.priorities.models import TaskGroup
from core.times import say_moment

NOT_YOURS = "That poll is not one of this board's. Type polls to see those that are."
NAMED = 24
"""With no more voters than these their names are read for the card; of more, only the counts."""
SMALL = 3
"""Of an anonymous poll nothing is shown before so many have voted."""


@dataclass(frozen=True, slots=True)
class OptionLine:
    """An option as cards need it."""

    number: int
    text: str
    question_id: int
    starts_at: datetime.datetime | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """One question with its options that are still there, and how it stands."""

    question: PollQuestion
    options: Sequence[OptionLine]
    outcome: Outcome
    marks: Mapping[int, Mapping[int, int]]
    words: Sequence[PollWords] = ()

    @property
    def shape(self) -> Shape:
        """What kind of answer it asks for."""
        return Shape(self.question.shape)

    def text(self, number: int) -> str:
        """What an option says."""
        return next((option.text for option in self.options if option.number == number), f"option {number}")


@dataclass(frozen=True, slots=True)
class Voted:
    """Somebody who has voted in a named poll: by what name, and the ballot."""

    name: str
    marks: Mapping[int, int]
    said_by: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A poll with everything that its cards show.

    voted: by name, where they are few and the poll is named. names: of who wrote an answer, by its reference.
    """

    poll: Poll
    asked: Sequence[Asked]
    author: str = ""
    whose: str = ""
    entitled: int | None = None
    voted: Sequence[Voted] = ()
    comments: Sequence[tuple[str, str]] = ()
    names: Mapping[str, str] = field(default_factory=dict)

    @property
    def single(self) -> Asked:
        """The first question, of most polls the only one."""
        return self.asked[0]


def on_clocks(picture: Picture, zone: ZoneInfo) -> Picture:
    """The same with its dates as the clocks of this zone show them."""
    asked = [
        dataclasses.replace(
            each,
            options=[
                dataclasses.replace(option, text=say_moment(option.starts_at, zone)) if option.starts_at else option
                for option in each.options
            ],
        )
        if each.shape is Shape.DATES
        else each
        for each in picture.asked
    ]
    return dataclasses.replace(picture, asked=asked)


def hides(poll: Poll) -> bool:
    """Whether how it stands may not be shown to anybody yet."""
    secret = poll.anonymous and poll.voters < SMALL
    return secret or (poll.hidden == "until closed" and poll.state != "closed")


async def find(session: AsyncSession, board: int, ref: str, *, to_change: bool = False) -> Poll:
    """The partnership's poll of this reference. Raises Refused for a foreign, unknown or deleted one alike.

    to_change: its row is locked until the commit, so that a vote and a closing cannot pass each other.
    """
    query = select(Poll).where(Poll.partnership_id == board, Poll.ref == ref, Poll.state != "deleted")
    if to_change:
        query = query.with_for_update().execution_options(populate_existing=True)
    poll = (await session.execute(query)).scalar_one_or_none()
    if poll is None:
        raise Refused(NOT_YOURS)
    return poll


async def questions(session: AsyncSession, poll: Poll) -> Sequence[PollQuestion]:
    """The questions in their order."""
    query = select(PollQuestion).where(
        PollQuestion.partnership_id == poll.partnership_id, PollQuestion.poll_id == poll.id
    )
    return (await session.execute(query.order_by(PollQuestion.position))).scalars().all()


async def options(session: AsyncSession, poll: Poll, *, withdrawn: bool = False) -> Sequence[PollOption]:
    """The options in their order, without those that are withdrawn unless these are wanted too."""
    query = select(PollOption).where(PollOption.partnership_id == poll.partnership_id, PollOption.poll_id == poll.id)
    found = (await session.execute(query.order_by(PollOption.number))).scalars().all()
    return [option for option in found if withdrawn or option.number not in poll.withdrawn]


async def picture(session: AsyncSession, board: int, ref: str, *, everyone: bool = False) -> Picture | None:
    """Everything a card shows of this poll, or None when the board has no such poll.

    everyone: read who voted what, comments and answers in words, however many there are.
    """
    query = (
        select(Poll, Member.name, func.coalesce(Organisation.name, TaskGroup.name))
        .outerjoin(Member, Member.id == Poll.author_id)
        .outerjoin(Organisation, Organisation.id == Poll.organisation_id)
        .outerjoin(TaskGroup, TaskGroup.id == Poll.group_id)
        .where(Poll.partnership_id == board, Poll.ref == ref)
    )
    row = (await session.execute(query)).one_or_none()
    if row is None:
        return None
    poll, author, whose = row
    named = not poll.anonymous and (everyone or poll.voters <= NAMED)
    words = await _words(session, poll) if everyone or poll.voters <= NAMED else []
    return Picture(
        poll=poll,
        asked=await _asked(session, poll, words),
        author=author or "",
        whose=whose or "",
        entitled=await electorate.shown_as_entitled(session, poll),
        voted=await _voted(session, poll) if named else (),
        comments=[(name, each.text) for each, name in words if each.question_id is None],
        names={each.ref: name for each, name in words},
    )


async def _asked(session: AsyncSession, poll: Poll, words: Sequence[tuple[PollWords, str]]) -> list[Asked]:
    marks: dict[int, dict[int, int]] = {}
    counted = await session.execute(
        select(PollCount.option, PollCount.mark, PollCount.votes).where(PollCount.poll_id == poll.id)
    )
    for option, mark, votes in counted.tuples():
        marks.setdefault(option, {})[mark] = votes
    # Rows and not models: fifty of these would cost more than all the rest of a drawing.
    found = await session.execute(
        select(PollOption.number, PollOption.text, PollOption.question_id, PollOption.starts_at)
        .where(PollOption.partnership_id == poll.partnership_id, PollOption.poll_id == poll.id)
        .order_by(PollOption.number)
    )
    there = [OptionLine(*row) for row in found.tuples() if row[0] not in poll.withdrawn]
    asked = []
    for question in await questions(session, poll):
        mine = [option for option in there if option.question_id == question.id]
        shape = Shape(question.shape)
        ranked = await rankings(session, question) if shape is Shape.RANKED else {}
        outcome = outcome_of(shape, [option.number for option in mine], marks, ranked)
        said = [each for each, _ in words if each.question_id == question.id]
        asked.append(Asked(question, mine, outcome, marks, said))
    return asked


async def rankings(session: AsyncSession, question: PollQuestion) -> dict[tuple[int, ...], int]:
    """How many ranked a question's options in which order."""
    found = await session.execute(
        select(PollRanking.ranking, PollRanking.votes).where(
            PollRanking.partnership_id == question.partnership_id, PollRanking.question_id == question.id
        )
    )
    return {tuple(map(int, ranking.split(">"))): votes for ranking, votes in found.tuples() if votes}


def points(asked: Asked, ranked: Mapping[tuple[int, ...], int]) -> Outcome:
    """The second opinion on a ranking, by Borda's points."""
    return borda(ranked, [option.number for option in asked.options])


async def _words(session: AsyncSession, poll: Poll) -> list[tuple[PollWords, str]]:
    """Answers in words and comments, with the voter's name in a named poll, in no order of arrival."""
    found = await session.execute(
        select(PollWords, Member.name, Organisation.name)
        .outerjoin(PollVoter, PollVoter.id == PollWords.voter_id)
        .outerjoin(Member, Member.id == PollVoter.member_id)
        .outerjoin(Organisation, Organisation.id == PollVoter.organisation_id)
        .where(PollWords.partnership_id == poll.partnership_id, PollWords.poll_id == poll.id)
        .order_by(PollWords.heading, PollWords.text, PollWords.ref)
    )
    return [(each, member or organisation or "") for each, member, organisation in found.tuples()]


async def _voted(session: AsyncSession, poll: Poll) -> list[Voted]:
    found = await session.execute(
        select(PollVoter.ballot, PollVoter.said_by, Member.name, Organisation.name)
        .outerjoin(Member, Member.id == PollVoter.member_id)
        .join(Organisation, Organisation.id == PollVoter.organisation_id)
        .where(PollVoter.partnership_id == poll.partnership_id, PollVoter.poll_id == poll.id)
        .order_by(func.coalesce(Member.name, Organisation.name), PollVoter.id)
    )
    return [
        Voted(member or organisation, marks_in(ballot), said_by)
        for ballot, said_by, member, organisation in found.tuples()
    ]


async def words_of(session: AsyncSession, voter: PollVoter) -> dict[int, str]:
    """What a voter of a named poll has written, by question."""
    found = await session.execute(
        select(PollWords.question_id, PollWords.text).where(
            PollWords.voter_id == voter.id, PollWords.question_id.is_not(None)
        )
    )
    return {question: text for question, text in found.tuples() if question is not None}


def marks_in(ballot: Mapping[str, Mapping[str, int]] | None) -> dict[int, int]:
    """The marks of a kept ballot, by the option's number."""
    return {int(number): mark for number, mark in (ballot or {}).get("marks", {}).items()}


async def polls(
    session: AsyncSession, board: int, *, search: str = "", offset: int = 0, limit: int = 10
) -> tuple[Sequence[Poll], int]:
    """One page of the partnership's polls, open ones first, and how many there are in all."""
    query = select(Poll).where(Poll.partnership_id == board, Poll.state != "deleted")
    if search.isdigit() and len(search) < 9:
        query = query.where(Poll.number == int(search))
    elif search:
        found = func.lower(Poll.title).contains(search.lower(), autoescape=True)
        query = query.where(or_(found, Poll.state == search.lower()))
    total = (await session.execute(select(func.count()).select_from(query.subquery()))).scalar_one()
    first = Poll.state.in_(("open", "scheduled"))
    query = query.order_by(first.desc(), Poll.number.desc()).offset(offset).limit(limit)
    return (await session.execute(query)).scalars().all(), total


async def due_to_close(session: AsyncSession, now: datetime.datetime, limit: int = 50) -> list[tuple[int, str]]:
    """Partnership and reference of open polls whose time is up."""
    found = await session.execute(
        select(Poll.partnership_id, Poll.ref)
        .where(Poll.state == "open", Poll.closes_at <= now)
        .order_by(Poll.closes_at)
        .limit(limit)
    )
    return [(board, ref) for board, ref in found.tuples()]


async def due_to_open(session: AsyncSession, now: datetime.datetime, limit: int = 50) -> list[tuple[int, str]]:
    """Partnership and reference of scheduled polls whose hour has come."""
    found = await session.execute(
        select(Poll.partnership_id, Poll.ref)
        .where(Poll.state == "scheduled", Poll.opens_at <= now)
        .order_by(Poll.opens_at)
        .limit(limit)
    )
    return [(board, ref) for board, ref in found.tuples()]


async def next_close(session: AsyncSession) -> datetime.datetime | None:
    """When the next open poll closes, on any board."""
    return (await session.execute(select(func.min(Poll.closes_at)).where(Poll.state == "open"))).scalar_one_or_none()


async def next_opening(session: AsyncSession) -> datetime.datetime | None:
    """When the next scheduled poll opens, on any board."""
    query = select(func.min(Poll.opens_at)).where(Poll.state == "scheduled")
    return (await session.execute(query)).scalar_one_or_none()
