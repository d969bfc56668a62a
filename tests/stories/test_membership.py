"""Who is what on a board that runs: inviting, roles, deputies, leaving and coming back, and votes that are open."""

import dataclasses

import pytest
from sqlalchemy.ext.asyncio import AsyncSession

from core.membership.inviting import ALONE
from core.partners.models import Member
from core.partners.queries import organisations, persons_of
from core.register.queries import entries
from core.requests import Actor
from tests.stories.founding import CODE, code_for
from tests.stories.telling import Tale, counts
from tests.world import SLACK_ROOM, SMALL, TEAM, TEAMS_ROOM, TENANT, Someone, World

REPRESENTATIVE = 'organisation:"Hospital" role:representative'


NEW = (Someone("Nora New", "Hospital", teams="oid-new"), Someone("Nils New", "Police", slack="U0NEW"))


@pytest.fixture
def tale(world: World) -> Tale:
    """The small board, with a newcomer in each tool, who is in its rooms and no member."""
    world.teams.add_user(TENANT, "oid-new", "Nora New")
    world.teams.store.conversation(TEAMS_ROOM).members.append("oid-new")
    world.slack.add_user(TEAM, "U0NEW", "Nils New")
    world.slack.world.channel(TEAM, SLACK_ROOM).members.add("U0NEW")
    return Tale(world, dataclasses.replace(SMALL, people=(*SMALL.people, *NEW)))


async def titles(tale: Tale) -> list[str]:
    """What the register says of membership, oldest first."""
    found = await tale.world.read(lambda session: entries(session, tale.key))
    return [each.title for each in found if each.kind == "membership"]


async def opens(tale: Tale, name: str, *, room: bool = False) -> None:
    """The coordinator opens a member's card."""
    await tale.types("Carla", f"members {name}", room=room)
    await tale.is_told("Carla", name)
    await tale.presses("Carla", name, room=room)
    await tale.is_told("Carla", "All members")


async def test_a_representative_is_replaced_in_mid_vote(tale: Tale) -> None:
    await tale.proposes("Cleo", "Share one depot rule:consensus quorum:2")
    await tale.presses("Nadia", "Agree")
    await tale.both_show("1 of 4 organisations")
    await tale.types("Carla", f"invite Nora New {REPRESENTATIVE}", room=False)
    await tale.is_told("Carla", "Nadia Nurse is representative of Hospital. Invite as deputy")
    await tale.types("Carla", 'invite Nora New organisation:"Hospital" role:deputy', room=False)
    code = CODE.findall(await tale.is_told("Carla", "The code of Nora New"))[-1]
    await tale.types("Nora", f"join {code}", room=False)
    await tale.is_told("Nora", "You are Nora New of Hospital, deputy")
    await tale.presses("Nora", "Disagree")
    await tale.is_told("Nora", "but Nadia Nurse answered as representative of Hospital, and that stands")
    await opens(tale, "Nora New")
    await tale.presses("Carla", "Change", room=False, name="Nora New", role="representative")
    await tale.is_told("Carla", "Nadia Nurse is representative of Hospital now. Say what becomes of Nadia Nurse.")
    await tale.sends("Carla", name="Nora New", role="representative", former="leaves")
    await tale.is_told("Carla", "Nadia Nurse is no longer on the board. Nora New is now representative for Hospital.")
    await tale.both_show("Nadia Nurse for Hospital answered and no longer speaks there; it stands until changed.")
    await tale.presses("Nadia", "Disagree")
    await tale.is_told("Nadia", "I don't know you yet.")
    await tale.presses("Nora", "Disagree")
    await tale.both_show("1 of 4 organisations", "👎 Disagree: Hospital", without=("no longer speaks there",))
    assert await titles(tale) == [
        "A member was invited",
        "A member joined",
        "A representative was replaced and left",
        "A member's role was changed",
    ]
    await tale.ends_well()


async def test_an_organisation_that_comes_in_mid_vote_has_no_vote_on_it(tale: Tale) -> None:
    await tale.proposes("Cleo", "Share one depot quorum:2")
    await tale.types("Carla", 'organisation Fire Brigade, "emergency"', room=False)
    await tale.is_told("Carla", "Added: Fire Brigade.")
    await tale.both_show("0 of 4 organisations", "Fire Brigade came after voting opened and has no vote on this.")
    await tale.types("Carla", "organisations fire", room=False)
    await tale.is_told("Carla", "Fire Brigade")
    await tale.presses("Carla", "Fire Brigade", room=False)
    await tale.is_told("Carla", "Nobody yet.")
    await tale.presses("Carla", "Change", room=False, name="Fire and Rescue", sector="emergency", votes="no")
    await tale.is_told("Carla", "Saved. What is open already keeps its electorate.")
    await tale.world.until(lambda: "came after voting" not in tale.slack_card() + tale.teams_card(), what="no newcomer")
    await tale.presses("Carla", "Remove", room=False)
    await tale.is_told("Carla", "Fire and Rescue is no longer on the board.")
    await tale.types("Carla", "organisations hosp", room=False)
    await tale.is_told("Carla", "Hospital")
    await tale.presses("Carla", "Hospital", room=False)
    await tale.is_told("Carla", "Nadia Nurse")
    await tale.presses("Carla", "Remove", room=False)
    await tale.is_told("Carla", "Hospital still has people on the board.")
    await opens(tale, "Nadia Nurse")
    await tale.presses("Carla", "Remove", room=False)
    await tale.is_told("Carla", "Nadia Nurse is no longer on the board.")
    await tale.both_show("Nobody can answer for Hospital just now; the coordinator can invite somebody.")
    await tale.types("Carla", "organisations hosp", room=False)
    await tale.is_told("Carla", "Open one")
    await tale.presses("Carla", "Hospital", room=False)
    await tale.is_told("Carla", "Nobody yet.")
    await tale.presses("Carla", "Remove", room=False)
    await tale.is_told("Carla", "Hospital is part of the board's history, so it stays.")
    await tale.ends_well()


