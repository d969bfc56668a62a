"""Handlers: one person in two tools. A code asked for in one and entered in the other makes two accounts one."""

import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.cards import Bold, Button, Buttons, Card, Text
from core.commands import Context, Person
from core.errors import Refused
from core.membership import guessing
from core.membership.inviting import check_private
from core.membership.lookup import TOOLS
from core.membership.merging import merge, merged_role
from core.membership.models import Link
from core.membership.params import LinkAccounts, Unlink
from core.membership.records import record, said
from core.partners import queries as partners
from core.partners.actions import identity_of
from core.partners.codes import hash_of, new_code
from core.partners.models import Identity, Member
from core.requests import Actor, Reply, Tool, Whisper, as_typed

LASTS = datetime.timedelta(minutes=15)
NOT_GOOD = "That code is not good any more. In your other chat tool, type link for a new one, and enter it here."


async def link(context: Context, params: LinkAccounts) -> Reply:
    """A code for whoever has joined; with a code, the two accounts become one person."""
    check_private(context)
    if not params.code:
        return await _give(context)
    await guessing.check_may_try(context)
    found = await context.session.execute(select(Link).where(Link.code_hash == hash_of(params.code)).with_for_update())
    row = found.scalar_one_or_none()
    giver = _giver(row) if row is not None else None
    theirs = await partners.persons_of(context.session, giver) if giver else []
    if row is None or giver is None or not theirs or row.used_at is not None or row.expires_at <= context.now:
        await guessing.note_wrong(context)
        return Whisper(Card(title="Not done", blocks=(Text((NOT_GOOD,)),), summary=NOT_GOOD))
    actor = context.actor
    if (giver.tool, giver.workspace, giver.user) == (actor.tool, actor.workspace, actor.user):
        raise Refused("This is the account that asked for the code. Enter it in your other chat tool.")
    mine = await partners.persons_of(context.session, actor)
    if mine and not params.sure:
        return await _ask(context, theirs, params.code)
    row.used_at = context.now
    lines = await _join_up(context, giver, theirs, mine)
    return said("Linked", *lines, f"Not what you wanted? Type {as_typed(actor.tool, 'unlink')} here.")


def _giver(row: Link) -> Actor:
    tool: Tool = "slack" if row.tool == "slack" else "teams"
    return Actor(tool, row.workspace, row.account)


async def _give(context: Context) -> Reply:
    session, actor, now = context.session, context.actor, context.now
    if not await partners.persons_of(session, actor):
        typed = as_typed(actor.tool, "link")
        raise Refused(f"Type link in the chat tool in which you have joined already, then {typed} and the code here.")
    await session.execute(
        update(Link)
        .where(
            Link.tool == actor.tool,
            Link.workspace == actor.workspace,
            Link.account == actor.user,
            Link.used_at.is_(None),
            Link.expires_at > now,
        )
        .values(expires_at=now)
    )
    code = new_code()
    session.add(
        Link(
            code_hash=hash_of(code),
            tool=actor.tool,
            workspace=actor.workspace,
            account=actor.user,
            expires_at=now + LASTS,
            created_at=now,
        )
    )
    await session.flush()
    return Whisper(link_card(actor.tool, code))


def link_card(tool: Tool, code: str) -> Card:
    """The code, and where to enter it."""
    other: Tool = "teams" if tool == "slack" else "slack"
    typed = as_typed(other, f"link {code}")
    blocks = (
        Text(("In your other chat tool, type: ", Bold(typed))),
        Text((f"That is how {TOOLS[other]} wants it typed; the code works in another {TOOLS[tool]} too.",), "subtle"),
        Text(("It works once, for 15 minutes. Whoever enters it becomes you, so give it to nobody.",), "attention"),
    )
    return Card(title="Link your accounts", blocks=blocks, summary=f"In your other chat tool, type {typed}.")


async def _ask(context: Context, theirs: list[Person], code: str) -> Reply:
    """Whoever is on boards already is asked first, because both accounts will speak for all of them."""
    first = theirs[0]
    words = f"The code comes from {first.name} of {first.organisation_name}. Is that you?"
    after = "From then on, both accounts are one person on all boards of either, with one vote on each."
    button = Button("Yes, that is me", LinkAccounts(code, sure=True), style="primary")
    return said("Is that you?", words, after, blocks=(Buttons((button,)),))


