"""Whatever people get wrong, in either tool: one clear answer, nothing changed, and no error on anybody's screen."""

import copy
import dataclasses
import json
import re
from collections.abc import AsyncIterator, Awaitable
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.sandbox.slack.reading import find_button
from bot.sandbox.teams.actions import find
from core.agreements.models import Agreement, Objection
from core.catalog import COMMANDS
from core.commands import Role
from core.partners.actions import invite
from core.partners.models import Member, Room
from tests.databases import SQLITE_FIRST
from tests.stories.telling import Tale, counts
from tests.world import SLACK_ROOM, SMALL, TEAM, TEAMS_ROOM, TENANT, Board, Someone, World, a_world

BOARD = dataclasses.replace(
    SMALL,
    people=(
        *SMALL.people,
        Someone("Otto Observer", "Charity", "observer", teams="oid-otto"),
        Someone("Cora Coordinator", "Council", "coordinator", teams="oid-cora"),
        Someone("Chris Charity", "Charity", slack="U0CHRIS"),
        Someone("Cherie Charity", "Charity", teams="oid-cherie"),
        Someone("Bo Both", "College", "deputy", slack="U0BOTH"),
        Someone("Bea Both", "Hospital", "deputy", teams="oid-bea"),
    ),
)
OTHER = Board(
    name="Other Board",
    code="OTH",
    people=(
        Someone("Xena Council", "Xshire", "chair", slack="U0XENA"),
        Someone("Xavier Police", "Xpolice", teams="oid-xavier"),
        Someone("Bo Both", "Xshire", "deputy", slack="U0BOTH"),
        Someone("Bea Both", "Xpolice", "deputy", teams="oid-bea"),
    ),
    slack_room="C0OTHER01",
    teams_room="19:other@thread.tacv2",
)
STRANGERS = (
    Someone("Stan Stranger", "Nowhere", slack="U0STAN"),
    Someone("Stella Stranger", "Nowhere", teams="oid-stella"),
)
SLACK_AND_TEAMS = ("Ravi", "Peter")
IN = 'closes:"in 3 days"'


@pytest.fixture
async def tale(migrated_url: str) -> AsyncIterator[Tale]:
    """Two boards in one house, and two strangers who sit in the rooms."""
    async with a_world(migrated_url, BOARD, OTHER) as world:
        world.slack.add_user(TEAM, "U0STAN", "Stan Stranger")
        world.teams.add_user(TENANT, "oid-stella", "Stella Stranger")
        world.slack.world.channel(TEAM, SLACK_ROOM).members.add("U0STAN")
        world.teams.store.conversation(TEAMS_ROOM).members.append("oid-stella")
        people = (*BOARD.people, *STRANGERS, *OTHER.people[:2])
        told = Tale(world, dataclasses.replace(BOARD, people=people))
        yield told
        await told.ends_well()


async def refused(tale: Tale, name: str, deed: Awaitable[None], *words: str) -> None:
    """The deed changes nothing at all, and the person is told so in these words."""
    before, stood = await counts(tale.world), await _standing(tale)
    await deed
    await tale.is_told(name, *words)
    assert (await counts(tale.world), await _standing(tale)) == (before, stood)


async def _standing(tale: Tale) -> list[tuple[str, str, str | None]]:
    async def work(session: AsyncSession) -> list[tuple[str, str, str | None]]:
        rows = await session.execute(select(Agreement.title, Agreement.state, Agreement.result).order_by(Agreement.id))
        return [(title, state, result) for title, state, result in rows.tuples()]

    states: list[tuple[str, str, str | None]] = await tale.world.read(work)
    return states + ([("", name, where) for name, where in (await tale.positions()).items()] if states else [])


