"""Everyone who has something to remind of: one explicit list. A feature joins by offering a Concern here."""

from core.actions.reminding import CONCERN as ACTIONS
from core.agreements.reminding import CONCERN as AGREEMENTS
from core.concerns import Concern
from core.items.reminding import CONCERN as ITEMS
from core.meetings.reminding import CONCERN as MEETINGS
from core.membership.concern import CONCERN as SETUP
from core.polls.reminding import CONCERN as POLLS
from core.priorities.reminding import CONCERN as PRIORITIES

CONCERNS: tuple[Concern, ...] = (SETUP, AGREEMENTS, POLLS, MEETINGS, ACTIONS, ITEMS, PRIORITIES)
