"""One person in both tools: accounts linked and unlinked, members merged, several boards."""

import dataclasses
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.agreements.models import Elector, Stance
from core.partners.models import Member
from core.register.queries import entries, flaws
from tests.stories.founding import CODE
from tests.stories.telling import Tale, counts
from tests.world import SMALL, Board, Someone, World, a_world

TWICE = dataclasses.replace(
    SMALL,
    people=(
        *SMALL.people,
        Someone("Tara Twice", "Hospital", "deputy", slack="U0TARA"),
        Someone("Tarek Twice", "Hospital", "observer", teams="oid-tara"),  # the same person, invited twice
        Someone("Una Unknown", "", teams="oid-una"),
    ),
)
BY_MEMBER = dataclasses.replace(TWICE, voting_unit="member")
SECOND = Board(
    name="Second Board",
    code="SB",
    slack_room="C0SECOND1",
    teams_room="19:second@thread.tacv2",
    people=(
        Someone("Ravi Council", "Other Council", "chair", slack="U0COUNCIL"),
        Someone("Olga Other", "Other Charity", "representative", slack="U0OTHER"),
    ),
)


@pytest.fixture
async def world(migrated_url: str) -> AsyncIterator[World]:
    """The small board with somebody on it twice, and another board."""
    una = dataclasses.replace(TWICE, people=TWICE.people[-1:], slack_room="", teams_room="")
    board = dataclasses.replace(TWICE, people=TWICE.people[:-1])
    async with a_world(migrated_url, board, SECOND, people=una) as world:
        yield world


async def link_code(tale: Tale, name: str) -> str:
    """The code that this person gets for the other tool."""
    await tale.types(name, "link", room=False)
    found: list[str] = CODE.findall(await tale.is_told(name, "In your other chat tool, type"))
    return found[-1]


async def test_a_stranger_in_one_tool_is_a_member_in_the_other(world: World) -> None:
    tale = Tale(world, TWICE)
    await tale.types("Una", "link", room=False)
    await tale.is_told("Una", "Type link in the chat tool in which you have joined already")
    code = await link_code(tale, "Colin")
    await tale.types("Una", f"link {code}", room=False)
    await tale.is_told("Una", "you are Colin College of College, representative, in both accounts.")
    await tale.types("Una", f"link {code}", room=False)
    await tale.is_told("Una", "That code is not good any more. In your other chat tool, type link for a new one")
    await tale.proposes("Cleo", "Share one depot quorum:2")
    await tale.presses("Colin", "Consent")
    await tale.both_show("1 of 4 organisations")
    await tale.types("Una", "agreements depot", room=False)
    await tale.is_told("Una", "Consent: College")
    await tale.presses("Una", "Object", room=False, reason="Our vans park there.")
    await tale.both_show("1 of 4 organisations", "Our vans park there.")
    await tale.types("Una", "unlink", room=False)
    await tale.is_told("Una", "This account no longer speaks for you on the Test Partnership Board.")
    await tale.types("Una", "home", room=False)
    await tale.is_told("Una", "I don't know you yet.")
    await tale.types("Colin", "unlink", room=False)
    await tale.is_told("Colin", "This is your only account on the board, so it stays.")
    await tale.ends_well()


async def test_two_members_who_are_one_person_become_one(world: World) -> None:
    tale = Tale(world, TWICE)
    await tale.proposes("Cleo", "Share one depot quorum:2")
    await tale.presses("Tara", "Consent")
    await tale.both_show("1 of 4 organisations")
    code = await link_code(tale, "Tarek")
    await tale.types("Tara", f"link {code}", room=False)
    await tale.is_told("Tara", "The code comes from Tarek Twice of Hospital. Is that you?")
    await tale.presses("Tara", "Yes, that is me", room=False)
    await tale.is_told("Tara", "you are Tarek Twice of Hospital, deputy, in both accounts.")
    await tale.both_show("1 of 4 organisations")

    async def left(session: AsyncSession) -> list[str]:
        found = await session.execute(select(Member.name).where(Member.left_at.is_not(None)))
        return list(found.scalars())

    async def said_by(session: AsyncSession) -> list[str]:
        found = await session.execute(
            select(Member.name).join(Stance, Stance.member_id == Member.id).where(Stance.partnership_id == 1)
        )
        return list(found.scalars())

    assert await world.read(left) == ["Tara Twice"]
    assert await world.read(said_by) == ["Tarek Twice"], "what Tara said is Tarek's now"
    chain = await world.read(lambda session: entries(session, 1))
    assert chain[-1].title == "Two members became one"
    seal = world.house.transactions._info["seal"]
    assert flaws(chain, seal) == []
    await tale.ends_well()


