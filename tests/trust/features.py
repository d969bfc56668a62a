"""Rows of items, priorities, actions, polls, groups, deputyships and tenants, in the states that commands begin at."""

import datetime
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from core.actions.making import Promise, promise
from core.actions.models import Action
from core.agreements import closing, voting
from core.agreements import opening as opening_of
from core.commands import Person
from core.db import new_ref
from core.items import triage
from core.items.models import ItemSupport
from core.membership.models import Cover, Founding, Link
from core.partners.actions import invite, next_number
from core.partners.codes import hash_of, new_code
from core.partners.models import Member, Organisation
from core.polls import casting, opening
from core.polls.counting import Shape
from core.polls.drafting import Choice, Draft, Question
from core.polls.models import PollQuestion, PollRanking, PollWords
from core.priorities import making, scoring
from core.priorities.models import PriorityStep, TaskGroup, TaskGroupMember
from core.requests import Actor
from core.workspaces.models import AllowedTenant
from tests.trust import sittings
from tests.trust.sittings import write_meetings

TENANTS = {"Our": "0a1b2c3d-0a1b-4c3d-8e9f-0a1b2c3d4e5e"}
"""Tenants that a board has allowed, by its prefix."""
STAGES = ("discovery", "mapping", "system action", "local action", "complete", "paused", "dropped")


async def write_features(
    session: AsyncSession, board: int, people: dict[str, Person], prefix: str, now: datetime.datetime
) -> None:
    """All of them on this board."""
    await _items(session, board, people, prefix, now)
    await _actions(session, board, people, prefix, now)
    await _priorities(session, board, people, prefix, now)
    await _polls(session, board, people, prefix, now)
    await write_meetings(session, board, people, prefix, now)
    for covering in (people["w"], people.get("Waiting")):
        if covering is not None:
            cover = Cover(
                partnership_id=board,
                ref=new_ref("cov"),
                member_id=covering.member,
                created_at=now,
                starts_at=now + datetime.timedelta(days=9),
                ends_at=now + datetime.timedelta(days=12),
            )
            session.add(cover)
    tenant = AllowedTenant(
        partnership_id=board, tenant=TENANTS.get(prefix, f"{prefix}tenant"), name=f"{prefix}tenant", created_at=now,
        member_id=people["o"].member,
    )  # fmt: skip
    session.add(tenant)
    await _joining(session, board, people, prefix, now)
    await session.flush()


async def _joining(
    session: AsyncSession, board: int, people: dict[str, Person], prefix: str, now: datetime.datetime
) -> None:
    """Somebody invited who has not come yet, and an organisation that never did anything."""
    session.add(
        Organisation(
            partnership_id=board, ref=new_ref("org"), name=f"{prefix}Idle", sector="", voting=True, created_at=now
        )
    )
    invited = Member(
        partnership_id=board, organisation_id=people["r"].organisation, ref=new_ref("mem"), name=f"{prefix}Invited",
        role="representative", created_at=now,
    )  # fmt: skip
    session.add(invited)
    await session.flush()
    await invite(session, invited, now)


async def hand_out_link(session: AsyncSession, giver: Actor, now: datetime.datetime) -> str:
    """A code by which another account becomes the giver's person."""
    code = new_code()
    link = Link(
        code_hash=hash_of(code), tool=giver.tool, workspace=giver.workspace, account=giver.user,
        expires_at=now + datetime.timedelta(minutes=10), created_at=now,
    )  # fmt: skip
    session.add(link)
    await session.flush()
    return code


async def hold_founding_codes(session: AsyncSession, founders: Sequence[Actor], now: datetime.datetime) -> None:
    """Founding codes that these accounts hold."""
    session.add_all(
        Founding(
            code_hash=hash_of(new_code()), expires_at=now + datetime.timedelta(days=1), created_at=now, claimed_at=now,
            tool=actor.tool, workspace=actor.workspace, account=actor.user,
        )
        for actor in founders
    )  # fmt: skip
    await session.flush()