LINES = {
    "aggree Five themes": ("I don't know “aggree”.", "Did you mean agree?"),
    "frobnicate": ("I don't know “frobnicate”. Type help",),
    "agree Five themes closes:yesterday": ("“yesterday” is in the past; please choose a later time.",),
    "agree Five themes closes:whenever": ("whenever",),
    f"agree Five themes {IN} rule:dictatorship": ("“dictatorship” is not clear for How it passes. Please choose",),
    f"agree Five themes {IN} quorum:lots": (
        "Give a quorum as a number or a share of the partners, such as 5, 50% or half.",
    ),
    f"agree Five themes {IN} quorum:0": ("Give a quorum as a number",),
    f"agree Five themes {IN} must:Nobody": ("“Nobody” is not clear for Who must take part. Please choose",),
    f"agree Five themes {IN} quorun:5": ("Did you mean “quorum:”?",),
    f"agree Five themes {IN} rule:advice": ("name who decides",),
    f'agree Five themes {IN} decider:"Nadia Nurse"': ("Only the rule advice has a person who decides.",),
    f"agree Five themes {IN} base:entitled": ("no threshold to count",),
    f"agree Five themes {IN} effect:ratify": ("Please say which meeting is to ratify it.",),
    f"agree Five themes {IN} #Unheard-of": ("“Unheard-of” is not clear for Themes agreed with it.",),
    f"agree {'long ' * 2000} {IN}": ("characters long; please keep it to 300.",),
    f'agree Five themes {IN} text:"{"word " * 1000}"': ("characters long; please keep it to 3,000.",),
    "join WRONG-CODE": ("That code is not good any more.",),
    "join": ("Only the chair or the coordinator connects a room.",),
}


@SQLITE_FIRST
@pytest.mark.parametrize("name", SLACK_AND_TEAMS)
async def test_a_line_that_cannot_be_done_is_answered_in_a_sentence(tale: Tale, name: str) -> None:
    for line, words in LINES.items():
        await refused(tale, name, tale.types(name, line), *words)


@pytest.mark.parametrize("name", SLACK_AND_TEAMS)
async def test_a_line_with_a_slip_in_it_opens_no_vote_and_the_word_alone_opens_the_form(tale: Tale, name: str) -> None:
    before = await counts(tale.world)
    for line in ("agree", "agree Five themes"):
        await tale.types(name, line)
        await tale.is_told(name, "What is to be agreed", "Voting closes")
    assert await counts(tale.world) == before


@SQLITE_FIRST
async def test_every_word_alone_opens_its_form_on_a_board_that_has_hardly_anything_yet(tale: Tale) -> None:
    theirs = [each for each in COMMANDS if Role.COORDINATOR in each.roles and not each.open_to_strangers]
    forms = [command for command in theirs if command.word and command.opens_form]
    assert len(forms) >= 8
    for name in ("Carla", "Cora"):
        for command in forms:
            await tale.types(name, command.word, room=False)
            await tale.is_told(name, command.title, command.submit)
            if tale.in_slack(name):
                await tale.world.slack.close(TEAM, tale.who(name).slack, everything=True)


@SQLITE_FIRST
@pytest.mark.parametrize("name", ["Carla", "Cora"])
async def test_curly_quotes_of_a_phone_are_quotes(tale: Tale, name: str) -> None:
    await tale.types(name, "agree “Five themes” closes:“in 3 days” rule:‘simple majority’")
    await tale.both_show("Agreement 1: Five themes", "Simple majority")


def _stale_button(tale: Tale, label: str) -> tuple[Any, Any, Any, Any]:
    """A button as it stands now in each room, to be pressed when it is old."""
    message = [m for m in tale.world.slack.messages(TEAM, SLACK_ROOM) if not m.only_for and m.blocks][-1]
    pressed = find_button(copy.deepcopy(message.blocks), label)
    here = tale.world.teams.store.conversation(TEAMS_ROOM)
    activity = list(here.messages.values())[-1]
    return message, pressed, activity, find(copy.deepcopy(activity.card), label)


async def _press_stale(
    tale: Tale, name: str, stale: tuple[Any, Any, Any, Any], ref: tuple[str, str] = ("", "")
) -> None:
    """Press it; `ref` puts one reference in another's place."""
    message, pressed, activity, found = stale
    person, world = tale.who(name), tale.world
    old, new = ref[0], json.dumps(ref[1])[1:-1]
    tale.remember(name)
    if tale.in_slack(name):
        block_id, button = pressed
        action = {"type": "button", "action_id": button["action_id"], "block_id": block_id, "text": button["text"]}
        action["value"] = button["value"].replace(old, new) if old else button["value"]
        user, place = world.slack.world.user(TEAM, person.slack), world.slack.world.channel(TEAM, message.channel)
        done = await world.slack._act(user, place, message, action)
        assert done.ok, done
    else:
        data = found.action["data"]
        data = json.loads(json.dumps(data).replace(old, new)) if old else data
        them, here = world.teams.store.user(TENANT, person.teams), world.teams.store.conversation(TEAMS_ROOM)
        delivery = await world.teams._act(them, here, activity, found, data, "manual")
        assert delivery.status == 200, delivery


