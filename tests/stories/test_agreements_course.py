"""What may happen to an agreement on its way: hidden, closed early, reopened, withdrawn, ratified, approved."""

import dataclasses
import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from core.db import new_ref
from core.partners.models import Identity, Member, Organisation
from core.register.queries import decisions, entries
from core.themes.queries import themes
from tests.stories.telling import Tale
from tests.world import SLACK_ROOM, SMALL, TEAM, TENANT, Someone, World, a_world

DAY = 24 * 3600
THEMES = '#"Smart cities" #"Arts and culture"'


async def _theme_states(tale: Tale) -> set[str]:
    return {theme.state for theme in await tale.world.read(lambda session: themes(session, tale.key))}


async def _kinds(tale: Tale) -> list[str]:
    return [entry.kind for entry in await tale.world.read(lambda session: entries(session, tale.key))]


async def test_results_hidden_until_one_has_voted(world: World) -> None:
    tale = Tale(world)
    await tale.proposes("Carla", 'Merge the teams rule:consensus hidden:"until voted"')
    await tale.presses("Peter", "Block", reason="Nobody asked the officers.")
    await tale.both_show("Has answered: Police", "hidden until you have voted", without=("Block: Police", "officers"))
    await tale.presses("Ravi", "Who said what")
    await tale.is_told("Ravi", "How the vote stands is hidden until you have voted.")
    await tale.presses("Ravi", "Agree")
    await tale.presses("Ravi", "Who said what")
    await tale.is_told("Ravi", "Nobody asked the officers.")
    await tale.presses("Nadia", "Who said what")
    await tale.is_told("Nadia", "How the vote stands is hidden until you have voted.")
    await world.pass_time(4 * DAY)
    await tale.both_show("Not passed.", "Nobody asked the officers.")
    await tale.ends_well()


async def test_results_hidden_until_it_closes_even_from_those_who_have_voted(world: World) -> None:
    tale = Tale(world)
    await tale.proposes("Carla", 'Merge the teams rule:two-thirds hidden:"until closed" quorum:3')
    await tale.presses("Nadia", "Disagree")
    await tale.presses("Ravi", "Agree")
    await tale.both_show(
        "Has answered: Council, Hospital", "hidden until voting closes", "1 more organisation for quorum"
    )
    for card in (tale.slack_card(), tale.teams_card()):
        assert "How the vote stands 0" not in card and "Disagree: " not in card and "must agree" not in card
        assert "█" not in card and "pass as it stands" not in card
    await tale.presses("Ravi", "Who said what")
    await tale.is_told("Ravi", "How the vote stands is hidden until voting closes.")
    await tale.presses("Nadia", "Who said what")
    await tale.is_told("Nadia", "How the vote stands is hidden until voting closes.")
    await tale.presses("Colin", "Agree")
    await world.pass_time(4 * DAY)
    await tale.both_show("Passed.", "Disagree: Hospital", "Agree: College, Council")
    await tale.ends_well()


async def test_only_the_chair_closes_early_and_only_with_a_reason(world: World) -> None:
    tale = Tale(world)
    await tale.proposes("Carla", f"Adopt the themes rule:consent {THEMES}")
    await tale.presses("Ravi", "Consent")
    await tale.presses("Peter", "Close early")
    await tale.is_told("Peter", "Close early: only the chair can do this, and you are representative for Police.")
    await tale.presses("Carla", "Close early")
    await tale.is_told("Carla", "Close early: only the chair can do this")
    assert (await tale.agreement()).state == "open"

    await tale.presses("Cleo", "Close early", why="All have spoken.", statement="We share five themes now.")
    await tale.both_show("Passed. We share five themes now.")
    (entry,) = await world.read(lambda session: decisions(session, tale.key))
    assert entry.detail["why"] == "All have spoken." and await tale.by(entry) == "Cleo Chair (Council)"
    assert await _theme_states(tale) == {"agreed"}
    await tale.ends_well()


async def test_the_reason_for_closing_the_advice_early_is_on_the_record_too(world: World) -> None:
    tale = Tale(world)
    await tale.proposes("Carla", 'Where to put the hub rule:advice decider:"Ravi Council"')
    await tale.presses("Cleo", "Close early", why="The lease ends tomorrow.")
    await tale.is_told("Cleo", "Closed; the decision is now awaited.")
    await tale.both_show("Ravi Council (Council) now decides")
    chain = await world.read(lambda session: entries(session, tale.key))
    assert [(entry.kind, await tale.by(entry)) for entry in chain][1:] == [("advice closed", "Cleo Chair (Council)")]
    assert chain[-1].detail["why"] == "The lease ends tomorrow."
    await tale.ends_well()