async def test_leaving_and_coming_back(tale: Tale) -> None:
    await tale.types("Cleo", "leave", room=False)
    await tale.is_told("Cleo", "You are the board's only chair. Make somebody else chair first, then try again.")
    await opens(tale, "Cleo Chair")
    await tale.presses("Carla", "Change", room=False, name="Cleo Chair", role="deputy")
    await tale.is_told("Carla", "Cleo Chair is the board's only chair.")
    await tale.closes("Carla")
    before = await tale.world.read(lambda session: persons_of(session, Actor("slack", TEAM, "U0COLLEGE")))
    await tale.types("Colin", "leave", room=False)
    await tale.is_told("Colin", "You would leave the Test Partnership Board, where you are representative for College.")
    await tale.presses("Colin", "Leave the board", room=False)
    await tale.is_told("Colin", "You have left the Test Partnership Board.")
    await tale.types("Colin", "home", room=False)
    await tale.is_told("Colin", "I don't know you yet.")
    code = await code_for(tale, "Carla", 'invite colin COLLEGE organisation:"College" role:representative')
    await tale.is_told("Carla", "Colin College was on the board before, so that history is kept.")
    await tale.types("Colin", f"join {code}", room=False)
    await tale.is_told("Colin", "You are Colin College of College, representative")
    after = await tale.world.read(lambda session: persons_of(session, Actor("slack", TEAM, "U0COLLEGE")))
    assert [each.member for each in after] == [each.member for each in before], "the same member, with the same history"
    assert await titles(tale) == ["A member left", "A former member was invited again", "A member joined"]
    await tale.ends_well()


async def test_codes_are_renewed_and_revoked_and_never_said_aloud(tale: Tale) -> None:
    await tale.types("Peter", "invite Nils New")
    await tale.is_told("Peter", "only the chair or coordinator can do this")
    first = await code_for(tale, "Carla", 'invite Nils New, nils@example.org organisation:"Police" role:deputy')
    second = await code_for(tale, "Carla", 'invite Nils New organisation:"Police" role:deputy')
    await tale.is_told("Carla", "Nils New was invited before, as deputy. This new code replaces the earlier one.")
    await tale.types("Nils", f"join {first}")
    await tale.is_told("Nils", "That code is not good any more.")
    await opens(tale, "Nils New")
    await tale.presses("Carla", "Revoke the code", room=False)
    await tale.is_told("Carla", "The code of Nils New no longer works.")
    await tale.types("Nils", f"join {second}")
    await tale.is_told("Nils", "That code is not good any more.")
    await tale.presses("Carla", "New code", room=False)
    third = CODE.findall(await tale.is_told("Carla", "The code of Nils New"))[-1]
    await tale.types("Nils", f"join {third}")
    await tale.is_told("Nils", "You are Nils New of Police, deputy")
    await tale.types("Dora", f"join {third}")
    await tale.is_told("Dora", "That code is not good any more.")
    await tale.types("Nora", f"invite Somebody Else {REPRESENTATIVE}")
    await tale.is_told("Nora", "I don't know you yet.")
    await tale.ends_well()


async def test_a_coordinator_is_told_no_code_in_a_channel_of_teams(tale: Tale) -> None:
    carla = Someone("Carla Coordinator", "Council", "coordinator", teams="oid-coordinator")
    people = tuple(carla if each.name == carla.name else each for each in tale.board.people)
    aloud = Tale(tale.world, dataclasses.replace(tale.board, people=people))
    before = await counts(tale.world)
    for line in ('invite Nils New organisation:"Police" role:deputy', "link"):
        await aloud.types("Carla", line)
        await aloud.is_told("Carla", ALONE)
    assert await counts(tale.world) == before
    await tale.ends_well()