async def test_accounts_of_two_organisations_stay_two(world: World) -> None:
    tale = Tale(world, TWICE)
    before = await counts(world)
    code = await link_code(tale, "Colin")
    await tale.types("Tarek", f"link {code}", room=False)
    await tale.is_told("Tarek", "The code comes from Colin College of College.")
    await tale.presses("Tarek", "Yes, that is me", room=False)
    await tale.is_told(
        "Tarek",
        "one account is Colin College of College and the other Tarek Twice of Hospital. "
        "Ask the coordinator to remove one of them first.",
    )
    await tale.types("Colin", f"link {code}", room=False)
    await tale.is_told("Colin", "This is the account that asked for the code.")
    await tale.types("Nadia", f"link {await link_code(tale, 'Carla')}", room=False)
    await tale.is_told("Nadia", "The code comes from Carla Coordinator of Council. Is that you?")
    await tale.presses("Nadia", "Yes, that is me", room=False)
    await tale.is_told("Nadia", "Ask the coordinator to remove one of them first.")
    assert await counts(world) == before | {"links": before["links"] + 2}
    await tale.ends_well()


async def test_several_boards_are_told_apart(world: World) -> None:
    tale = Tale(world, TWICE)
    await tale.types("Ravi", "home", room=False)
    await tale.is_told("Ravi", "You are on several boards. Which one do you mean?")
    await tale.types("Ravi", "boards", room=False)
    await tale.is_told("Ravi", "Test Partnership Board — representative for Council", "Second Board — chair")
    await tale.presses("Ravi", "Use Second Board", room=False)
    await tale.is_told("Ravi", "From now on you mean the Second Board")
    await tale.types("Ravi", "home", room=False)
    await tale.is_told("Ravi", "chair for Other Council")
    await tale.types("Ravi", "boards test", room=False)
    await tale.is_told("Ravi", "From now on you mean the Test Partnership Board")
    await tale.types("Ravi", "home", room=False)
    await tale.is_told("Ravi", "representative for Council")
    await tale.types("Ravi", "boards Atlantis", room=False)
    await tale.is_told("Ravi", "“Atlantis” is none of your boards; choose")
    # Whoever links is one person on all boards of either account.
    code = await link_code(tale, "Ravi")
    await tale.types("Una", f"link {code}", room=False)
    await tale.is_told("Una", "On the Test Partnership Board you are Ravi Council", "On the Second Board you are")
    await tale.types("Una", "boards", room=False)
    await tale.is_told("Una", "Test Partnership Board — representative for Council", "Second Board")
    await tale.ends_well()


async def test_where_members_vote_one_person_has_one_vote(migrated_url: str) -> None:
    board = dataclasses.replace(
        BY_MEMBER,
        people=(
            *SMALL.people,
            Someone("Tara Twice", "Hospital", "deputy", slack="U0TARA"),
            Someone("Tarek Twice", "Hospital", "deputy", teams="oid-tara"),
        ),
        voting_unit="member",
    )
    async with a_world(migrated_url, board) as world:
        tale = Tale(world, board)
        await tale.proposes("Cleo", "Share one depot rule:consensus quorum:2")
        await tale.both_show("0 of 9 members")
        await tale.presses("Tarek", "Agree")
        await tale.both_show("1 of 9 members")
        await tale.presses("Tara", "Disagree")
        await tale.both_show("2 of 9 members")
        code = await link_code(tale, "Tarek")
        await tale.types("Tara", f"link {code}", room=False)
        await tale.is_told("Tara", "Is that you?")
        await tale.presses("Tara", "Yes, that is me", room=False)
        await tale.is_told("Tara", "in both accounts")
        await tale.both_show("1 of 8 members", "👎 Disagree: Tarek Twice")

        async def kept(session: AsyncSession) -> tuple[int, int]:
            electors = await session.execute(select(func.count()).select_from(Elector))
            stances = await session.execute(select(func.count()).select_from(Stance))
            return electors.scalar_one(), stances.scalar_one()

        assert await world.read(kept) == (8, 2), "one voter fewer, and everything that was said"
        await tale.presses("Tara", "Agree")
        await tale.both_show("1 of 8 members", "👍 Agree: Tarek Twice")
        await tale.ends_well()
