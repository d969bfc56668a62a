"""What happened in a meeting, note by note, and the minutes that were made of it."""

import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Model, owned, within

NOTES = ("note", "decision", "agreement", "poll", "action", "parked")


class SessionNote(Model):
    """One thing that happened in a meeting, below the agenda entry that was being dealt with.

    kind: a note, a decision (whose number in the register is `number`), an agreement or poll put, an action promised
    (`about` is its reference), or a matter parked.
    """

    __tablename__ = "session_notes"
    __table_args__ = (
        within("meetings", "meeting_id"),
        within("agenda_entries", "entry_id"),
        within("members", "member_id"),
        CheckConstraint(f"kind IN ({', '.join(repr(kind) for kind in NOTES)})", name="kind"),
        CheckConstraint("(kind = 'decision') = (number <> '')", name="decision_is_numbered"),
        CheckConstraint("kind NOT IN ('agreement', 'poll', 'action') OR about <> ''", name="about"),
        CheckConstraint("text <> ''", name="text"),
        Index("ix_session_notes_meeting_id", "meeting_id"),
        Index("ix_session_notes_about", "about"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnerships.id"))
    ref: Mapped[str] = mapped_column(String(40), unique=True)
    meeting_id: Mapped[int]
    entry_id: Mapped[int | None]
    member_id: Mapped[int | None]
    kind: Mapped[str] = mapped_column(String(10))
    text: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    about: Mapped[str] = mapped_column(String(40), default="")
    number: Mapped[str] = mapped_column(String(30), default="")
    at: Mapped[datetime.datetime]


class MinuteSection(Model):
    """One section of a meeting's minutes: a heading, and a paragraph on each line, numbered 1.1, 1.2 … when shown."""

    __tablename__ = "minute_sections"
    __table_args__ = (
        owned(),
        within("meetings", "meeting_id"),
        within("agenda_entries", "entry_id"),
        UniqueConstraint("meeting_id", "position"),
        CheckConstraint("position >= 1", name="position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnerships.id"))
    ref: Mapped[str] = mapped_column(String(40), unique=True)
    meeting_id: Mapped[int]
    entry_id: Mapped[int | None]
    position: Mapped[int]
    title: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(default="")
    edited_at: Mapped[datetime.datetime | None]


class MinuteCorrection(Model):
    """A correction that somebody asks for after the minutes were circulated: asked, made, or not made with a reason."""

    __tablename__ = "minute_corrections"
    __table_args__ = (
        within("meetings", "meeting_id"),
        within("members", "member_id"),
        CheckConstraint("state IN ('asked', 'made', 'not made')", name="state"),
        CheckConstraint("text <> ''", name="text"),
        CheckConstraint("state <> 'not made' OR answer <> ''", name="answer"),
        Index("ix_minute_corrections_meeting_id", "meeting_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnerships.id"))
    ref: Mapped[str] = mapped_column(String(40), unique=True)
    meeting_id: Mapped[int]
    member_id: Mapped[int | None]
    text: Mapped[str]
    state: Mapped[str] = mapped_column(String(10), default="asked")
    answer: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime.datetime]
