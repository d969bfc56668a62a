"""A theme of the partnership."""

import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Model, owned, within


class Theme(Model):
    """A field of joint work. state: proposed, then agreed by an agreement (`agreed_by`, its ref), later retired."""

    __tablename__ = "themes"
    __table_args__ = (
        owned(),
        within("organisations", "lead_id"),
        UniqueConstraint("partnership_id", "name"),
        UniqueConstraint("partnership_id", "number"),
        CheckConstraint("state IN ('proposed', 'agreed', 'retired')", name="state"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnerships.id"))
    ref: Mapped[str] = mapped_column(String(40), unique=True)
    number: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    scope: Mapped[str] = mapped_column(default="")
    lead_id: Mapped[int | None]
    objectives: Mapped[list[str]]
    projects: Mapped[list[str]]
    state: Mapped[str] = mapped_column(String(10), default="proposed")
    agreed_by: Mapped[str | None] = mapped_column(String(40))
    created_at: Mapped[datetime.datetime]

    def agree(self, by: str) -> None:
        """The partners have agreed this theme, by the agreement with this reference. A retired one stays retired."""
        if self.state == "proposed":
            self.state, self.agreed_by = "agreed", by

    def unagree(self, by: str) -> None:
        """The agreement that agreed this theme is open again, so the theme is a proposal again."""
        if self.state == "agreed" and self.agreed_by == by:
            self.state, self.agreed_by = "proposed", None
