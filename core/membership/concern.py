"""What waits for those who set up a board: home tells it, and nothing reminds of it."""

import datetime
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from core.commands import Person, Sight
from core.concerns import Concern, Entry, Frame, News, Reminder
from core.membership.setup import waiting


async def _boards(session: AsyncSession, start: datetime.datetime, end: datetime.datetime) -> Sequence[int]:
    return ()


async def _reminders(
    session: AsyncSession, board: int, frame: Frame, start: datetime.datetime, end: datetime.datetime
) -> Sequence[Reminder]:
    return ()


async def _entry(sight: Sight, person: Person, what: str, step: str) -> Entry | None:
    return None


async def _news(sight: Sight, zone: ZoneInfo, start: datetime.datetime, end: datetime.datetime) -> News:
    return News()


CONCERN = Concern(name="setup", boards=_boards, due_reminders=_reminders, entry=_entry, waiting=waiting, news=_news)