async def _items(
    session: AsyncSession, board: int, people: dict[str, Person], prefix: str, now: datetime.datetime
) -> None:
    said = triage.Concern(title=f"{prefix}item", detail=f"{prefix}detail")
    for who in "cord":
        person = people[who]
        item = await triage.write(session, board, said, now, raiser=person.member, organisation=person.organisation)
        for by in map(people.__getitem__, {"o": "rd", "r": "c"}.get(who, "")):
            support = ItemSupport(
                partnership_id=board, item_id=item.id, organisation_id=by.organisation, member_id=by.member, at=now
            )
            session.add(support)
    answered = await triage.write(session, board, said, now, raiser=people["w"].member)
    answered.state, answered.answer, answered.triaged_at = "answered", f"{prefix}answer", now
    secret = triage.Concern(title=f"{prefix}secret", confidential=True)
    await triage.write(session, board, secret, now, raiser=people["g"].member)


async def _actions(
    session: AsyncSession, board: int, people: dict[str, Person], prefix: str, now: datetime.datetime
) -> None:
    async def made(who: str, *, accepted: bool = True, **more: Any) -> Action:
        owner = await session.get_one(Member, people[who].member)
        wanted = Promise(
            title=f"{prefix}action", detail=f"{prefix}detail", owner=owner, organisation_id=owner.organisation_id,
            due_on=now.date() + datetime.timedelta(days=9),
        )  # fmt: skip
        action = await promise(session, board, wanted, people["c"], now)
        action.accepted_at = now if accepted else None
        for name, value in more.items():
            setattr(action, name, value)
        await session.flush()
        return action

    for who in "cord":
        await made(who)
        await made(who, accepted=False)
        await made(who, state="blocked", blocked_why=f"{prefix}why")
        await made(who, state="done", outcome=f"{prefix}outcome", closed_on=now.date())


async def _priorities(
    session: AsyncSession, board: int, people: dict[str, Person], prefix: str, now: datetime.datetime
) -> None:
    async def made(stage: str = "proposed") -> Any:
        wish = making.Wish(
            title=f"{prefix}priority", detail=f"{prefix}detail", lead_id=people["r"].member,
            sponsor_id=people["d"].organisation, places=[f"{prefix}place"],
        )  # fmt: skip
        priority = await making.write(session, board, wish, people["o"].member, now, stage)
        session.add(
            PriorityStep(
                partnership_id=board,
                priority_id=priority.id,
                kind="on",
                begun_at="proposed",
                ended_at="discovery",
                evidence={"who": f"{prefix}who"},
                links=[],
                by=f"{people['r'].name} ({prefix}Police)",
                at=now,
            )
        )
        await session.flush()
        return priority

    proposed = await made()
    await scoring.score(session, proposed, people["c"], {"c1": 3}, now)
    settled = await made()
    settled.scoring = False
    about = opening_of.Draft(
        title=f"{prefix}about", text="", closes_at=now + datetime.timedelta(days=3), about=settled.ref
    )
    agreed = await opening_of.write_draft(session, board, about, people["c"].member, now)
    await opening_of.open_voting(session, agreed, people["c"], now)
    await voting.cast(session, agreed, people["r"], "consent", "", now)
    await closing.close_voting(session, agreed, people["c"], now, statement=f"{prefix}statement")
    assert agreed.result == "passed"
    for stage in STAGES:
        resting = stage in ("paused", "dropped")
        priority = await made()
        priority.stage, priority.rested_from = stage, "discovery" if resting else None
        priority.scoring = False
    for who in "rd":
        group = TaskGroup(
            partnership_id=board, ref=new_ref("grp"), number=await next_number(session, board, "task group"),
            priority_id=settled.id,
            name=f"{prefix}group", remit=f"{prefix}remit", ends_on=now.date() + datetime.timedelta(days=20),
            created_at=now,
        )  # fmt: skip
        session.add(group)
        await session.flush()
        session.add(TaskGroupMember(partnership_id=board, group_id=group.id, member_id=people[who].member))
        await session.flush()


