"""The picture of a poll: everything that its cards show, as it stands.

A shared card is drawn anew after every round of votes, so what it reads is asked for in statements that are made once.
"""

import dataclasses
import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from sqlalchemy import BindParameter, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.partners.models import Member, Organisation
from core.polls import electorate
from core.polls.counting import Outcome, Shape, borda, outcome_of
from core.polls.models import Poll, PollCount, PollOption, PollQuestion, PollRanking, PollVoter, PollWords
from core.polls.queries import marks_in, questions
from core.priorities.models import TaskGroup
from core.times import say_moment

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


_BOARD: BindParameter[int] = bindparam("board")
_POLL_ID: BindParameter[int] = bindparam("poll")
_POLL = (
    select(Poll, Member.name, func.coalesce(Organisation.name, TaskGroup.name))
    .outerjoin(Member, Member.id == Poll.author_id)
    .outerjoin(Organisation, Organisation.id == Poll.organisation_id)
    .outerjoin(TaskGroup, TaskGroup.id == Poll.group_id)
    .where(Poll.partnership_id == _BOARD, Poll.ref == bindparam("ref"))
)
_COUNTS = select(PollCount.option, PollCount.mark, PollCount.votes).where(PollCount.poll_id == _POLL_ID)
# Rows and not models: fifty of these would cost more than all the rest of a drawing.
_OPTIONS = (
    select(PollOption.number, PollOption.text, PollOption.question_id, PollOption.starts_at)
    .where(PollOption.partnership_id == _BOARD, PollOption.poll_id == _POLL_ID)
    .order_by(PollOption.number)
)
_WORDS = (
    select(PollWords, Member.name, Organisation.name)
    .outerjoin(PollVoter, PollVoter.id == PollWords.voter_id)
    .outerjoin(Member, Member.id == PollVoter.member_id)
    .outerjoin(Organisation, Organisation.id == PollVoter.organisation_id)
    .where(PollWords.partnership_id == _BOARD, PollWords.poll_id == _POLL_ID)
    .order_by(PollWords.heading, PollWords.text, PollWords.ref)
)
_VOTED = (
    select(PollVoter.ballot, PollVoter.said_by, Member.name, Organisation.name)
    .outerjoin(Member, Member.id == PollVoter.member_id)
    .join(Organisation, Organisation.id == PollVoter.organisation_id)
    .where(PollVoter.partnership_id == _BOARD, PollVoter.poll_id == _POLL_ID)
    .order_by(func.coalesce(Member.name, Organisation.name), PollVoter.id)
)


def _of(poll: Poll) -> dict[str, int]:
    return {"board": poll.partnership_id, "poll": poll.id}


async def picture(session: AsyncSession, board: int, ref: str, *, everyone: bool = False) -> Picture | None:
    """Everything a card shows of this poll, or None when the board has no such poll.

    everyone: read who voted what, comments and answers in words, however many there are.
    """
    row = (await session.execute(_POLL, {"board": board, "ref": ref})).one_or_none()
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
    for option, mark, votes in (await session.execute(_COUNTS, {"poll": poll.id})).tuples():
        marks.setdefault(option, {})[mark] = votes
    found = await session.execute(_OPTIONS, _of(poll))
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
    found = await session.execute(_WORDS, _of(poll))
    return [(each, member or organisation or "") for each, member, organisation in found.tuples()]


async def _voted(session: AsyncSession, poll: Poll) -> list[Voted]:
    found = await session.execute(_VOTED, _of(poll))
    return [
        Voted(member or organisation, marks_in(ballot), said_by)
        for ballot, said_by, member, organisation in found.tuples()
    ]