async def test_who_is_mentioned_is_told_and_needs_no_code(tale: Tale) -> None:
    await tale.types("Cleo", "invite <@U0NEW> organisation:Police role:deputy", room=False)
    await tale.is_told("Cleo", "Please write the person's name too, beside the mention.")
    await tale.types("Cleo", "invite <@U0COUNCIL|ravi> organisation:Police role:deputy", room=False)
    await tale.is_told("Cleo", "That account is Ravi Council's, who is on the board already.")
    await tale.types("Cleo", "invite <@U0NEW|nils> Nils New organisation:Police role:deputy", room=False)
    await tale.is_told("Cleo", "Nils New is told by a direct message too, and needs no code in Slack.")
    await tale.is_told("Nils", "You are Nils New of Police, deputy on the Test Partnership Board.")
    await tale.presses("Nils", "Agreements", room=False)
    await tale.is_told("Nils", "Agreements There are none yet.")
    await tale.presses("Nils", "That is not me", room=False)
    await tale.is_told("Nils", "This account is nobody's on that board any more.")
    await tale.types("Nils", "home", room=False)
    await tale.is_told("Nils", "I don't know you yet.")
    await tale.ends_well()


async def test_a_deputy_for_a_while(tale: Tale) -> None:
    world = tale.world
    await code_for(tale, "Carla", 'invite Nils New organisation:"Police" role:observer')
    code = CODE.findall(tale.heard("Carla"))[-1]
    await tale.types("Nils", f"join {code}")
    await tale.is_told("Nils", "observer")
    await tale.proposes("Cleo", "Share one depot quorum:2", closes="in 20 days")
    await tale.presses("Nils", "Consent")
    await tale.is_told("Nils", "Observers can follow this vote but don't take part in it.")
    await tale.types("Nadia", 'deputy Nils New until:"in 5 days"', room=False)
    await tale.is_told("Nadia", "There is nothing to choose for Who yet.")
    await tale.types("Peter", 'deputy Nils New start:"in 2 days" until:"in 1 day"', room=False)
    await tale.is_told("Peter", "That ends before it begins")
    await tale.types("Peter", 'deputy Nils New start:"in 2 days" until:"in 5 days"', room=False)
    await tale.is_told("Peter", "Nils New is deputy from")
    await tale.presses("Nils", "Consent")
    await tale.is_told("Nils", "Observers can follow")
    await world.pass_time(2.6 * 86_400)  # a bare day means its end
    await tale.presses("Nils", "Consent")
    await tale.is_told("Nils", "Recorded for Police: Consent.")
    await world.pass_time(4 * 86_400)
    await tale.presses("Nils", "Consent")
    await tale.is_told("Nils", "Observers can follow")
    await tale.both_show("Nils New for Police answered and no longer speaks there; it stands until changed.")
    expected = ["A deputy was named for a while", "A deputyship began", "A deputyship ended"]
    assert (await titles(tale))[-3:] == expected
    await tale.ends_well()


async def test_three_hundred_members(tale: Tale) -> None:
    async def many(session: AsyncSession) -> None:
        hospital = next(each for each in await organisations(session, tale.key) if each.name == "Hospital")
        for number in range(291):
            member = Member(
                partnership_id=tale.key,
                organisation_id=hospital.id,
                ref=f"mem_many{number}",
                name=f"Person {number:03} \u202eof the ward",
                role="observer",
                created_at=tale.world.clock.now(),
            )
            session.add(member)

    await tale.world.house.transactions.write(many)
    await tale.types("Carla", "members", room=False)
    await tale.is_told("Carla", "Page 1 of 15, 300 in all.")
    await tale.presses("Carla", "More", room=False)
    await tale.is_told("Carla", "Page 2 of 15")
    await tale.types("Nadia", "members person 290", room=False)
    await tale.is_told("Nadia", "Person 290", "(has not joined yet)")
    await tale.presses("Nadia", "Person 290 of the ward", room=False)
    heard = await tale.is_told("Nadia", "observer", "Hospital")
    assert "Revoke" not in heard and "New code" not in heard
    await tale.types("Nadia", "members nobody of this name", room=False)
    await tale.is_told("Nadia", "Nobody on this board is called that.")
    await tale.ends_well()


async def test_a_room_is_disconnected_and_connected_again(tale: Tale) -> None:
    await tale.types("Peter", "disconnect")
    await tale.is_told("Peter", "only the chair or coordinator can do this")
    await tale.types("Cleo", "disconnect")
    await tale.is_told("Cleo", "the board's room is no longer a room of the board")
    await tale.types("Peter", 'agree Share one depot closes:"in 3 days"')
    await tale.types("Cleo", "rooms", room=False)
    await tale.is_told("Cleo", "the board's room in Teams")
    await tale.types("Cleo", 'agree Share two depots closes:"in 3 days"', room=False)
    await tale.is_told("Cleo", "It now stands in 1 room of this board")
    await tale.types("Cleo", "join")
    await tale.is_told("Cleo", "is now a room of the board")
    await tale.both_show("Share two depots")
    await tale.types("Cleo", "rooms", room=False)
    await tale.is_told("Cleo", "Rooms")
    await tale.presses("Cleo", "Disconnect the board's room in Teams", room=False)
    await tale.is_told("Cleo", "is no longer a room of the board")
    assert (await titles(tale)) == ["A room was disconnected", "A room was connected", "A room was disconnected"]
    await tale.ends_well()
