"""All tables in one place, for migrations and for the checks that hold them against the models."""

from core.actions import models as actions
from core.agreements import models as agreements
from core.db import Model
from core.items import models as items
from core.meetings import agenda_models as agendas
from core.meetings import models as meetings
from core.membership import models as membership
from core.minutes import models as minutes
from core.outbox import Outgoing, Posting, Subject
from core.partners import models as partners
from core.polls import models as polls
from core.priorities import models as priorities
from core.privacy import models as privacy
from core.register import models as register
from core.reminders import models as reminders
from core.themes import models as themes
from core.workspaces import models as workspaces

metadata = Model.metadata

__all__ = [
    "Outgoing",
    "Posting",
    "Subject",
    "actions",
    "agendas",
    "agreements",
    "items",
    "meetings",
    "membership",
    "metadata",
    "minutes",
    "partners",
    "polls",
    "priorities",
    "privacy",
    "register",
    "reminders",
    "themes",
    "workspaces",
]
