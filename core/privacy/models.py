"""How long a board keeps what it needs only for a while."""

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from core.db import Model


class Keeping(Model):
    """Days after which what is transient is deleted; without a row, the defaults.

    left_days: so long after leaving, a member is erased; None for never, until somebody asks.
    """

    __tablename__ = "keepings"
    __table_args__ = (
        CheckConstraint("days BETWEEN 7 AND 3650", name="days"),
        CheckConstraint("left_days BETWEEN 1 AND 36500", name="left_days"),
    )

    partnership_id: Mapped[int] = mapped_column(ForeignKey("partnerships.id"), primary_key=True, autoincrement=False)
    days: Mapped[int] = mapped_column(default=90)
    left_days: Mapped[int | None]