async def test_old_buttons_of_what_has_closed_or_was_withdrawn(tale: Tale) -> None:
    await tale.proposes("Carla", "Five themes rule:consent")
    closed = _stale_button(tale, "Consent")
    await tale.presses("Cleo", "Close early", why="Urgent.")
    await tale.both_show("No quorum.")
    await tale.proposes("Carla", "Six themes rule:consent")
    withdrawn = _stale_button(tale, "Consent")
    await tale.presses("Cleo", "Withdraw the proposal", why="Five are enough.")
    await tale.both_show("Six themes", "Withdrawn before it was decided.")
    for name in SLACK_AND_TEAMS:
        await refused(
            tale, name, _press_stale(tale, name, closed), "Voting on this has closed, so nothing was changed."
        )
        await refused(tale, name, _press_stale(tale, name, withdrawn), "This proposal was withdrawn")


async def test_a_button_that_carries_another_boards_agreement(tale: Tale) -> None:
    await tale.proposes("Carla", "Five themes rule:consent")
    ours, button = (await tale.agreement()).ref, _stale_button(tale, "Consent")
    for name in ("Xena", "Xavier"):
        await refused(tale, name, _press_stale(tale, name, button), "not one of")
    for name in SLACK_AND_TEAMS:
        for ref in ("agr_aaaaaaaaaaaaaaaa", "", "' OR 1=1 --", "x" * 1000, "\u0000", "agr_é"):
            await refused(tale, name, _press_stale(tale, name, button, (ours, ref)))


async def test_a_form_whose_hidden_part_was_edited(tale: Tale) -> None:
    await tale.proposes("Carla", "Five themes rule:consent")
    ref = (await tale.agreement()).ref
    edits = {
        "": "I can't read this form any more.",
        "{}": "I can't read this form any more.",
        "[1, 2": "I can't read this form any more.",
        '{"c": "agreements.nonsense", "f": {}}': "belongs to another version",
        '{"c": "agreements.close", "f": {"agreement": "REF"}}': "only the chair can do this",
        '{"c": "agreements.cast", "f": {"agreement": "agr_other", "position": "object"}}': "not one of this board's",
        '{"c": "agreements.cast", "f": {"agreement": "REF", "position": "block"}}': "Under this rule you can answer",
        '{"c": "agreements.cast", "f": {"agreement": {"a": 1}, "position": [true]}}': "",
    }
    for edit, words in edits.items():
        await tale.presses("Ravi", "Object")
        await tale.world.until(lambda: tale.form("Ravi"), what="the form")
        modal = tale.world.slack.modal(TEAM, "U0COUNCIL")
        assert modal is not None
        modal.view["private_metadata"] = edit.replace("REF", ref)
        await refused(tale, "Ravi", tale.sends("Ravi", reason="It is mine."), words)
        if tale.world.slack.modal(TEAM, "U0COUNCIL"):
            await tale.world.slack.close(TEAM, "U0COUNCIL", everything=True)


VOTELESS = {
    "Stan": "I don't know you yet.",
    "Stella": "I don't know you yet.",
    "Olga": "Observers can follow this vote but don't take part in it.",
    "Otto": "Observers can follow this vote but don't take part in it.",
    "Carla": "The coordinator serves the board and has no vote.",
    "Cora": "The coordinator serves the board and has no vote.",
    "Chris": "Charity has no vote on this board",
    "Cherie": "Charity has no vote on this board",
}


@SQLITE_FIRST
async def test_who_has_no_vote_is_told_why(tale: Tale) -> None:
    await tale.proposes("Carla", "Five themes rule:consent")
    for name, words in VOTELESS.items():
        await refused(tale, name, tale.presses(name, "Consent"), words)
        await refused(tale, name, tale.presses(name, "Take back our answer"), words)
    for name in ("Stan", "Stella"):
        await refused(tale, name, tale.types(name, "agree Let me in"), "I don't know you yet.")
    for name in ("Olga", "Otto"):
        await refused(tale, name, tale.types(name, "agree Let me vote"), "you are observer for Charity")


