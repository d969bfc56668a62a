"""One entry of the register, chained to the one before."""

import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Model


class Entry(Model):
    """What was decided or changed, by whom, and the seal that binds it to all that came before.

    `number` is a decision's own (BPB-2026-014); other changes have none. `seal` is an HMAC over the entry and
    the seal before it, with a key that is not in the database; `key_id` names that key, so it can be rotated.
    format: 2 knows people by their references, so that who is erased leaves no name in it; 1, from before, by name.
    """

    __tablename__ = "register"
    __table_args__ = (
        UniqueConstraint("partnership_id", "position"),
        UniqueConstraint("partnership_id", "previous"),
        UniqueConstraint("partnership_id", "number"),
        CheckConstraint("position >= 1", name="position"),
        CheckConstraint("format IN (1, 2)", name="format"),
        CheckConstraint("(kind = 'decision') = (number IS NOT NULL)", name="decisions_are_numbered"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnerships.id"))
    position: Mapped[int]
    number: Mapped[str | None] = mapped_column(String(30))
    kind: Mapped[str] = mapped_column(String(30))
    title: Mapped[str] = mapped_column(String(300))
    subject: Mapped[str] = mapped_column(String(40), index=True)
    detail: Mapped[dict[str, Any]]
    actor: Mapped[str] = mapped_column(String(420))
    at: Mapped[datetime.datetime]
    previous: Mapped[str] = mapped_column(String(64))
    seal: Mapped[str] = mapped_column(String(64))
    key_id: Mapped[str] = mapped_column(String(8))
    format: Mapped[int] = mapped_column(default=2, server_default=text("1"))
