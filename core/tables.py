"""All tables in one place, for migrations and for the checks that hold them against the models."""

from core.agreements import models as agreements
from core.db import Model
from core.outbox import Outgoing, Posting, Subject
from core.partners import models as partners
from core.polls import models as polls
from core.register import models as register
from core.reminders import models as reminders
from core.themes import models as themes

metadata = Model.metadata

__all__ = [
    "Outgoing",
    "Posting",
    "Subject",
    "agreements",
    "metadata",
    "partners",
    "polls",
    "register",
    "reminders",
    "themes",
]
