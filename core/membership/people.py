"""Handlers: the board's members, seen, put right, changed in their roles, and taken off."""

from collections.abc import Mapping
from typing import Any

from core.cards import Block, Bold, Button, Buttons, Card, Facts, Line, Listing, Menu, Text
from core.commands import STEERING, Context, Role
from core.errors import Incomplete, Refused
from core.membership import changes, lookup
from core.membership.covering import covers_of, say_cover
from core.membership.effects import lock_open
from core.membership.inviting import check_email_is_free, checked_email
from core.membership.params import (
    ChangeMember,
    EndDeputy,
    Invite,
    Leave,
    LeaveNow,
    ListMembers,
    NameDeputy,
    NewCode,
    RemoveMember,
    RevokeCode,
    ShowMember,
    ShowOrganisation,
)
from core.membership.records import noted, said
from core.membership.setup import back
from core.paging import Place
from core.partners import queries as partners
from core.partners.models import Member, Organisation
from core.requests import Reply, Whisper
from core.times import say_moment

PAGE = 20
SEARCH = "To search, type members and a name."


async def show_list(context: Context, params: ListMembers) -> Reply:
    """One page of the members, with the way to each."""
    board = context.me.board
    found = await lookup.listed(context.session, board, params.search)
    steers = context.me.role in STEERING
    way = (Button("Invite someone", Invite(), asks=True), *await back(context.session, board)) if steers else ()
    if not found:
        return said(
            "Members",
            "Nobody on this board is called that.",
            blocks=(Buttons((Button("All members", ListMembers()), *way)),),
        )
    place = Place(params.page, len(found), PAGE)
    here = place.here(found)
    lines: tuple[Line, ...] = tuple(
        (Bold(each.name), f" — {each.role}, {each.organisation}", "" if each.tools else " (has not joined yet)")
        for each in here
    )
    blocks: list[Block] = [
        Listing(lines, bullets=False),
        Menu("Open one", tuple(Button(each.name, ShowMember(each.ref)) for each in here)),
        *place.turning(
            lambda page: ListMembers(params.search, page), hint="To search, type members and a name.", beside=way
        ),
    ]
    words = f"{len(found)} {'member' if len(found) == 1 else 'members'}."
    return Whisper(Card(title="Members", blocks=tuple(blocks), summary=words))


async def show(context: Context, params: ShowMember) -> Reply:
    """One member."""
    return Whisper(await card(context, params.member))


async def card(context: Context, ref: str, note: str = "") -> Card:
    """The member of this reference as a card, with what the reader may do. Raises Refused."""
    session, board = context.session, context.me.board
    found = next((each for each in await lookup.listed(session, board) if each.ref == ref), None)
    if found is None:
        raise Refused(lookup.NOBODY)
    member = await session.get_one(Member, found.key)
    steers = context.me.role in STEERING
    facts: list[tuple[str, Line]] = [("Role", (str(found.role),)), ("Organisation", (found.organisation,))]
    facts.append(("Here in", (" and ".join(found.tools) if found.tools else "has not joined yet",)))
    if steers and member.email:
        facts.append(("Email", (member.email,)))
    invitation = await lookup.live_invitation(session, member, context.now) if steers else None
    if invitation is not None:
        facts.append(("Code", (f"works until {say_moment(invitation.expires_at, context.me.zone)}",)))
    covers = await covers_of(session, board, member.id)
    facts += [("Deputy", (say_cover(each, context.me.zone),)) for each in covers]
    blocks: list[Block] = [Text((note,), "good")] if note else []
    blocks.append(Facts(tuple(facts)))
    buttons: list[Button] = []
    if steers:
        gone = f"Take {found.name} off the board? What was said stays on record, and a new invitation brings it back."
        buttons = [Button("Change", ChangeMember(ref), asks=True), Button("New code", NewCode(ref))]
        buttons += [Button("Revoke the code", RevokeCode(ref))] if invitation else []
        if found.role is Role.OBSERVER and not covers:
            buttons.append(Button("Deputy for a while", NameDeputy(whom=ref), asks=True))
        buttons += [Button("End the deputyship", EndDeputy(each.ref)) for each in covers]
        buttons.append(Button("Remove", RemoveMember(ref), style="danger", confirm=gone))
    buttons += [
        Button("The organisation", ShowOrganisation(found.organisation_ref)),
        Button("All members", ListMembers()),
    ]
    blocks.append(Buttons(tuple(buttons)))
    return Card(
        title=found.name, blocks=tuple(blocks), summary=note or f"{found.name}, {found.role}, {found.organisation}."
    )