async def test_who_has_left_acts_no_more(tale: Tale) -> None:
    await tale.proposes("Carla", "Five themes rule:consent")
    gone = (
        update(Member).where(Member.name.in_(["Ravi Council", "Peter Police"])).values(left_at=tale.world.clock.now())
    )
    await tale.world.house.transactions.write(lambda session: session.execute(gone))
    for name in SLACK_AND_TEAMS:
        await refused(tale, name, tale.presses(name, "Consent"), "I don't know you yet.")
        await refused(tale, name, tale.types(name, "home"), "I don't know you yet.")


@pytest.mark.parametrize("name", SLACK_AND_TEAMS)
async def test_a_second_click_changes_nothing(tale: Tale, name: str) -> None:
    await tale.proposes("Carla", "Five themes rule:consent")
    place = tale.who(name).organisation
    button = _stale_button(tale, "Consent")
    await _press_stale(tale, name, button)
    await tale.both_show("1 of 4 organisations", f"Consent: {place}")
    await _press_stale(tale, name, button)
    await tale.is_told(name, f"Recorded for {place}: Consent.")
    assert (await tale.positions())[place] == "consent"
    await tale.both_show("1 of 4 organisations")
    for _ in range(2):
        await tale.presses(name, "Object", reason="On second thoughts.")
    await tale.both_show("1 objection to be resolved")
    raised = await tale.world.read(lambda session: _all(session, Objection))
    assert [each.state for each in raised] == ["raised"]


async def _all(session: AsyncSession, table: type[Any]) -> list[Any]:
    return list((await session.execute(select(table))).scalars())


@SQLITE_FIRST
@pytest.mark.parametrize("name", SLACK_AND_TEAMS)
async def test_hostile_words_in_a_reason_are_only_words(tale: Tale, name: str) -> None:
    await tale.proposes("Carla", "Five themes rule:consent")
    reason = '<!channel> <@U0CHAIR> *no* [x](http://evil.example) \u202egnirts\u0000 =HYPERLINK("http://evil.example")'
    await tale.presses(name, "Object", reason=reason)
    await tale.both_show("<!channel> <@U0CHAIR>", '=HYPERLINK("http://evil.example")')
    shown = [each for each in tale.world.slack.messages(TEAM, SLACK_ROOM) if not each.only_for][-1]
    drawn = json.dumps([shown.blocks, shown.text])
    for text in _texts([shown.blocks, {"type": "mrkdwn", "text": shown.text}], "mrkdwn"):
        assert "<!channel>" not in text and "<@U0CHAIR>" not in text
    assert "\\u0000" not in drawn and "\\u202e" not in drawn
    card = tale.world.teams.messages(TENANT, TEAMS_ROOM)[-1]
    for text in _texts(card, "TextBlock"):  # the only element in which Teams reads Markdown
        assert not re.search(r"(?<!\\)\]\(", text), text
    teams = json.dumps(card)
    assert "\\u202e" not in teams and "\\u0000" not in teams


def _texts(value: Any, kind: str) -> list[str]:
    """The texts of all elements of this kind."""
    if isinstance(value, list):
        return [text for each in value for text in _texts(each, kind)]
    if not isinstance(value, dict):
        return []
    own = [value["text"]] if value.get("type") == kind and isinstance(value.get("text"), str) else []
    return own + [text for each in value.values() for text in _texts(each, kind)]


async def test_a_reason_of_nothing_or_far_too_much(tale: Tale) -> None:
    await tale.proposes("Carla", "Five themes rule:consent")
    ref, button = (await tale.agreement()).ref, _stale_button(tale, "Object")
    assert ref
    await refused(tale, "Ravi", _press_stale(tale, "Ravi", button), "Your reason")
    await refused(tale, "Ravi", tale.sends("Ravi", reason=" \u200b \u202e "))
    await tale.world.slack.close(TEAM, "U0COUNCIL", everything=True)
    await tale.presses("Peter", "Object")
    await tale.world.until(lambda: tale.form("Peter"), what="the form")
    await refused(tale, "Peter", tale.sends("Peter", reason=" \u202e\u0007 "))


