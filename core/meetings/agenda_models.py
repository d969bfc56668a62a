"""What a meeting deals with: the entries of its agenda, the papers below them, and who comes."""

import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Model, owned, within

KINDS = ("standing", "item", "agreement", "actions", "priority", "matter", "report", "other")
WANTS = ("decision", "discussion", "noting")


class AgendaEntry(Model):
    """One entry of an agenda, by its position from 1 on.

    kind: where it comes from; about: the reference of what it deals with, such as an item, or of a standing one its
    own word. minutes: the time that it is given. state: waiting, current (being dealt with), done, or parked (left to
    another meeting).
    """

    __tablename__ = "agenda_entries"
    __table_args__ = (
        owned(),
        within("meetings", "meeting_id"),
        within("members", "lead_id"),
        within("themes", "theme_id"),
        CheckConstraint(f"kind IN ({', '.join(repr(kind) for kind in KINDS)})", name="kind"),
        CheckConstraint("wants IN ('decision', 'discussion', 'noting')", name="wants"),
        CheckConstraint("state IN ('waiting', 'current', 'done', 'parked')", name="state"),
        CheckConstraint("minutes BETWEEN 0 AND 600", name="minutes"),
        CheckConstraint("position >= 1", name="position"),
        Index("ix_agenda_entries_meeting_id_position", "meeting_id", "position"),
        Index("ix_agenda_entries_about", "about"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnerships.id"))
    ref: Mapped[str] = mapped_column(String(40), unique=True)
    meeting_id: Mapped[int]
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(10))
    title: Mapped[str] = mapped_column(String(300))
    detail: Mapped[str] = mapped_column(default="")
    wants: Mapped[str] = mapped_column(String(10))
    minutes: Mapped[int]
    lead_id: Mapped[int | None]
    theme_id: Mapped[int | None]
    about: Mapped[str] = mapped_column(String(40), default="")
    state: Mapped[str] = mapped_column(String(8), default="waiting")
    created_at: Mapped[datetime.datetime]


class Paper(Model):
    """A paper for a meeting: asked of its author, then handed in with its front sheet.

    state: asked, or in. body: its paragraphs, one a line, which are numbered when shown. link: where it can be read
    instead. restricted: only its author, its readers and those who steer the board see it.
    """

    __tablename__ = "papers"
    __table_args__ = (
        owned(),
        within("meetings", "meeting_id"),
        within("agenda_entries", "entry_id"),
        within("members", "author_id"),
        UniqueConstraint("partnership_id", "number"),
        CheckConstraint("state IN ('asked', 'in')", name="state"),
        CheckConstraint("state = 'asked' OR body <> '' OR link <> ''", name="in_has_text"),
        CheckConstraint("wants IN ('decision', 'discussion', 'noting')", name="wants"),
        Index("ix_papers_meeting_id", "meeting_id"),
        Index("ix_papers_author_id_state", "author_id", "state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnerships.id"))
    ref: Mapped[str] = mapped_column(String(40), unique=True)
    number: Mapped[int]
    meeting_id: Mapped[int]
    entry_id: Mapped[int | None]
    author_id: Mapped[int | None]
    title: Mapped[str] = mapped_column(String(300))
    report_of: Mapped[str] = mapped_column(String(200), default="")
    dated: Mapped[datetime.date | None]
    summary: Mapped[str] = mapped_column(default="")
    wants: Mapped[str] = mapped_column(String(10), default="discussion")
    contact: Mapped[str] = mapped_column(String(300), default="")
    implications: Mapped[str] = mapped_column(default="")
    recommendations: Mapped[str] = mapped_column(default="")
    body: Mapped[str] = mapped_column(default="")
    link: Mapped[str] = mapped_column(String(500), default="")
    restricted: Mapped[bool] = mapped_column(default=False)
    state: Mapped[str] = mapped_column(String(6), default="asked")
    created_at: Mapped[datetime.datetime]
    handed_in_at: Mapped[datetime.datetime | None]


class PaperReader(Model):
    """Somebody whom a restricted paper is for."""

    __tablename__ = "paper_readers"
    __table_args__ = (within("papers", "paper_id"), within("members", "member_id"))

    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnerships.id"))
    paper_id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(primary_key=True)


class Attendance(Model):
    """Whether a member comes, and whether he or she was there.

    reply: yes, apologies, substitute (who comes instead: `substitute_id` or, for somebody who is no member,
    `substitute`), or nothing yet. present: said during the meeting; empty while nobody has said.
    """

    __tablename__ = "attendances"
    __table_args__ = (
        within("meetings", "meeting_id"),
        within("members", "member_id"),
        within("members", "substitute_id"),
        CheckConstraint("reply IN ('', 'yes', 'apologies', 'substitute')", name="reply"),
        CheckConstraint("(reply = 'substitute') = (substitute <> '')", name="substitute"),
        CheckConstraint("substitute_id IS NULL OR substitute <> ''", name="substitute_named"),
    )

    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnerships.id"))
    meeting_id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int] = mapped_column(primary_key=True)
    reply: Mapped[str] = mapped_column(String(10), default="")
    substitute_id: Mapped[int | None]
    substitute: Mapped[str] = mapped_column(String(200), default="")
    present: Mapped[bool | None]
    replied_at: Mapped[datetime.datetime]


class EntryInterest(Model):
    """An interest that an organisation declares in an agenda entry: it is recused in the agreements below it."""

    __tablename__ = "entry_interests"
    __table_args__ = (
        within("agenda_entries", "entry_id"),
        within("organisations", "organisation_id"),
        within("members", "member_id"),
        CheckConstraint("nature <> ''", name="nature"),
        Index("ix_entry_interests_entry_id", "entry_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnerships.id"))
    entry_id: Mapped[int]
    organisation_id: Mapped[int]
    member_id: Mapped[int]
    nature: Mapped[str]
    declared_at: Mapped[datetime.datetime]
    withdrawn_at: Mapped[datetime.datetime | None]
