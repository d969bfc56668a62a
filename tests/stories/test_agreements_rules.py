"""Each rule from proposal to decision, as partners in both tools live through it."""

from collections.abc import Sequence

from core.agreements.models import Objection
from core.agreements.queries import objections
from core.register.queries import decisions
from tests.stories.telling import Tale
from tests.world import World

DAY = 24 * 3600


async def _objections(tale: Tale) -> Sequence[Objection]:
    agreement = await tale.agreement()
    found: Sequence[Objection] = await tale.world.read(lambda session: objections(session, agreement))
    return found


async def test_an_objection_is_addressed_by_an_amended_text_and_everyone_is_asked_again(world: World) -> None:
    tale = Tale(world)
    await tale.proposes("Carla", 'Share one building rule:consent text:"In the town hall."')
    await tale.both_show("In the town hall.", "0 of 4 organisations")
    await tale.presses("Ravi", "Consent")
    await tale.presses("Peter", "Object", reason="It has no lift.")
    await tale.is_told("Peter", "Recorded for Police: Object", "Receipt")
    await tale.both_show("Police:", "It has no lift.", "1 objection to be resolved")

    await tale.presses("Cleo", "Amend the text", text="In the library.", why="It has a lift.")
    await tale.is_told("Cleo", "It addresses 1 objection.")
    await tale.both_show("In the library.", "The text was amended", "0 of 4 organisations", without=("no lift",))
    (objection,) = await _objections(tale)
    assert (objection.state, objection.note) == ("addressed", "It has a lift.")

    await tale.presses("Peter", "Consent")
    await tale.presses("Nadia", "Consent")
    await tale.both_show("2 of 4 organisations", "It would pass as it stands.")
    await world.pass_time(4 * DAY)
    await tale.both_show("Passed. Agreed by consent: 2 of 4 organisations took part.", "TPB-")
    await tale.ends_well()


async def test_an_objection_is_withdrawn_by_answering_otherwise(world: World) -> None:
    tale = Tale(world)
    await tale.proposes("Carla", "Share one building rule:consent")
    await tale.presses("Colin", "Object", reason="Too far.")
    await tale.both_show("Too far.", "1 objection to be resolved")
    await tale.presses("Colin", "Consent")
    await tale.both_show("It would pass as it stands.", without=("Too far.",))
    (objection,) = await _objections(tale)
    assert objection.state == "withdrawn"
    await tale.presses("Ravi", "Who said what")
    await tale.is_told("Ravi", "Too far.", "withdrawn: Colin College answered consent")
    await tale.ends_well()


async def test_consensus_is_stopped_by_a_block_and_the_block_stands(world: World) -> None:
    tale = Tale(world)
    await tale.proposes("Carla", "Charge for parking rule:consensus")
    await tale.presses("Ravi", "Agree")
    await tale.presses("Nadia", "Block", reason="Patients cannot pay.")
    await tale.both_show("Patients cannot pay.", "1 block to be resolved")
    await world.pass_time(4 * DAY)
    await tale.both_show("Not passed. Not agreed by consensus", "Patients cannot pay.")
    (objection,) = await _objections(tale)
    assert objection.state == "stands"
    await tale.ends_well()


async def test_a_tie_is_no_majority_and_abstentions_make_the_quorum(world: World) -> None:
    tale = Tale(world)
    await tale.proposes("Carla", 'Meet monthly rule:"simple majority" quorum:4')
    await tale.both_show("4 more organisations for quorum")
    await tale.presses("Ravi", "Agree")
    await tale.presses("Peter", "Disagree")
    await tale.presses("Nadia", "Abstain")
    await tale.both_show("1 more organisation for quorum; 1 more organisation must agree.")
    await tale.presses("Colin", "Abstain")
    await tale.both_show("4 of 4 organisations", "Still needed to pass: 1 more organisation must agree.")
    await tale.presses("Colin", "Agree")
    await tale.both_show("It would pass as it stands.")
    await world.pass_time(4 * DAY)
    await tale.both_show("Passed. Agreed by simple majority")
    await tale.ends_well()


async def test_two_thirds_of_all_who_are_entitled(world: World) -> None:
    tale = Tale(world)
    await tale.proposes("Carla", "A joint budget rule:two-thirds base:entitled")
    await tale.both_show("of all entitled organisations", "3 more organisations must agree")
    await tale.presses("Ravi", "Agree")
    await tale.presses("Peter", "Agree")
    await tale.both_show("1 more organisation must agree")
    await world.pass_time(4 * DAY)
    await tale.both_show("Not passed. Not agreed by a two-thirds majority: 2 of 4 organisations took part")
    await tale.ends_well()


