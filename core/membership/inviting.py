"""Handlers: inviting people, and the codes that they join with."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.cards import Block, Bold, Button, Buttons, Card, Option, Prose, Text
from core.commands import Context, Role
from core.db import new_ref
from core.errors import Incomplete, Refused
from core.membership import lookup
from core.membership.effects import lock_open, voices_changed
from core.membership.lookup import TOOLS
from core.membership.mentioning import check_account_is_free, connect, naming
from core.membership.params import Invite, ListMembers, NewCode, RevokeCode, ShowMember
from core.membership.records import noted
from core.membership.setup import back
from core.partners import queries as partners
from core.partners.actions import INVITATION_LASTS, invite
from core.partners.models import Invitation, Member, Organisation
from core.partners.naming import alike
from core.requests import Reply, Whisper, as_typed
from core.times import say_moment

_EMAIL = re.compile(r"[^@\s,;<>\"]+@[^@\s,;<>\"]+\.[^@\s,;<>\".]+")  # proved by nothing but a message that arrives
ALONE = "A code is for one person's eyes, and everyone here could read it. Ask me in our one-to-one chat."


def check_private(context: Context) -> None:
    """Refuse to say a code where others would read it."""
    if context.place.overheard and context.source == "line":
        raise Refused(ALONE)


def checked_email(text: str) -> str | None:
    """The address as it is kept. Raises Incomplete for what is none."""
    if text and not _EMAIL.fullmatch(text):
        raise Incomplete({"email": "That is not an email address; write one such as name@example.org."})
    return text or None


def _parted(name: str, email: str | None) -> tuple[str, str | None]:
    """A name without the email address written beside it, and that address. Raises Incomplete without a name."""
    found = _EMAIL.search(name)
    if found is None:
        return name, email
    rest = " ".join(name.replace(found[0], " ").split()).strip(" ,;<>()")
    if not rest:
        raise Incomplete({"name": "Please write the person's name too, beside the email address."})
    return rest, email or found[0]


async def invite_choices(context: Context, _given: Mapping[str, Any]) -> Mapping[str, tuple[Option, ...]]:
    """The board's organisations."""
    return {"organisation": await partners.organisation_options(context.session, context.me.board)}


