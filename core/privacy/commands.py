"""What people can ask about what is kept of them: to see it, to be forgotten, and for how long it is kept."""

import datetime
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from core.cards import Card, Option, Text
from core.commands import EVERYONE, STEERING, Command, Context
from core.errors import Incomplete, Refused
from core.partners.models import Member, Organisation
from core.privacy import erasing, gathering, keeping
from core.privacy.cards import NOTICE, data_card, privacy_card, sure_card
from core.privacy.params import EraseMe, EraseMember, EraseNow, MyData, SetKeeping, ShowPrivacy
from core.requests import Reply, Whisper

STILL_SURE = datetime.timedelta(hours=1)


async def show(context: Context, params: ShowPrivacy) -> Reply:
    """The notice."""
    return Whisper(privacy_card(context.me, await keeping.keeping_of(context.session, context.me.board)))


async def my_data(context: Context, params: MyData) -> Reply:
    """Everything about this person, page by page."""
    gathered = await gathering.gather(context.session, context.me.board, context.me.ref)
    if gathered is None:
        raise Refused("You are not on this board any more. Type join and a code to come back.")
    return Whisper(data_card(gathered, params.page))


async def _member(context: Context, ref: str) -> Member:
    found = await context.session.execute(
        select(Member).where(Member.partnership_id == context.me.board, Member.ref == ref)
    )
    member = found.scalar_one_or_none()
    if member is None or (member.id != context.me.member and context.me.role not in STEERING):
        raise Refused("That is not yours to erase. Type privacy to see what you can do.")
    await erasing.check_erasable(context.session, member)
    return member


async def _ask(context: Context, ref: str) -> Reply:
    member = await _member(context, ref)
    mine = member.id == context.me.member
    return Whisper(sure_card(member.name, EraseNow(member.ref, context.now.replace(microsecond=0)), mine))


async def erase_me(context: Context, params: EraseMe) -> Reply:
    """Ask once more."""
    return await _ask(context, context.me.ref)


async def erase_member(context: Context, params: EraseMember) -> Reply:
    """Ask once more."""
    return await _ask(context, params.member)


async def erase_now(context: Context, params: EraseNow) -> Reply:
    """Do it."""
    member = await _member(context, params.member)
    if not context.now - STILL_SURE <= params.asked <= context.now + STILL_SURE:
        raise Refused("You were asked long ago. Type privacy and say again that you mean it.")
    mine = member.id == context.me.member
    pseudonym = await erasing.erase(context.session, context.me.board, params.member, context.me, context.now)
    words = f"Done. {'You are' if mine else 'That person is'} forgotten here; what stays is by {pseudonym.lower()}."
    words = words.replace(pseudonym.lower(), pseudonym[0].lower() + pseudonym[1:])
    return Whisper(Card(title="Erased", blocks=(Text((words,)),), summary=words))


async def erasable(context: Context, given: Mapping[str, Any]) -> Mapping[str, tuple[Option, ...]]:
    """Everybody on this board who is not forgotten yet, those who have left too."""
    rows = await context.session.execute(
        select(Member.name, Organisation.name, Member.ref, Member.left_at)
        .join(Organisation, Organisation.id == Member.organisation_id)
        .where(Member.partnership_id == context.me.board, Member.erased_at.is_(None))
        .order_by(Member.name)
    )
    return {
        "member": tuple(
            Option(f"{name} ({organisation}{', has left' if left else ''})", ref)
            for name, organisation, ref, left in rows.tuples()
        )
    }


async def set_keeping(context: Context, params: SetKeeping) -> Reply:
    """Keep things so long from now on."""
    try:
        kept = await keeping.set_keeping(context.session, context.me.board, params.days, params.left or None)
    except Refused as refusal:
        raise Incomplete(refusal.problems) from None
    left = f"erased after {kept.left_days} days" if kept.left_days else "erased when they ask for it"
    words = f"Sent messages, old reminders and codes are kept for {kept.days} days; people who have left are {left}."
    return Whisper(Card(title="How long things are kept", blocks=(Text((words,)),), summary=words))


async def keeping_prefill(context: Context, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """What holds now."""
    kept = await keeping.keeping_of(context.session, context.me.board)
    return {"days": kept.days, "left": kept.left_days or 0}


COMMANDS: tuple[Command[Any], ...] = (
    Command(
        params=ShowPrivacy,
        handle=show,
        word="privacy",
        title="What is kept about you",
        help="See what is kept about you and why, and have it or be erased.",
        more=NOTICE,
        example="privacy",
        roles=EVERYONE,
        reads=True,
    ),
    Command(
        params=MyData,
        handle=my_data,
        word="mydata",
        title="Your data",
        help="See everything that the board keeps about you.",
        example="mydata",
        roles=EVERYONE,
        reads=True,
    ),
    Command(
        params=EraseMe,
        handle=erase_me,
        word="erase",
        title="Erase me",
        help="Have your name, address and accounts deleted from this board.",
        example="erase",
        submit="Go on",
        roles=EVERYONE,
        opens_form=True,
        reads=True,
    ),
    Command(
        params=EraseMember,
        handle=erase_member,
        title="Erase a member",
        help="Erase somebody who has asked for it.",
        submit="Go on",
        roles=STEERING,
        choices=erasable,
        reads=True,
    ),
    Command(
        params=EraseNow,
        handle=erase_now,
        title="Erase for good",
        help="Erase, having been asked twice.",
        roles=EVERYONE,
    ),
    Command(
        params=SetKeeping,
        handle=set_keeping,
        word="retention",
        title="How long things are kept",
        help="Set how long sent messages and people who have left are kept.",
        example="retention 90 left:365",
        roles=STEERING,
        opens_form=True,
        repeatable=True,
        prefill=keeping_prefill,
    ),
)