async def test_a_person_of_two_boards_is_asked_which_and_a_room_decides(tale: Tale) -> None:
    for name in ("Bo", "Bea"):
        await refused(
            tale, name, tale.types(name, "home", room=False), "You are on several boards. Which one do you mean?"
        )
        await tale.types(name, "home")  # the room's own board
        await tale.is_told(name, "College" if name == "Bo" else "Hospital")
        elsewhere = Tale(tale.world, OTHER, key=2)
        await elsewhere.types(name, "home")
        await elsewhere.is_told(name, "Xshire" if name == "Bo" else "Xpolice")
        await tale.types(name, "home", room=False)
        await tale.presses(name, "Other Board", room=False)
        await tale.is_told(name, "From now on you mean the Other Board")
        await tale.types(name, "home", room=False)
        await tale.is_told(name, "Xshire" if name == "Bo" else "Xpolice")


async def test_another_boards_room_and_a_channel_that_is_no_room(tale: Tale) -> None:
    world = tale.world
    world.slack.world.channel(TEAM, OTHER.slack_room).members.add("U0COUNCIL")
    world.teams.store.conversation(OTHER.teams_room).members.append("oid-police")
    world.teams.add_channel(TENANT, "19:lunch@thread.tacv2", "Lunch", ["oid-police"])
    away = Tale(world, dataclasses.replace(tale.board, slack_room=OTHER.slack_room, teams_room=OTHER.teams_room))
    for name in SLACK_AND_TEAMS:
        for line in ("home", f"agree A coup {IN}"):
            await refused(away, name, away.types(name, line), "This room belongs to another board.")
    lunch = Tale(world, dataclasses.replace(tale.board, teams_room="19:lunch@thread.tacv2"))
    await refused(lunch, "Peter", lunch.types("Peter", "home"), "This conversation is not connected to a board.")
    await refused(lunch, "Peter", lunch.types("Peter", "join"), "Only the chair or the coordinator connects a room.")


async def _code_for(world: World, name: str) -> str:
    async def work(session: AsyncSession) -> str:
        member = (await session.execute(select(Member).where(Member.name == name))).scalar_one()
        return await invite(session, member, world.clock.now())

    code: str = await world.house.transactions.write(work)
    return code


@pytest.mark.parametrize(("name", "joins"), [("Stan", "Nadia Nurse"), ("Stella", "Colin College")])
async def test_a_code_is_good_once_and_not_for_ever(tale: Tale, name: str, joins: str) -> None:
    old = await _code_for(tale.world, joins)
    await tale.world.pass_time(8 * 24 * 3600)
    not_good = "That code is not good any more."
    await refused(tale, name, tale.types(name, f"join {old}", room=False), not_good)
    replaced, code = await _code_for(tale.world, joins), await _code_for(tale.world, joins)
    await refused(tale, name, tale.types(name, f"join {replaced}", room=False), not_good)
    await tale.types(name, f"join {code.lower().replace('-', ' ')}", room=False)
    await tale.is_told(name, f"You are {joins}")
    await refused(tale, name, tale.types(name, f"join {code}", room=False), not_good)
    other = await _code_for(tale.world, "Peter Police")
    await refused(
        tale, name, tale.types(name, f"join {other}", room=False), f"This account already belongs to {joins}."
    )


async def test_the_coordinator_connects_a_room_by_joining_in_it(tale: Tale) -> None:
    world = tale.world
    world.teams.add_channel(TENANT, "19:new@thread.tacv2", "New room", ["oid-cora", "oid-police"])
    new = Tale(world, dataclasses.replace(tale.board, teams_room="19:new@thread.tacv2"))
    await new.types("Cora", "join")
    await new.is_told("Cora", "is now a room of the board")
    rooms = [room.conversation for room in await world.read(lambda session: _all(session, Room))]
    assert "19:new@thread.tacv2" in rooms
    await new.types("Peter", "home")
    await new.is_told("Peter", "Waiting for you")
    world.teams.store.conversation(OTHER.teams_room).members.append("oid-cora")
    theirs = Tale(world, dataclasses.replace(tale.board, teams_room=OTHER.teams_room))
    await refused(theirs, "Cora", theirs.types("Cora", "join"), "This room already belongs to another board.")
