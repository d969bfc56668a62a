"""Inviting somebody whose account is named in the line: that account is the member's at once, and is told so."""

from typing import Any

from sqlalchemy import delete, select

from core.agreements.views import ListAgreements
from core.cards import Bold, Button, Buttons, Card, Text
from core.commands import Context, Sight, View
from core.errors import Incomplete, Refused
from core.membership import lookup
from core.membership.changes import check_not_last
from core.membership.params import NotMe, ShowWelcome
from core.membership.records import noted, said
from core.outbox import announce
from core.partners import queries as partners
from core.partners.actions import identity_of
from core.partners.models import Identity, Member, Organisation
from core.requests import Actor, Place, Reply


def naming(context: Context, name: str) -> tuple[str, str]:
    """The person's name, and the account that the line names for it, if it does; empty without one.

    Raises Incomplete where the tool tells the account alone.
    """
    for written, account in context.people:
        if f"@{written}" in name:
            rest = " ".join(name.replace(f"@{written}", " ").split())
            if not rest and written == account:
                raise Incomplete({"name": "Please write the person's name too, beside the mention."})
            return rest or written, account
    return name, ""


async def check_account_is_free(context: Context, account: str) -> None:
    """Refuse an account that is a member of this board already. Raises Refused."""
    actor = Actor(context.actor.tool, context.actor.workspace, account)
    for person in await partners.persons_of(context.session, actor):
        if person.board == context.me.board:
            raise Refused(f"That account is {person.name}'s, who is on the board already. Leave the mention out.")


async def connect(context: Context, member: Member, account: str) -> None:
    """The coordinator vouches for the account, as in a partnership file; it is told by a direct message."""
    actor = Actor(context.actor.tool, context.actor.workspace, account)
    nowhere = Place(actor.tool, actor.workspace, "")
    identity = identity_of(member, actor, nowhere, context.now)
    identity.seen_at = None
    context.session.add(identity)
    await context.session.flush()
    await noted(context, "An account was named for a member", member.ref, tool=actor.tool)
    await announce(
        context.session,
        context.me.board,
        ShowWelcome(member.ref),
        key=f"welcome:{member.ref}:{context.now.isoformat()}",
        now=context.now,
        members=(member.id,),
    )


async def draw_welcome(sight: Sight, view: ShowWelcome) -> Card | None:
    """What the account is told; nothing once the member has left."""
    found = await sight.session.execute(
        select(Member, Organisation.name)
        .join(Organisation, Organisation.id == Member.organisation_id)
        .where(Member.partnership_id == sight.board, Member.ref == view.member, Member.left_at.is_(None))
    )
    row = found.tuples().one_or_none()
    if row is None:
        return None
    board = await partners.partnership(sight.session, sight.board)
    return welcome_card(row[0].ref, row[0].name, row[1], row[0].role, board.name)


def welcome_card(ref: str, name: str, organisation: str, role: str, board: str) -> Card:
    """Who one is, and the way out if it is a mistake."""
    words = f"You are {name} of {organisation}, {role} on the {board}."
    mistake = "Take this account off the board, because the invitation was for somebody else?"
    blocks = (
        Text((Bold(words),)),
        Text(("Say home to see what waits for you, or help for what you can ask.",)),
        Buttons(
            (
                Button("Agreements", ListAgreements(), style="primary"),
                Button("That is not me", NotMe(ref), confirm=mistake),
            )
        ),
    )
    return Card(title="Welcome", blocks=blocks, summary=words)


async def not_me(context: Context, params: NotMe) -> Reply:
    """Take the account off again; the member waits for whoever it is. Raises Refused for anybody else's."""
    session, actor = context.session, context.actor
    member = await lookup.member(session, context.me.board, params.member)
    if member.id != context.me.member:
        raise Refused("That was said to somebody else.")
    await check_not_last(context, member)
    await noted(context, "An account was somebody else's", member.ref, tool=actor.tool)
    await session.execute(
        delete(Identity).where(
            Identity.partnership_id == context.me.board,
            Identity.tool == actor.tool,
            Identity.workspace == actor.workspace,
            Identity.account == actor.user,
        )
    )
    return said("Thank you", "Thank you. This account is nobody's on that board any more.")


VIEWS: tuple[View[Any], ...] = (View(params=ShowWelcome, draw=draw_welcome),)