async def test_unanimous_means_all_who_vote(world: World) -> None:
    tale = Tale(world)
    await tale.proposes("Carla", "One front door rule:unanimous")
    await tale.both_show("1 more organisation must agree")
    await tale.presses("Ravi", "Agree")
    await tale.presses("Nadia", "Disagree")
    await tale.both_show("1 organisation that disagreed must agree")
    await tale.presses("Nadia", "Agree")
    await tale.both_show("It would pass as it stands.")
    await world.pass_time(4 * DAY)
    await tale.both_show("Passed. Agreed unanimously: 2 of 4 organisations took part.")
    await tale.ends_well()


async def test_with_advice_the_named_person_decides_and_nobody_else(world: World) -> None:
    tale = Tale(world)
    await tale.proposes("Carla", 'Where to put the hub rule:advice decider:"Nadia Nurse"')
    await tale.both_show("Decides", "Nadia Nurse (Hospital)")
    await tale.presses("Peter", "Disagree")
    await world.pass_time(4 * DAY)
    await tale.both_show("Nadia Nurse (Hospital) now decides, having heard the advice.")
    await world.until(lambda: "now decides" in "\n".join(tale.private("Nadia")), what="a direct message to the decider")
    assert "now decides" not in "\n".join([*tale.private("Peter"), *tale.private("Cleo")])

    await tale.presses("Cleo", "Decide", decision="yes", statement="I like it.")
    await tale.is_told("Cleo", "Only the person named to decide can do this.")
    await tale.presses("Nadia", "Decide", room=False, decision="yes", statement="It goes to the library.")
    await tale.both_show("Passed. It goes to the library.", "Register")
    (entry,) = await world.read(lambda session: decisions(session, tale.key))
    assert await tale.by(entry) == "Nadia Nurse (Hospital)"
    await tale.ends_well()


async def test_a_quorum_with_a_named_organisation_and_a_sector(world: World) -> None:
    tale = Tale(world)
    await tale.proposes("Carla", "Safer streets rule:consent quorum:half must:Police sectors:NHS")
    await tale.both_show(
        "2 more organisations for quorum; Police must take part; one organisation from NHS must take part"
    )
    await tale.presses("Ravi", "Consent")
    await tale.presses("Colin", "Consent")
    await tale.both_show("Still needed to pass: Police must take part; one organisation from NHS must take part.")
    await tale.presses("Dora", "Consent")
    await tale.both_show("Still needed to pass: one organisation from NHS must take part.", without=("Police must",))
    await world.pass_time(4 * DAY)
    await tale.both_show(
        "No quorum. Not decided, for want of a quorum: 3 of 4 organisations took part; one organisation from NHS"
    )
    await tale.ends_well()


async def test_a_declared_interest_leaves_the_quorums_base(world: World) -> None:
    tale = Tale(world)
    await tale.proposes("Carla", "Sell the depot rule:consent quorum:all")
    for name in ("Ravi", "Peter", "Nadia"):
        await tale.presses(name, "Consent")
    await tale.both_show("3 of 4 organisations", "1 more organisation for quorum")
    await tale.presses("Colin", "Declare an interest", nature="We want to buy it.")
    await tale.is_told("Colin", "College has declared an interest and takes no part in this vote.")
    await tale.both_show("3 of 3 organisations", "Interest declared: College", "It would pass as it stands.")
    await tale.presses("Colin", "Consent")
    await tale.is_told("Colin", "College has declared an interest, so it takes no part in this vote.")
    await tale.presses("Colin", "Withdraw our interest")
    await tale.both_show("3 of 4 organisations", "1 more organisation for quorum")
    await tale.ends_well()


async def test_the_representatives_answer_stands_over_a_deputys(world: World) -> None:
    tale = Tale(world)
    await tale.proposes("Carla", 'Night patrols rule:"simple majority"')
    await tale.presses("Dora", "Agree")
    await tale.presses("Della", "Abstain")
    await tale.both_show("Abstain: Police")  # deputies among themselves: the last counts
    await tale.presses("Peter", "Disagree")
    await tale.both_show("Disagree: Police")
    await tale.presses("Dora", "Agree")
    await tale.is_told(
        "Dora", "Your answer (Agree) is on record, but Peter Police answered as representative of Police"
    )
    await tale.presses("Dora", "Take back our answer")
    await tale.is_told("Dora", "Peter Police answered as representative, and only a representative can take that back.")
    assert await tale.positions() == {"College": None, "Council": None, "Hospital": None, "Police": "disagree"}
    await tale.presses("Ravi", "Who said what")
    await tale.is_told("Ravi", "Police: Disagree, by Peter Police", "agree by Dora Deputy")
    await tale.ends_well()