async def test_reopening_makes_the_themes_a_proposal_again_and_the_next_decision_has_its_own_number(
    world: World,
) -> None:
    tale = Tale(world)
    year = world.clock.now().year
    await tale.proposes("Carla", f"Adopt the themes rule:consent {THEMES}", closes="in 2 hours")
    await tale.presses("Ravi", "Consent")
    await world.pass_time(3 * 3600)
    await tale.both_show("Passed.", f"TPB-{year}-001", "Smart cities (agreed)")
    await tale.presses("Peter", "Reopen")
    await tale.is_told("Peter", "Reopen: only the chair can do this")

    later = world.clock.now() + datetime.timedelta(days=1)
    await tale.presses("Cleo", "Reopen", why="A partner was left out.", closes=later)
    await tale.both_show("1 of 4 organisations", "Smart cities (proposed)", "Consent: Council", without=("Passed.",))
    assert await _theme_states(tale) == {"proposed"}
    await tale.presses("Nadia", "Object", reason="We were left out.")
    await tale.both_show("We were left out.")
    await world.pass_time(2 * DAY)
    year = world.clock.now().year
    await tale.both_show("Not passed.", "Smart cities (proposed)")
    numbers = [entry.number for entry in await world.read(lambda session: decisions(session, tale.key))]
    assert numbers[::-1] == [f"TPB-{year}-001", f"TPB-{year}-002"]
    assert await _kinds(tale) == ["opened", "decision", "reopened", "decision"]
    await tale.ends_well()


async def test_a_theme_stays_agreed_while_another_agreement_in_force_names_it(world: World) -> None:
    tale = Tale(world)
    for title in ("Adopt both", "Adopt them once more"):
        await tale.proposes("Carla", f"{title} rule:consent {THEMES}")
        await tale.presses("Ravi", "Consent")
        await tale.both_show(title, "It would pass as it stands.")
        await tale.presses("Cleo", "Close early", why="Urgent.")
        await tale.both_show(title, "Passed.")
    shown = [each for each in world.slack.messages(TEAM, SLACK_ROOM) if not each.only_for]
    first = next(each for each in shown if "Adopt both" in world.slack.text_of(each))
    later = world.clock.now() + datetime.timedelta(days=1)
    await tale.presses("Cleo", "Reopen", at=first.ts, why="A slip.", closes=later)
    await tale.is_told("Cleo", "Reopened until")
    assert await _theme_states(tale) == {"agreed"}
    await tale.ends_well()


async def test_a_withdrawn_proposal_can_no_longer_be_answered(world: World) -> None:
    tale = Tale(world)
    await tale.proposes("Carla", "Buy a bus rule:consent")
    await tale.presses("Peter", "Withdraw the proposal", why="I would rather not.")
    await tale.is_told("Peter", "Only the chair, the coordinator or who proposed it can withdraw it.")
    await tale.presses("Cleo", "Withdraw the proposal", why="There is no money.")
    await tale.both_show("Withdrawn before it was decided.", without=("Object",))
    await world.until(lambda: "was withdrawn" in "\n".join(tale.private("Carla")), what="word to who proposed it")
    assert await _kinds(tale) == ["opened", "withdrawn"]
    await world.pass_time(4 * DAY)
    assert (await tale.agreement()).state == "withdrawn"
    await tale.ends_well()


async def test_what_is_to_be_ratified_agrees_its_themes_only_then(world: World) -> None:
    tale = Tale(world)
    line = f'Adopt the themes rule:consent {THEMES} effect:ratify effect-detail:"the meeting of 25 January"'
    await tale.proposes("Carla", f'{line} review:"1 March 2027"')
    await tale.both_show("If it passes", "to be ratified at the meeting of 25 January", "1 March 2027")
    await tale.presses("Ravi", "Consent")
    await world.pass_time(4 * DAY)
    await tale.both_show("Passed.", "It is to be ratified at the meeting of 25 January.", "Smart cities (proposed)")
    await world.until(lambda: "It does not bind yet" in tale.rooms_say(), what="the outcome")
    assert await _theme_states(tale) == {"proposed"}

    await tale.presses("Peter", "Record the ratification")
    await tale.is_told("Peter", "only the chair or coordinator can do this")
    await tale.presses("Carla", "Record the ratification", confirmed="yes", note="Minute 7")
    await tale.both_show("Ratified at the meeting of 25 January.", "Smart cities (agreed)")
    assert await _theme_states(tale) == {"agreed"}
    assert await _kinds(tale) == ["opened", "decision", "ratified"]
    await tale.ends_well()


async def test_a_partners_own_approval_may_be_refused(world: World) -> None:
    tale = Tale(world)
    await tale.proposes(
        "Carla", f'Adopt the themes rule:consent {THEMES} effect:approval effect-detail:"the Hospital board"'
    )
    await tale.presses("Nadia", "Consent")
    await world.pass_time(4 * DAY)
    await tale.both_show("It is subject to the approval of the Hospital board.")
    await tale.presses("Cleo", "Record the approval", confirmed="no", note="Letter of 3 January")
    await tale.both_show("Not approved by the Hospital board.", "Smart cities (proposed)")
    assert await _theme_states(tale) == {"proposed"}
    assert await _kinds(tale) == ["opened", "decision", "not approved"]
    await tale.ends_well()


