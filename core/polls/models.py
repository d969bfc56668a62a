"""A poll, its questions and options, who has voted, and what was chosen.

In an anonymous poll nothing joins the one to the other: `PollVoter` tells only that somebody has voted, `PollCount`,
`PollRanking` and `PollWords` only what was chosen, and none of these keeps an order or a moment of arrival. The copies
of `Poll.anonymous` in the tables of votes are there so that the database itself refuses such a link, and refuses to
make an anonymous poll a named one once somebody has voted.
"""

import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Model, owned, within
from core.errors import Refused
from core.polls.counting import Shape

_SHAPES = ", ".join(f"'{shape}'" for shape in Shape)
CLOSED = "This poll has closed, so nothing was changed."


def _of_poll() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["poll_id", "anonymous"], ["polls.id", "polls.anonymous"])


def _of_option() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["poll_id", "option"], ["poll_options.poll_id", "poll_options.number"])


class Poll(Model):
    """A quick poll: what is asked, of whom, until when.

    state: scheduled (opens by itself at `opens_at`), open, closed, deleted. unit: who counts as one voter. who: all of
    the board, one organisation (`organisation_id`), a task and finish group (`group_id`), or who presses in the rooms
    of `room_ids`. options, voters: how
    many there are, kept and not counted. withdrawn: numbers of options that count no more. series: the same for all
    polls of one that repeats.
    """

    __tablename__ = "polls"
    __table_args__ = (
        owned(),
        within("members", "author_id"),
        within("organisations", "organisation_id"),
        within("task_groups", "group_id"),
        UniqueConstraint("partnership_id", "number"),
        UniqueConstraint("id", "anonymous"),
        UniqueConstraint("series", "opens_at"),
        CheckConstraint("hidden IN ('no', 'until voted', 'until closed')", name="hidden"),
        CheckConstraint("unit IN ('member', 'organisation')", name="unit"),
        CheckConstraint("who IN ('board', 'organisation', 'room', 'group')", name="who"),
        CheckConstraint("(who = 'organisation') = (organisation_id IS NOT NULL)", name="whose"),
        CheckConstraint("(who = 'group') = (group_id IS NOT NULL)", name="which_group"),
        CheckConstraint("repeats IN ('no', 'workdays', 'weekly', 'fortnightly', 'monthly')", name="repeats"),
        CheckConstraint("repeats = 'no' OR series IS NOT NULL", name="series"),
        CheckConstraint("state IN ('scheduled', 'open', 'closed', 'deleted')", name="state"),
        CheckConstraint("state <> 'scheduled' OR opens_at IS NOT NULL", name="scheduled"),
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed"),
        CheckConstraint("closes_after IS NULL OR closes_after >= 1", name="closes_after"),
        CheckConstraint("voters >= 0 AND options >= 0 AND questions >= 1", name="counts"),
        Index(
            "ix_polls_due",
            "closes_at",
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index(
            "ix_polls_to_open",
            "opens_at",
            sqlite_where=text("state = 'scheduled'"),
            postgresql_where=text("state = 'scheduled'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnerships.id"))
    ref: Mapped[str] = mapped_column(String(40), unique=True)
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(300))
    author_id: Mapped[int | None]
    anonymous: Mapped[bool]
    hidden: Mapped[str] = mapped_column(String(12), default="no")
    adding: Mapped[bool] = mapped_column(default=False)
    comments: Mapped[bool] = mapped_column(default=False)
    unit: Mapped[str] = mapped_column(String(12), default="member")
    who: Mapped[str] = mapped_column(String(12), default="board")
    organisation_id: Mapped[int | None]
    group_id: Mapped[int | None]
    room_ids: Mapped[list[Any]]
    closes_at: Mapped[datetime.datetime | None]
    closes_after: Mapped[int | None]
    closes_when_all: Mapped[bool] = mapped_column(default=False)
    opens_at: Mapped[datetime.datetime | None]
    repeats: Mapped[str] = mapped_column(String(12), default="no")
    series: Mapped[str | None] = mapped_column(String(40))
    state: Mapped[str] = mapped_column(String(10), default="open")
    questions: Mapped[int] = mapped_column(default=1)
    options: Mapped[int] = mapped_column(default=0)
    withdrawn: Mapped[list[Any]]
    voters: Mapped[int] = mapped_column(default=0)
    electorate: Mapped[int] = mapped_column(default=0)  # how many might vote at opening; counted anew once all have
    statement: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime.datetime]
    opened_at: Mapped[datetime.datetime | None]
    edited_at: Mapped[datetime.datetime | None]
    nudged_at: Mapped[datetime.datetime | None]
    closed_at: Mapped[datetime.datetime | None]

    def check_takes_votes(self, now: datetime.datetime) -> None:
        """Refuse unless it is open at this moment; the deadline holds even if the clock has not come round yet."""
        if self.state == "scheduled":
            raise Refused("This poll has not opened yet.")
        if self.state == "deleted":
            raise Refused("This poll was deleted, so there is nothing to vote on any more.")
        if self.state != "open" or (self.closes_at is not None and now >= self.closes_at):
            raise Refused(CLOSED)