async def _polls(
    session: AsyncSession, board: int, people: dict[str, Person], prefix: str, now: datetime.datetime
) -> None:
    async def made(who: str, shape: Shape = Shape.ONE, **more: Any) -> Any:
        options = tuple(Choice(f"{prefix}option {number}") for number in (1, 2)) if shape is not Shape.TEXT else ()
        draft = Draft(questions=(Question(f"{prefix}question", shape, options),), adding=True, **more)
        poll = await opening.write_poll(session, board, draft, people[who].member, now)
        await opening.open_poll(session, poll, now)
        await session.flush()
        return poll

    for who in "cord":
        await made(who)
        closed = await made(who)
        closed.state, closed.closed_at = "closed", now
    await session.flush()
    voted, secret, spoken = await made("c"), await made("c", anonymous=True), await made("o", unit="organisation")
    for who in "crd":
        for poll in (voted, secret, spoken):
            await vote(session, people[who], poll.ref, now)
    for who in "cord":
        words = await made(who, Shape.TEXT)
        asked = await session.execute(select(PollQuestion.id).where(PollQuestion.poll_id == words.id))
        session.add(
            PollWords(
                ref=new_ref("wrd"), partnership_id=board, poll_id=words.id, anonymous=False, text=f"{prefix}words",
                question_id=asked.scalar_one(),
            )
        )  # fmt: skip
    ranked = await made("c", Shape.RANKED)
    question = await session.execute(select(PollQuestion.id).where(PollQuestion.poll_id == ranked.id))
    session.add(PollRanking(partnership_id=board, question_id=question.scalar_one(), ranking="1>2", votes=1))
    await session.flush()


async def vote(session: AsyncSession, person: Person, poll: str, now: datetime.datetime) -> None:
    """Press on the poll's first option."""
    (taken,) = await casting.cast_all(session, [casting.Ballot(person, poll, now, option=1)])
    assert isinstance(taken, casting.Taken), taken


async def write_of(session: AsyncSession, board: int, me: Person, chair: Person, now: datetime.datetime) -> None:
    """What one member leaves in these features, by the ways in which the product writes it."""
    from core.actions import doing
    from core.actions.making import Deed

    owner = await session.get_one(Member, me.member)
    for _ in "ab":
        wanted = Promise(title="Map offers", owner=owner, organisation_id=owner.organisation_id, due_on=now.date())
        action = await promise(session, board, wanted, chair, now)
        await doing.accept(Deed(session, action, me, now))
    finished = await promise(session, board, wanted, me, now)
    await doing.finish(Deed(session, finished, me, now), "It was done.")
    item = await triage.raise_(session, triage.Concern(title="Parking sensors"), me, now)
    assert item.raiser_id == me.member
    priority = await making.propose(session, making.Wish(title="Recovery", lead_id=me.member), me, now)
    await scoring.score(session, priority, me, {"c1": 4}, now)
    session.add(
        PriorityStep(
            partnership_id=board,
            priority_id=priority.id,
            kind="on",
            begun_at="proposed",
            ended_at="discovery",
            evidence={},
            links=[],
            by=f"{me.name} (An earlier name)",
            at=now,
        )
    )
    for unit, anonymous in (("member", False), ("member", True), ("organisation", False)):
        draft = Draft(
            questions=(Question("Which?", Shape.ONE, (Choice("A"), Choice("B"))),), unit=unit, anonymous=anonymous
        )
        poll = await opening.write_poll(session, board, draft, me.member, now)
        await opening.open_poll(session, poll, now)
        await session.flush()
        await vote(session, me, poll.ref, now)
    await sittings.write_of(session, me, chair, now)
    await session.execute(update(Cover).where(Cover.partnership_id == board).values(member_id=me.member))
    await session.flush()
