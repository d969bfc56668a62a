"""Entries from before people stood in the register by reference: brought to the present format, and sealed anew.

Only when somebody named in them is erased, since the seals that were posted in the rooms no longer fit then; the head
until then goes on record. A chain that is not whole is left alone: sealing it anew would hide what was done to it.
"""

import re
from collections.abc import Mapping

from sqlalchemy.ext.asyncio import AsyncSession

from core.errors import Refused
from core.register.actions import seal_of
from core.register.naming import names_of, with_references
from core.register.queries import entries, flaws
from core.register.seal import FIRST

_ACTOR = re.compile(r"(.+) (\(.+\))", re.DOTALL)


async def without_names(session: AsyncSession, board: int, more: Mapping[str, str]) -> str:
    """Put references in the place of names in old entries; the chain's head until now, empty if none was old.

    more: references by further names, such as those that somebody had before. Raises Refused.
    """
    chain = await entries(session, board)
    if all(entry.format == 2 for entry in chain):
        return ""
    seal = seal_of(session)
    if flaws(chain, seal):
        raise Refused("The register is not whole, so nobody can be erased from it. Ask the operator to run verify.")
    known = {name: ref for ref, name in (await names_of(session, board)).items()} | dict(more)
    head, previous = chain[-1].seal, FIRST
    for entry in chain:
        if entry.format == 1:
            found = _ACTOR.fullmatch(entry.actor)
            if found and found[1] in known:
                entry.actor = f"{known[found[1]]} {found[2]}"
            entry.detail, entry.format = with_references(entry.detail, known), 2
        entry.previous, entry.key_id = previous, seal.key_id
        entry.seal = previous = seal.of(entry)
    await session.flush()
    return head
