"""A meeting, the series that it belongs to, and who subscribes to the calendar of all of them."""

import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Model, owned, within
from core.errors import Refused

STATES = ("planned", "published", "open", "ended", "cancelled")
AHEAD = ("planned", "published")
"""States of a meeting that is still to come."""
MINUTES = ("", "draft", "circulated", "approved")
WAYS = ("in person", "online", "both")


class MeetingSeries(Model):
    """Meetings that come again and again, on the board's clocks.

    rule: an RRULE of RFC 5545 without its name; begins_on and minute: the first one's day and time of day on the
    board's clocks, which no change of clocks moves. papers_days: working days before each by which papers are due.
    group_id: the task and finish group that meets, or nobody for the board itself.
    """

    __tablename__ = "meeting_series"
    __table_args__ = (
        owned(),
        within("members", "chair_id"),
        within("members", "deputy_id"),
        within("task_groups", "group_id"),
        CheckConstraint("way IN ('in person', 'online', 'both')", name="way"),
        CheckConstraint("minutes BETWEEN 5 AND 1440", name="minutes"),
        CheckConstraint("minute BETWEEN 0 AND 1439", name="minute"),
        CheckConstraint("rule <> ''", name="rule"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnerships.id"))
    ref: Mapped[str] = mapped_column(String(40), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    rule: Mapped[str] = mapped_column(String(200))
    begins_on: Mapped[datetime.date]
    minute: Mapped[int]
    minutes: Mapped[int]
    skips_holidays: Mapped[bool]
    papers_days: Mapped[int]
    way: Mapped[str] = mapped_column(String(10))
    place: Mapped[str] = mapped_column(String(300), default="")
    link: Mapped[str] = mapped_column(String(500), default="")
    chair_id: Mapped[int | None]
    deputy_id: Mapped[int | None]
    group_id: Mapped[int | None]
    planned_to: Mapped[datetime.date]  # occurrences up to this day have their rows
    ended_at: Mapped[datetime.datetime | None]
    created_at: Mapped[datetime.datetime]


class Meeting(Model):
    """One meeting.

    day: of a series the day that names this occurrence, which stays when it is moved. state: planned, published (its
    agenda is out), open (in session), ended, cancelled. sequence: how often its calendar entry has changed (RFC 5545,
    3.8.7.4). minutes: its length. record: how far its minutes are. current_id: the agenda entry that is being dealt
    with, since `current_at`. quorate: said by whoever ends it.
    """

    __tablename__ = "meetings"
    __table_args__ = (
        owned(),
        within("meeting_series", "series_id"),
        within("members", "chair_id"),
        within("members", "deputy_id"),
        within("task_groups", "group_id"),
        UniqueConstraint("partnership_id", "number"),
        UniqueConstraint("series_id", "day"),
        CheckConstraint("way IN ('in person', 'online', 'both')", name="way"),
        CheckConstraint("state IN ('planned', 'published', 'open', 'ended', 'cancelled')", name="state"),
        CheckConstraint("record IN ('', 'draft', 'circulated', 'approved')", name="record"),
        CheckConstraint("minutes BETWEEN 5 AND 1440", name="minutes"),
        CheckConstraint("sequence >= 0", name="sequence"),
        CheckConstraint("(state = 'cancelled') = (cancelled_why <> '')", name="cancelled_has_reason"),
        CheckConstraint("state IN ('planned', 'published', 'cancelled') OR opened_at IS NOT NULL", name="opened"),
        CheckConstraint("(state = 'ended') = (ended_at IS NOT NULL)", name="ended"),
        CheckConstraint("record = '' OR state = 'ended'", name="record_of_ended"),
        Index("ix_meetings_partnership_id_starts_at_id", "partnership_id", "starts_at", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnerships.id"))
    ref: Mapped[str] = mapped_column(String(40), unique=True)
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(200))
    series_id: Mapped[int | None]
    day: Mapped[datetime.date | None]
    starts_at: Mapped[datetime.datetime]
    minutes: Mapped[int]
    way: Mapped[str] = mapped_column(String(10))
    place: Mapped[str] = mapped_column(String(300), default="")
    link: Mapped[str] = mapped_column(String(500), default="")
    chair_id: Mapped[int | None]
    deputy_id: Mapped[int | None]
    group_id: Mapped[int | None]
    state: Mapped[str] = mapped_column(String(10), default="planned")
    sequence: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime.datetime]
    papers_days: Mapped[int]
    papers_due_at: Mapped[datetime.datetime]
    published_at: Mapped[datetime.datetime | None]
    opened_at: Mapped[datetime.datetime | None]
    current_id: Mapped[int | None]
    current_at: Mapped[datetime.datetime | None]
    ended_at: Mapped[datetime.datetime | None]
    cancelled_why: Mapped[str] = mapped_column(default="")
    record: Mapped[str] = mapped_column(String(10), default="")
    circulated_at: Mapped[datetime.datetime | None]
    approved_at: Mapped[datetime.datetime | None]
    created_at: Mapped[datetime.datetime]

    @property
    def ends_at(self) -> datetime.datetime:
        """When it is planned to end."""
        return self.starts_at + datetime.timedelta(minutes=self.minutes)

    def check_ahead(self) -> None:
        """Refuse what can only be done to a meeting that is still to come."""
        if self.state == "cancelled":
            raise Refused("This meeting was cancelled. Plan another one.")
        if self.state not in AHEAD:
            raise Refused("This meeting has begun already, so it can't be planned any more.")

    def check_open(self) -> None:
        """Refuse what can only be done while it is in session."""
        if self.state in AHEAD:
            raise Refused("This meeting has not begun yet. Its chair begins it from the meeting's card.")
        if self.state != "open":
            raise Refused("This meeting is over, so nothing was changed." if self.state == "ended" else _GONE)

    def check_not_over(self) -> None:
        """Refuse what makes no sense once it has ended or was cancelled."""
        if self.state == "ended":
            raise Refused("This meeting is over. Type meetings to see those to come.")
        if self.state == "cancelled":
            raise Refused(_GONE)


_GONE = "This meeting was cancelled. Type meetings to see those to come."


class CalendarFeed(Model):
    """A member's own address of the board's calendar; another token makes the earlier address lead nowhere."""

    __tablename__ = "calendar_feeds"
    __table_args__ = (within("members", "member_id"),)

    member_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnerships.id"))
    token: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime.datetime]