async def invite_prefill(context: Context, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """The organisation from whose card the form was opened."""
    return {"organisation": str(given.get("partner", ""))}


async def invite_person(context: Context, params: Invite) -> Reply:
    """A member with a code; who was on the board before comes back as the same member, with the same history."""
    check_private(context)
    session, board = context.session, context.me.board
    await lock_open(session, board)
    organisation = await lookup.organisation(session, board, params.organisation)
    name, account = naming(context, params.name)
    name, email = _parted(name, checked_email(params.email))
    member = await _known(session, board, name, organisation, email)
    if member is not None and member.left_at is None:
        return await _already(context, member, organisation)
    if account:
        await check_account_is_free(context, account)
    await check_role_is_free(session, board, organisation, params.role)
    await check_email_is_free(session, board, email, member)
    returns = member is not None
    if member is None:
        member = Member(
            partnership_id=board,
            organisation_id=organisation.id,
            ref=new_ref("mem"),
            name=name,
            email=email,
            role=params.role,
            created_at=context.now,
        )
        session.add(member)
    else:
        member.left_at, member.role, member.email = None, params.role, email or member.email
    await session.flush()
    code = await invite(session, member, context.now)
    title = "A former member was invited again" if returns else "A member was invited"
    await noted(context, title, member.ref, organisation=organisation.ref, role=params.role)
    await voices_changed(session, board, organisation.id)
    if account:
        await connect(context, member, account)
    came_back = f"{member.name} was on the board before, so that history is kept." if returns else ""
    told = f"{member.name} is told by a direct message too, and needs no code in {TOOLS[context.actor.tool]}."
    return Whisper(
        await code_card(
            context, member, organisation.name, code, " ".join([came_back, told if account else ""]).strip()
        )
    )


async def _known(
    session: AsyncSession, board: int, name: str, organisation: Organisation, email: str | None
) -> Member | None:
    """Who was meant, if that person is known: by email, or by name in the same organisation; the present first."""
    rows = await session.execute(
        select(Member).where(Member.partnership_id == board).order_by(Member.left_at.is_not(None), Member.id.desc())
    )
    people = [each for each in rows.scalars() if each.organisation_id == organisation.id]
    if email:
        for each in people:
            if each.email and each.email.casefold() == email.casefold():
                return each
    return next((each for each in people if alike(each.name, name)), None)


async def _already(context: Context, member: Member, organisation: Organisation) -> Reply:
    if await lookup.joined(context.session, member):
        typed = as_typed(context.actor.tool, "link")
        raise Refused(
            f"{member.name} of {organisation.name} is on the board already. To use a second chat tool, type {typed}."
        )
    code = await invite(context.session, member, context.now)
    await noted(context, "A member was given a new code", member.ref)
    words = f"{member.name} was invited before, as {member.role}. This new code replaces the earlier one."
    return Whisper(await code_card(context, member, organisation.name, code, words))


async def check_role_is_free(session: AsyncSession, board: int, organisation: Organisation, role: str) -> None:
    """Refuse a second representative: an organisation speaks with one voice."""
    if role != Role.REPRESENTATIVE:
        return
    present = await lookup.representatives(session, board, organisation.id)
    if present:
        raise Incomplete(
            {
                "role": f"{present[0].name} is representative of {organisation.name}. "
                "Invite as deputy; once here, the deputy can take over with Change."
            }
        )


async def check_email_is_free(session: AsyncSession, board: int, email: str | None, member: Member | None) -> None:
    """Refuse an address that is another member's; who has left gives it up to who comes."""
    if not email:
        return
    found = await session.execute(
        select(Member).where(Member.partnership_id == board, func.lower(Member.email) == email.lower())
    )
    for other in found.scalars():
        if member is not None and other.id == member.id:
            continue
        if other.left_at is None:
            raise Incomplete({"email": f"That is {other.name}'s address already; each member has one of their own."})
        other.email = None
    await session.flush()


@dataclass(frozen=True, slots=True)
class Invited:
    """What an invitation says: for whom the code is, what it makes them, until when it works, and who sends it."""

    code: str
    name: str
    ref: str
    role: str
    organisation: str
    board: str
    until: str
    sender: str

    def message(self) -> str:
        """Words to send along with the code."""
        return (
            f"Dear {self.name},\n\n"
            f"the {self.board} meets in chat, with Folkmoot. "
            f"You are invited as {self.role} for {self.organisation}.\n\n"
            f"In Slack, type: {as_typed('slack', f'join {self.code}')}\n"
            "In Microsoft Teams, find Folkmoot among the apps and write to it: "
            f"{as_typed('teams', f'join {self.code}')}\n\n"
            f"The code is yours alone. It works once, until {self.until}.\n\n{self.sender}"
        )


async def code_card(context: Context, member: Member, organisation: str, code: str, note: str = "") -> Card:
    """The card of a new code."""
    board = await partners.partnership(context.session, context.me.board)
    until = say_moment(context.now + INVITATION_LASTS, context.me.zone)
    made = Invited(code, member.name, member.ref, member.role, organisation, board.name, until, context.me.name)
    return invited_card(made, note, await back(context.session, context.me.board))


def invited_card(made: Invited, note: str = "", way: tuple[Button, ...] = ()) -> Card:
    """The code, words to send along with it, and what may come next."""
    blocks: list[Block] = [Text((note,), "attention")] if note else []
    blocks += [
        Text(("The code of ", Bold(made.name), f", {made.role} for {made.organisation}, is ", Bold(made.code), ".")),
        Text((f"It works once, until {made.until}. Nobody else should have it. You may send this message:",), "subtle"),
        Prose(made.message()),
        Buttons(
            (
                Button("Invite another", Invite(), style="primary", asks=True),
                Button("See this member", ShowMember(made.ref)),
                Button("All members", ListMembers()),
                *way,
            )
        ),
    ]
    return Card(title="Invited", blocks=tuple(blocks), summary=f"{made.name} joins with the code {made.code}.")


async def new_code(context: Context, params: NewCode) -> Reply:
    """A code that replaces the earlier one; for somebody who has joined, it adds another account."""
    check_private(context)
    member = await lookup.member(context.session, context.me.board, params.member)
    code = await invite(context.session, member, context.now)
    await noted(context, "A member was given a new code", member.ref)
    organisation = await context.session.get_one(Organisation, member.organisation_id)
    here = await lookup.joined(context.session, member)
    note = f"{member.name} is here already: with this code, one more account becomes that person's." if here else ""
    return Whisper(await code_card(context, member, organisation.name, code, note))


async def revoke_code(context: Context, params: RevokeCode) -> Reply:
    """No code of this member works any more."""
    member = await lookup.member(context.session, context.me.board, params.member)
    ended = await context.session.execute(
        update(Invitation)
        .where(
            Invitation.partnership_id == context.me.board,
            Invitation.member_id == member.id,
            Invitation.used_at.is_(None),
            Invitation.expires_at > context.now,
        )
        .values(expires_at=context.now)
        .returning(Invitation.id)
    )
    if not ended.all():
        raise Refused(f"{member.name} has no code that still works.")
    await noted(context, "A member's code was revoked", member.ref)
    words = f"The code of {member.name} no longer works. You can make a new one at any time."
    buttons = Buttons((Button("New code", NewCode(member.ref)), Button("See this member", ShowMember(member.ref))))
    return Whisper(Card(title="Revoked", blocks=(Text((words,)), buttons), summary=words))
