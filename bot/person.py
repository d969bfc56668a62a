"""`folkmoot person …`: what is kept about one person, handed out or forgotten by the operator."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from core.errors import Refused

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncSession

    from core.partners.models import Member

person = typer.Typer(help="Hand out or erase what is kept about one person.", no_args_is_help=True)

Who = Annotated[str, typer.Argument(help="The person's e-mail address, name or reference; who has left counts too.")]
Board = Annotated[str, typer.Option("--partnership", help="Which board: its name, code or reference.")]


async def _found(session: "AsyncSession", board: str, wanted: str) -> "Member":
    from sqlalchemy import select

    from bot.boards import find_board
    from core.exchange.shapes import same
    from core.partners.models import Member
    from core.texts import quoted

    partnership = await find_board(session, board)
    rows = await session.execute(
        select(Member).where(Member.partnership_id == partnership.id, Member.erased_at.is_(None)).order_by(Member.id)
    )
    members = rows.scalars().all()
    found = [each for each in members if each.ref == wanted or (each.email and same(each.email) == same(wanted))]
    found = found or [each for each in members if same(each.name) == same(wanted)]
    if not found:
        raise Refused(f"The {partnership.name} knows nobody called {quoted(wanted, 80)}; give an email or a name.")
    if len(found) > 1:
        raise Refused(f"{len(found)} members of the {partnership.name} have the name {quoted(wanted)}; give the email.")
    return found[0]


@person.command("export")
def export(
    who: Who,
    partnership: Board = "",
    output: Annotated[Path | None, typer.Option("-o", "--output", help="A file; else it is printed.")] = None,
) -> None:
    """Write down everything that a board keeps about one person, in JSON."""
    import sys

    from bot import exporting
    from bot.cli import settings_here
    from bot.records import run
    from core.privacy.gathering import gather

    async def work(session: "AsyncSession") -> dict[str, Any]:
        member = await _found(session, partnership, who)
        gathered = await gather(session, member.partnership_id, member.ref)
        return gathered or {}

    made = exporting.as_json(run(settings_here(), work))
    if output is not None:
        exporting.write_file(output, made)
        return
    sys.stdout.buffer.write(made)
    sys.stdout.buffer.flush()


@person.command("erase")
def erase(
    who: Who,
    partnership: Board = "",
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask; nobody can undo it.")] = False,
) -> None:
    """Erase one person from a board, for good.

    What was said for an organisation stays, by a former member. The file then holds nothing of the person (on SQLite
    it is rewritten); backups do until they are replaced.
    """
    from bot.cli import settings_here
    from bot.clock import SystemClock
    from bot.compacting import compact
    from bot.records import run
    from core.privacy import erasing
    from core.register.actions import OPERATOR

    settings, now = settings_here(), SystemClock().now()

    async def name(session: "AsyncSession") -> str:
        return (await _found(session, partnership, who)).name

    if not yes:
        typer.confirm(f"Erase {run(settings, name)} for good?", abort=True)

    async def work(session: "AsyncSession") -> str:
        member = await _found(session, partnership, who)
        return await erasing.erase(session, member.partnership_id, member.ref, OPERATOR, now)

    stays = run(settings, work, writes=True)
    compact(settings)
    print(f"Erased. What stays is by {stays[0].lower()}{stays[1:]}. Old backups still hold the name; let them age out.")
