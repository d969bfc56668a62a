"""Changing roles and taking people off: never the last who steers, always on record, with what follows from it."""

from sqlalchemy import delete, update

from core.actions.forgetting import pass_on
from core.commands import STEERING, Context, Role
from core.errors import Refused
from core.membership import lookup
from core.membership.covering import call_off
from core.membership.effects import lock_open, voices_changed
from core.membership.records import noted
from core.partners.models import Identity, Invitation, Member


async def check_not_last(context: Context, member: Member) -> None:
    """Refuse to lose the last chair or the last coordinator who can act."""
    role = Role(member.role)
    if role not in STEERING or not await lookup.joined(context.session, member):
        return
    if await lookup.steerers_here(context.session, context.me.board, (role,)) > 1:
        return
    who = "You are" if member.id == context.me.member else f"{member.name} is"
    raise Refused(f"{who} the board's only {role}. Make somebody else {role} first, then try again.")


async def change_role(context: Context, member: Member, role: Role) -> None:
    """Give a member another role; a deputyship for a while ends with it. Raises Refused."""
    if member.role == role:
        return
    await lock_open(context.session, member.partnership_id)
    await check_not_last(context, member)
    before = member.role
    await call_off(context.session, member.partnership_id, member.id)
    member.role = role.value
    await context.session.flush()
    await noted(context, "A member's role was changed", member.ref, before=before, role=role.value)
    await voices_changed(context.session, member.partnership_id, member.organisation_id)


async def take_off(context: Context, member: Member, title: str, successor: Member | None = None) -> str:
    """End a membership: nobody acts as this member any more, and what was said stays. Raises Refused.

    What becomes of the member's open actions is given back as a sentence; empty if there were none. successor: who
    takes the member's place, and is asked to take the actions over, too.
    """
    await lock_open(context.session, member.partnership_id)
    await check_not_last(context, member)
    session = context.session
    role = member.role
    await call_off(session, member.partnership_id, member.id)
    member.left_at = context.now
    # The accounts go, so that whoever comes back does so by a new code and nobody else answers for them.
    await session.execute(delete(Identity).where(Identity.member_id == member.id))
    await session.execute(
        update(Invitation)
        .where(Invitation.member_id == member.id, Invitation.used_at.is_(None), Invitation.expires_at > context.now)
        .values(expires_at=context.now)
    )
    await session.flush()
    await noted(context, title, member.ref, role=role)
    await voices_changed(session, member.partnership_id, member.organisation_id)
    count, heir = await pass_on(session, member, context.me, context.now, successor)
    actions = f"{count} open {'action' if count == 1 else 'actions'}"
    if heir:
        return f"{heir} is asked to take over {actions}."
    needs = "needs another owner" if count == 1 else "need other owners"
    return f"{actions} {needs}; the chair and the coordinator are told." if count else ""