async def change_prefill(context: Context, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """The member as it is."""
    member = await lookup.member(context.session, context.me.board, str(given.get("member", "")))
    return {"name": member.name, "role": member.role, "email": member.email or ""}


async def change(context: Context, params: ChangeMember) -> Reply:
    """Keep name, email and role as the form says them; one representative gives way to another."""
    session, board = context.session, context.me.board
    await lock_open(session, board)
    member = await lookup.member(session, board, params.member)
    email = checked_email(params.email)
    await check_email_is_free(session, board, email, member)
    role, before = Role(params.role), Role(member.role)
    organisation = await session.get_one(Organisation, member.organisation_id)
    former = await _former(context, member, organisation, params) if role is not before else None
    corrected = [
        name for name, old, new in (("name", member.name, params.name), ("email", member.email, email)) if old != new
    ]
    member.name, member.email = params.name, email
    if corrected:
        await session.flush()
        await noted(context, "A member's details were corrected", member.ref, corrected=corrected)
    notes = ["Saved."] if corrected else []
    if former is not None:
        notes.append(await _gives_way(context, former, params.former, member))
    if role is not before:
        await changes.change_role(context, member, role)
        notes.append(f"{member.name} is now {role} for {organisation.name}.")
    return Whisper(await card(context, params.member, " ".join(notes) or "Nothing was changed."))


async def _former(context: Context, member: Member, organisation: Organisation, params: ChangeMember) -> Member | None:
    """The representative whom this member replaces. Raises Incomplete until it is said what becomes of that one."""
    if params.role != Role.REPRESENTATIVE:
        return None
    present = await lookup.representatives(context.session, context.me.board, organisation.id)
    former = next((each for each in present if each.id != member.id), None)
    if former is not None and not params.former:
        words = f"{former.name} is representative of {organisation.name} now. Say what becomes of {former.name}."
        raise Incomplete({"former": words})
    return former


async def _gives_way(context: Context, former: Member, becomes: str, successor: Member) -> str:
    name = former.name
    if becomes == "leaves":
        passed = await changes.take_off(context, former, "A representative was replaced and left", successor)
        return f"{name} is no longer on the board. {passed}".rstrip()
    await changes.change_role(context, former, Role(becomes))
    return f"{name} is now {becomes}."


async def remove(context: Context, params: RemoveMember) -> Reply:
    """Take a member off; one's own way out is to leave."""
    member = await lookup.member(context.session, context.me.board, params.member)
    if member.id == context.me.member:
        raise Refused("That is you. To leave the board, type leave.")
    name = member.name
    passed = await changes.take_off(context, member, "A member was removed")
    words = f"{name} is no longer on the board. What was said stays on record; a new invitation brings it all back."
    ways = (Button("All members", ListMembers()), *await back(context.session, context.me.board))
    return said("Removed", words, *((passed,) if passed else ()), blocks=(Buttons(ways),))


async def leave(context: Context, params: Leave) -> Reply:
    """Ask first: it can't be undone by oneself."""
    me = context.me
    member = await lookup.member(context.session, me.board, await _own_ref(context))
    await changes.check_not_last(context, member)
    board = await partners.partnership(context.session, me.board)
    words = f"You would leave the {board.name}, where you are {me.role} for {me.organisation_name}."
    after = "What you said stays on record. To come back, you need a new code from the coordinator."
    button = Button("Leave the board", LeaveNow(), style="danger")
    return said("Leave the board?", words, after, blocks=(Buttons((button,)),))


async def leave_now(context: Context, params: LeaveNow) -> Reply:
    """Go."""
    board = await partners.partnership(context.session, context.me.board)
    member = await lookup.member(context.session, context.me.board, await _own_ref(context))
    passed = await changes.take_off(context, member, "A member left")
    words = f"You have left the {board.name}. Thank you for what you did there."
    return said("You have left", words, *((passed,) if passed else ()))


async def _own_ref(context: Context) -> str:
    return (await context.session.get_one(Member, context.me.member)).ref
