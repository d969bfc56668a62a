"""Every change of who belongs stands in the register, with who made it; people stand there by reference."""

import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from core.cards import Block, Card, Text
from core.commands import Context, Person
from core.register.actions import append
from core.requests import Whisper

KIND = "membership"


async def record(
    session: AsyncSession,
    by: Person | str,
    board: int,
    now: datetime.datetime,
    title: str,
    subject: str,
    **detail: Any,
) -> None:
    """Write down a change. title: neutral words; subject and detail name people by their references alone."""
    await append(session, board, KIND, subject=subject, title=title, now=now, by=by, detail=detail)


async def noted(context: Context, title: str, subject: str, **detail: Any) -> None:
    """The same for what the acting member did."""
    await record(context.session, context.me, context.me.board, context.now, title, subject, **detail)


def said(title: str, *sentences: str, blocks: tuple[Block, ...] = ()) -> Whisper:
    """A short answer for one person, with what may follow."""
    texts = tuple(Text((each,)) for each in sentences)
    return Whisper(Card(title=title, blocks=(*texts, *blocks), summary=" ".join(sentences)))