async def test_members_vote_where_the_board_says_so(migrated_url: str) -> None:
    async with a_world(migrated_url, dataclasses.replace(SMALL, voting_unit="member")) as world:
        tale = Tale(world)
        await tale.proposes("Carla", 'Meet on Fridays rule:"simple majority" base:entitled')
        await tale.both_show("0 of 7 members", "4 more members must agree")
        for name in ("Peter", "Dora", "Della"):  # each speaks for nobody but himself or herself
            await tale.presses(name, "Agree")
        await tale.presses("Ravi", "Disagree")
        await tale.both_show(
            "4 of 7 members", "Agree: Della Deputy, Dora Deputy, Peter Police", "1 more member must agree"
        )
        await tale.presses("Carla", "Agree")
        await tale.is_told("Carla", "The coordinator serves the board and has no vote.")
        await tale.presses("Cleo", "Agree")
        await tale.both_show("It would pass as it stands.")
        await tale.ends_well()


async def test_a_partners_proposal_goes_to_the_chair_who_opens_it_from_the_direct_message(world: World) -> None:
    tale = Tale(world)
    await tale.types("Peter", 'agree Patrol together rule:consent closes:"in 3 days"')
    await tale.is_told("Peter", "The chair or the coordinator opens it to the vote")
    await world.until(
        lambda: "Patrol together" in "\n".join(tale.private("Cleo")), what="a direct message to the chair"
    )
    assert "Patrol together" not in "\n".join(tale.private("Ravi"))
    assert (await tale.agreement()).state == "draft"
    await tale.presses("Cleo", "Open voting", room=False)
    await tale.both_show("Patrol together", "Put to the partners by Peter Police (Police).", "0 of 4 organisations")
    await tale.presses("Peter", "Consent")
    await tale.both_show("1 of 4 organisations")
    await tale.ends_well()


async def test_a_board_without_rooms_gets_direct_messages(migrated_url: str) -> None:
    async with a_world(migrated_url, dataclasses.replace(SMALL, slack_room="", teams_room="")) as world:
        tale = Tale(world, dataclasses.replace(SMALL, slack_room="", teams_room=""))
        # Teams tells how a person is reached when that person adds the app.
        await world.teams.install_in(world.teams.personal(TENANT, "oid-police"))
        await tale.types("Carla", 'agree Meet in person rule:consent closes:"in 3 days"', room=False)
        await tale.is_told("Carla", "everyone who may vote gets it as a direct message")
        for name in ("Ravi", "Peter", "Dora"):
            await world.until(
                lambda name=name: "Meet in person" in "\n".join(tale.private(name)),  # type: ignore[misc]
                what=f"a direct message to {name}",
            )
        await tale.presses("Ravi", "Consent", room=False)
        await tale.presses("Peter", "Consent", room=False)
        await world.until(
            lambda: "2 of 4 organisations" in " ".join("\n".join(tale.private("Dora")).split()),
            what="the count in Dora's chat",
        )
        await world.pass_time(4 * DAY)
        await world.until(lambda: "Agreed: TPB-" in "\n".join(tale.private("Dora")), what="the outcome in Dora's chat")
        await tale.ends_well()


async def test_an_agreement_with_no_text_is_only_its_title(world: World) -> None:
    tale = Tale(world)
    await tale.proposes("Carla", "Thank the volunteers rule:consent")
    await tale.presses("Ravi", "Read the paper")
    await tale.is_told("Ravi", "There is no paper beyond the title.")
    await tale.presses("Nadia", "Read the paper")
    await tale.is_told("Nadia", "There is no paper beyond the title.")
    await tale.presses("Cleo", "Amend the text", text="Thank them with cake.", why="More than words.")
    await tale.both_show("Thank them with cake.")
    await tale.presses("Ravi", "Read the paper")
    await tale.is_told("Ravi", "Thank them with cake.", "(no text)")
    await tale.ends_well()


async def test_who_comes_later_was_not_among_those_entitled(world: World) -> None:
    late = Someone("Lena Late", "Latecomers", slack="U0LATE")
    tale = Tale(world, dataclasses.replace(SMALL, people=(*SMALL.people, late)))
    await tale.proposes("Carla", "Share one building rule:consent")
    await world.house.transactions.write(lambda session: _join(session, world))
    world.slack.add_user(TEAM, "U0LATE", "Lena Late")
    world.slack.world.channel(TEAM, SLACK_ROOM).members.add("U0LATE")
    await tale.presses("Lena", "Consent")
    await tale.is_told("Lena", "You were not among those entitled to vote when this was opened")
    await tale.both_show("0 of 4 organisations")
    await tale.ends_well()


async def _join(session: AsyncSession, world: World) -> None:
    now = world.clock.now()
    partner = Organisation(partnership_id=1, ref=new_ref("org"), name="Latecomers", sector="NHS", created_at=now)
    session.add(partner)
    await session.flush()
    member = Member(
        partnership_id=1,
        organisation_id=partner.id,
        ref=new_ref("mem"),
        name="Lena Late",
        role="representative",
        created_at=now,
    )
    session.add(member)
    await session.flush()
    account = {"tool": "slack", "workspace": TEAM, "account": "U0LATE"}
    session.add(Identity(partnership_id=1, member_id=member.id, created_at=now, **account))
