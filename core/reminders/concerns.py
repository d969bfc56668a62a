"""Everyone who has something to remind of: one explicit list. A feature joins by offering a Concern here."""

from collections.abc import Mapping

from core.agreements.reminding import CONCERN as AGREEMENTS
from core.concerns import Concern
from core.polls.reminding import CONCERN as POLLS

CONCERNS: tuple[Concern, ...] = (AGREEMENTS, POLLS)

CONCERN_OF: Mapping[str, Concern] = {concern.name: concern for concern in CONCERNS}