class PollQuestion(Model):
    """One question of a poll.

    most: of several the most that may be chosen (0: as many as one likes), of dots how many there are to spread, of a
    ranking how many are ranked, of a rating the top of its scale.
    """

    __tablename__ = "poll_questions"
    __table_args__ = (
        owned(),
        within("polls", "poll_id"),
        UniqueConstraint("poll_id", "position"),
        CheckConstraint(f"shape IN ({_SHAPES})", name="shape"),
        CheckConstraint("most >= 0", name="most"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnerships.id"))
    poll_id: Mapped[int]
    position: Mapped[int]
    text: Mapped[str] = mapped_column(String(300))
    shape: Mapped[str] = mapped_column(String(10))
    most: Mapped[int] = mapped_column(default=0)


class PollOption(Model):
    """One option, known by its number, which runs through the whole poll. starts_at: of a date, its moment."""

    __tablename__ = "poll_options"
    __table_args__ = (
        owned(),
        within("polls", "poll_id"),
        within("poll_questions", "question_id"),
        within("members", "author_id"),
        UniqueConstraint("poll_id", "number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnerships.id"))
    poll_id: Mapped[int]
    question_id: Mapped[int]
    number: Mapped[int]
    text: Mapped[str] = mapped_column(String(200))
    starts_at: Mapped[datetime.datetime | None]
    author_id: Mapped[int | None]  # who added it later


class PollCount(Model):
    """How many gave this mark to this option: what cards show, kept with each vote and never counted anew."""

    __tablename__ = "poll_counts"
    __table_args__ = (
        _of_option(),
        CheckConstraint("votes >= 0", name="votes"),
        {"sqlite_with_rowid": False},
    )

    poll_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    option: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    mark: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnerships.id"))
    votes: Mapped[int] = mapped_column(default=0)


class PollRanking(Model):
    """How many ranked a question's options in this order (numbers with `>` between them)."""

    __tablename__ = "poll_rankings"
    __table_args__ = (
        within("poll_questions", "question_id"),
        CheckConstraint("votes >= 0", name="votes"),
        {"sqlite_with_rowid": False},
    )

    question_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    ranking: Mapped[str] = mapped_column(String(200), primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnerships.id"))
    votes: Mapped[int] = mapped_column(default=0)


class PollVoter(Model):
    """Somebody who has voted: a member, or (member_id missing) an organisation. Each once, by unique keys.

    ballot: `{"marks": {number: mark}}`, by which a vote can be changed and shown; never there in an anonymous poll,
    and neither is the name of who pressed for an organisation.
    """

    __tablename__ = "poll_voters"
    __table_args__ = (
        owned(),
        _of_poll(),
        within("polls", "poll_id"),
        within("organisations", "organisation_id"),
        within("members", "member_id"),
        Index("uq_poll_voters_member", "poll_id", "member_id", unique=True),
        Index(
            "uq_poll_voters_organisation",
            "poll_id",
            "organisation_id",
            unique=True,
            sqlite_where=text("member_id IS NULL"),
            postgresql_where=text("member_id IS NULL"),
        ),
        CheckConstraint("anonymous = (ballot IS NULL)", name="secret"),
        CheckConstraint("NOT anonymous OR said_by = ''", name="unsaid"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnerships.id"))
    poll_id: Mapped[int]
    anonymous: Mapped[bool]
    organisation_id: Mapped[int]
    member_id: Mapped[int | None]
    said_by: Mapped[str] = mapped_column(String(200), default="")
    ballot: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))


class PollWords(Model):
    """An answer in words, or (without a question) a comment. heading: what the chair has put it under.

    The key is random, so that it tells nothing of the order in which answers came. voter_id: none in an anonymous poll.
    """

    __tablename__ = "poll_words"
    __table_args__ = (
        _of_poll(),
        within("polls", "poll_id"),
        within("poll_questions", "question_id"),
        within("poll_voters", "voter_id"),
        CheckConstraint("NOT anonymous OR voter_id IS NULL", name="secret"),
        Index("ix_poll_words_poll_id", "poll_id"),
        {"sqlite_with_rowid": False},
    )

    ref: Mapped[str] = mapped_column(String(40), primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnerships.id"))
    poll_id: Mapped[int]
    anonymous: Mapped[bool]
    question_id: Mapped[int | None]
    voter_id: Mapped[int | None]
    text: Mapped[str]
    heading: Mapped[str] = mapped_column(String(100), default="")
