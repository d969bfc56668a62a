"""An item: what a partner raises, and what became of it."""

import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Model, owned, within

STATES = ("raised", "agenda", "pipeline", "action", "answered", "parked", "declined", "merged", "withdrawn")
WAITING = ("raised", "parked")


class Item(Model):
    """Something raised with the board.

    wants: the input requested. state: raised, until the chair or the coordinator has found its way on. answer: what
    the raiser was told, with the reason. became: the reference of the priority, the action or the item that it went
    into. confidential: only its raiser and the chair see it. link: the message that it came from.
    """

    __tablename__ = "items"
    __table_args__ = (
        owned(),
        within("members", "raiser_id"),
        within("members", "triaged_by_id"),
        within("organisations", "organisation_id"),
        within("themes", "theme_id"),
        UniqueConstraint("partnership_id", "number"),
        CheckConstraint("wants IN ('decision', 'discussion', 'noting')", name="wants"),
        CheckConstraint(f"state IN ({', '.join(repr(state) for state in STATES)})", name="state"),
        CheckConstraint("(state = 'parked') = (parked_until IS NOT NULL)", name="parked_until"),
        CheckConstraint("(state IN ('pipeline', 'action', 'merged')) = (became <> '')", name="became"),
        CheckConstraint("(state = 'raised') = (triaged_at IS NULL)", name="triaged"),
        Index("ix_items_partnership_id_state_id", "partnership_id", "state", "id"),
        Index("ix_items_became", "became"),
        Index("ix_items_theme_id_id", "theme_id", "id"),
        Index("ix_items_raiser_id", "raiser_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnerships.id"))
    ref: Mapped[str] = mapped_column(String(40), unique=True)
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(300))
    detail: Mapped[str] = mapped_column(default="")
    wants: Mapped[str] = mapped_column(String(12), default="discussion")
    theme_id: Mapped[int | None]
    raiser_id: Mapped[int | None]
    organisation_id: Mapped[int | None]
    confidential: Mapped[bool] = mapped_column(default=False)
    link: Mapped[str] = mapped_column(String(500), default="")
    state: Mapped[str] = mapped_column(String(10), default="raised")
    answer: Mapped[str] = mapped_column(default="")
    became: Mapped[str] = mapped_column(String(40), default="")
    parked_until: Mapped[datetime.date | None]
    triaged_by_id: Mapped[int | None]
    triaged_at: Mapped[datetime.datetime | None]
    created_at: Mapped[datetime.datetime]
    folded: Mapped[str] = mapped_column(default="")

    def waits(self, today: datetime.date) -> bool:
        """Whether its way on is to be found now: never was, or its time of rest is over."""
        return self.state == "raised" or (self.parked_until is not None and self.parked_until <= today)


class ItemSupport(Model):
    """An organisation that has the same concern."""

    __tablename__ = "item_supports"
    __table_args__ = (
        within("items", "item_id"),
        within("organisations", "organisation_id"),
        within("members", "member_id"),
    )

    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnerships.id"))
    item_id: Mapped[int] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(primary_key=True)
    member_id: Mapped[int]
    at: Mapped[datetime.datetime]
