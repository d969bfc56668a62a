"""People in the register: sealed by their references, read by the names that they have now.

So a person can be erased and the chain stays whole: the reference then leads to a pseudonym.
"""

import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.partners.models import Member

_REFERENCE = re.compile(r"\bmem_[a-z2-7]{16}\b")


async def names_of(session: AsyncSession, board: int) -> dict[str, str]:
    """What each member of this board, present or gone, is called now, by reference."""
    rows = await session.execute(select(Member.ref, Member.name).where(Member.partnership_id == board))
    return dict(rows.tuples().all())


def with_names(value: Any, names: Mapping[str, str]) -> Any:
    """The same with a name for each reference in its texts, however deep they stand."""
    if isinstance(value, str):
        return _REFERENCE.sub(lambda found: names.get(found[0], found[0]), value)
    if isinstance(value, Mapping):
        return {key: with_names(each, names) for key, each in value.items()}
    return [with_names(each, names) for each in value] if isinstance(value, list) else value


def with_references(value: Any, names: Mapping[str, str]) -> Any:
    """The same with a reference for each text that is somebody's name, whole; names within a sentence stay.

    names: reference by name.
    """
    if isinstance(value, str):
        return names.get(value, value)
    if isinstance(value, Mapping):
        return {key: with_references(each, names) for key, each in value.items()}
    return [with_references(each, names) for each in value] if isinstance(value, list | tuple) else value