async def _join_up(context: Context, giver: Actor, theirs: list[Person], mine: list[Person]) -> list[str]:
    """Make the accounts one person on every board of either; what they are now. Raises Refused, and nothing is done."""
    here = {person.board: person for person in mine}
    for person in theirs:
        other = here.get(person.board)
        if other is not None and other.member != person.member:
            await _check_may_merge(context, person, other)
    lines = []
    for person in sorted(theirs, key=lambda each: each.board):
        other = here.pop(person.board, None)
        if other is None:
            member = await context.session.get_one(Member, person.member)
            context.session.add(identity_of(member, context.actor, context.place, context.now))
            await _on_record(context, person, member, "An account was linked", context.actor.tool)
        elif other.member != person.member:
            await _merge(context, person, other)
        lines.append(await _who(context.session, person))
    for person in here.values():
        await _add_giver(context, giver, theirs[0], person)
        lines.append(await _who(context.session, person))
    return lines


async def _check_may_merge(context: Context, kept: Person, gone: Person) -> None:
    if kept.organisation != gone.organisation:
        board = await partners.partnership(context.session, kept.board)
        raise Refused(
            f"On the {board.name} one account is {kept.name} of {kept.organisation_name} and the other {gone.name} of "
            f"{gone.organisation_name}. Ask the coordinator to remove one of them first."
        )
    merged_role(kept, gone)


async def _merge(context: Context, kept: Person, gone: Person) -> None:
    session = context.session
    remains = await session.get_one(Member, kept.member)
    goes = await session.get_one(Member, gone.member)
    await merge(session, remains, goes, merged_role(kept, gone), context.now)
    await record(session, kept, kept.board, context.now, "Two members became one", remains.ref, merged=goes.ref)


async def _add_giver(context: Context, giver: Actor, giver_person: Person, person: Person) -> None:
    """The other account becomes this board's member too, reached where that account was last met."""
    session = context.session
    met = await session.execute(
        select(Identity).where(
            Identity.partnership_id == giver_person.board,
            Identity.tool == giver.tool,
            Identity.workspace == giver.workspace,
            Identity.account == giver.user,
        )
    )
    known = met.scalar_one()
    member = await session.get_one(Member, person.member)
    session.add(
        Identity(
            partnership_id=person.board,
            member_id=person.member,
            tool=giver.tool,
            workspace=giver.workspace,
            account=giver.user,
            conversation=known.conversation,
            service_url=known.service_url,
            bot=known.bot,
            seen_at=known.seen_at,
            created_at=context.now,
        )
    )
    await session.flush()
    await _on_record(context, person, member, "An account was linked", giver.tool)


async def _on_record(context: Context, by: Person, member: Member, title: str, tool: str) -> None:
    await context.session.flush()
    await record(context.session, by, by.board, context.now, title, member.ref, tool=tool)


async def _who(session: AsyncSession, person: Person) -> str:
    board = await partners.partnership(session, person.board)
    now = await partners.person(session, person.member) or person
    return f"On the {board.name} you are {now.name} of {now.organisation_name}, {now.role}, in both accounts."


async def unlink(context: Context, params: Unlink) -> Reply:
    """Take this account off wherever the person has another one."""
    session, actor = context.session, context.actor
    mine = await partners.persons_of(session, actor)
    if not mine:
        raise Refused(f"This account is nobody's. To join a board, type {as_typed(actor.tool, 'join')} and your code.")
    gone: list[Person] = []
    for person in mine:
        count = select(func.count()).select_from(Identity).where(Identity.member_id == person.member)
        if (await session.execute(count)).scalar_one() > 1:
            gone.append(person)
    if not gone:
        typed = as_typed(actor.tool, "leave")
        raise Refused(f"This is your only account on the board, so it stays. To leave the board, type {typed}.")
    names = await partners.board_names(session, [person.board for person in gone])
    for person in gone:
        await session.execute(
            delete(Identity).where(
                Identity.partnership_id == person.board,
                Identity.tool == actor.tool,
                Identity.workspace == actor.workspace,
                Identity.account == actor.user,
            )
        )
        member = await session.get_one(Member, person.member)
        await _on_record(context, person, member, "An account was unlinked", actor.tool)
    boards = ", ".join(names[person.board][1] for person in gone)
    words = f"This account no longer speaks for you on the {boards}. Your other account does, and all history is kept."
    return said("Unlinked", words)
