"""Every command in every role on the own board and on a foreign one: who may what, and that nothing leaks or changes.

The cases are made from the catalogue. What is expected stands in `tests/trust/policy.py` alone.
"""

from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from core.catalog import BY_NAME, COMMANDS
from core.commands import Command, params_of
from core.requests import Ask, Reply, Whisper
from tests.databases import PostgresDatabases, SqliteFiles
from tests.trust.arguments import a_sample_of_all, filled, for_this, refs_for, tries, variants
from tests.trust.boards import MARK, Side
from tests.trust.naming import EXCEPTIONS, unnamed, watched
from tests.trust.policy import POLICY, ROLES, STRANGER
from tests.trust.rehearsal import Rehearsal
from tests.trust.trial import ELSEWHERE, Trial, begin


@pytest.fixture
def sqlite_file(sqlite: SqliteFiles) -> str:
    return sqlite.migrated()


@pytest.fixture
def postgres_database(postgres: PostgresDatabases) -> Iterator[str]:
    url = postgres.migrated()
    yield url
    postgres.remove(url)


@pytest.fixture
async def trial(sqlite_file: str) -> AsyncIterator[Trial]:
    async with Rehearsal(sqlite_file).open() as rehearsal:
        yield await begin(rehearsal)


def is_refused(reply: Reply) -> bool:
    """Whether the person was told that it was not done, or asked for what was wrong."""
    if isinstance(reply, Ask):
        return bool(reply.form.problems)
    return isinstance(reply, Whisper) and reply.card.title in ("Not done", "Which board?")


def went_wrong(reply: Reply) -> bool:
    """Whether it ended in a fault of ours."""
    return isinstance(reply, Whisper) and reply.card.title in ("Sorry", "Try again")


@dataclass
class Found:
    """What a command was found to do: who could bring it about, with what, and what was wrong."""

    may: str = ""
    fits: list[dict[str, Any]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)


async def own_board(trial: Trial, command: Command[Any], *, long: bool = False) -> Found:
    """Everybody on the own board: who may goes on until it is done, who may not tries what others did it with.

    In the long form whoever may not tries everything that there is.
    """
    found = Found()
    fillings = [await filled(trial, command, trial.ours, everything=everything) for everything in (True, False)]
    every = [
        args
        for filling in fillings
        for given in variants(command, filling)
        for args in tries(command, given, lambda name: refs_for(name, trial.ours))
    ]
    everybody = (*ROLES, STRANGER, "g", ELSEWHERE)
    able = [who for who in everybody if who in opened(command.name)]
    for who in able:
        own = trial.ours.own.get(who, set())
        likely = sorted(every, key=lambda args: all(value not in own for value in args.values() if value.__hash__))
        if await _brings_about(trial, command, who, [*found.fits[-1:], *likely], found):
            found.may += who
    for who in everybody:
        if who in able:
            continue
        # Who is refused for the role is refused before anything is read, so one thing tells as much as twenty.
        some = [*found.fits, *every[:1]][: 1 if shut_out(command, who) else None]
        if await _brings_about(trial, command, who, every if long else some, found, stops=False):
            found.may += who
    return found


async def _brings_about(
    trial: Trial, command: Command[Any], who: str, every: Sequence[Mapping[str, Any]], found: Found, stops: bool = True
) -> bool:
    place, done = "room" if command.name == "home.join" else "dm", False
    for given in every:
        args = await for_this(trial, command, who, given) if stops else dict(given)
        reply, changed = await trial.ask(who, command.name, args, place)
        if went_wrong(reply):
            found.faults.append(f"{who} {command.name} {args}: {reply!r:.300}")
        if not is_refused(reply) and not isinstance(reply, Ask):
            done = True
            if stops:
                found.fits += [] if given in found.fits else [dict(given)]
                return True
        elif changed:
            found.faults.append(f"{who} {command.name} {args} was refused and changed something")
    return done


def opened(name: str) -> str:
    """Who may, as the policy says; who has left, or comes from elsewhere, is a stranger."""
    who = POLICY.get(name, "")
    return f"{who}g{ELSEWHERE}" if STRANGER in who else who


def shut_out(command: Command[Any], who: str) -> bool:
    """Whether the table alone refuses this person."""
    return not command.open_to_strangers and (who not in ROLES or ROLES[who] not in command.roles)


def foreign_args(command: Command[Any], fillings: Sequence[Mapping[str, Any]], theirs: Side) -> list[dict[str, Any]]:
    """Arguments that point at the other board: in every reference, in what is chosen, and in fields nobody declared."""

    def some(name: str) -> list[str]:
        return list(dict.fromkeys([*refs_for(name, theirs)[:4], *a_sample_of_all(theirs)]))

    forged = {"board": theirs.refs["partnerships"][0], "partnership_id": theirs.board, "partnership": theirs.board}
    forged |= {"member_id": theirs.people["c"].member, "person": theirs.people["c"].member, "role": "chair"}
    return [{**forged, **args} for given in fillings for args in tries(command, given, some)]


async def foreign_board(trial: Trial, command: Command[Any], everybody: str, *, long: bool = False) -> list[str]:
    """What these bring about with what is the other board's; nothing, if all is well."""
    fillings = [await filled(trial, command, side, everything=True) for side in (trial.theirs, trial.ours)]
    points = any(param.kind == "ref" for param in params_of(command.params).values())
    every, wrong = foreign_args(command, fillings, trial.theirs), []
    for who in everybody:
        cases = every if long else [*every[:1], *every[4:5], *every[-1:]] if who == "c" else every[:1]
        for number, args in enumerate(cases):
            elsewhere = bool(command.choices) and number == 0 and fillings[0] != fillings[1]
            reply, changed = await trial.ask(who, command.name, args)
            if went_wrong(reply):
                wrong.append(f"{who} {command.name} {args}: {reply!r:.300}")
            if changed and (points or elsewhere):
                wrong.append(f"{who} {command.name} {args} changed something with what is the other board's")
    return wrong


async def in_their_room(trial: Trial, command: Command[Any], who: str) -> list[str]:
    """What a member of ours brings about in the other board's room: nothing, and no word of it is told.

    What strangers may ask is about their own accounts, and the same everywhere; `ask` sees whether it is.
    """
    given = await filled(trial, command, trial.ours, everything=True)
    args = tries(command, given, lambda name: refs_for(name, trial.ours))[0]
    reply, changed = await trial.ask(who, command.name, args, "their room")
    harmless = command.open_to_strangers or (is_refused(reply) and not changed)
    return [] if harmless else [f"{who} {command.name} in their room: {reply!r}"]


def test_the_policy_lists_every_command_and_no_other() -> None:
    assert sorted(POLICY) == sorted(BY_NAME)


def test_the_code_is_as_open_as_the_policy_says() -> None:
    strangers = {command.name for command in COMMANDS if command.open_to_strangers}
    # Who joins, or steers a board and connects a room by joining, is not known by role yet: the handler decides;
    # and it tells a stranger more kindly than the table that there is no board to switch to, nor an account to unlink.
    assert strangers - {"home.join", "membership.boards", "membership.unlink"} == {
        name for name, who in POLICY.items() if STRANGER in who
    }
    narrower = [
        f"{command.name}: {who}"
        for command in COMMANDS
        for who, role in ROLES.items()
        if who in POLICY[command.name] and role not in command.roles
    ]
    assert narrower == []


async def try_all(trial: Trial, *, long: bool) -> tuple[list[str], dict[str, str]]:
    """What went wrong anywhere, and who can bring each command about."""
    may: dict[str, str] = {}
    faults: list[str] = []
    everybody = "".join((*ROLES, STRANGER, "g", ELSEWHERE))
    for number, command in enumerate(COMMANDS):
        async with trial.scene(command.name):
            found = await own_board(trial, command, long=long)
            may[command.name] = found.may
            # The role is asked before the thing is looked for, so the short form tries two people's hands here.
            others = everybody if long else "c" + everybody[number % len(everybody)]
            faults += [*found.faults, *await foreign_board(trial, command, others, long=long)]
            for who in "cordw" if long else "c":
                faults += await in_their_room(trial, command, who)
    return faults, may


@pytest.mark.parametrize("long", [False, pytest.param(True, marks=pytest.mark.faults)], ids=["short", "long"])
async def test_every_command_in_every_role(trial: Trial, report: Callable[[str], None], *, long: bool) -> None:
    with watched(trial.rehearsal.engine.sync_engine) as unnamed:
        faults, may = await try_all(trial, long=long)
    assert faults == []
    assert trial.leaks == []
    assert may == {name: opened(name) for name in POLICY}
    assert {place: tables for place, tables in unnamed.items() if place not in EXCEPTIONS} == {}
    assert EXCEPTIONS.keys() - unnamed.keys() == set()
    report(
        f"{len(COMMANDS)} commands x 5 roles, strangers, who left and another workspace, own and foreign board: "
        f"{trial.counts['requests']} requests, {trial.counts['messages']} messages drawn, {len(trial.leaks)} leaks; "
        f"every statement but those of {len(EXCEPTIONS)} places names its board or a row by its key"
    )


@pytest.mark.faults
async def test_a_sample_of_it_on_postgresql(postgres_database: str, report: Callable[[str], None]) -> None:
    async with Rehearsal(postgres_database).open() as rehearsal:
        trial = await begin(rehearsal)
        faults: list[str] = []
        for number, command in enumerate(COMMANDS):
            who = (*ROLES, STRANGER)[number % 6]
            async with trial.scene(command.name):
                faults += await foreign_board(trial, command, who)
                faults += (await own_board(trial, command)).faults if number % 6 == 0 else []
        assert faults == []
        assert trial.leaks == []
        report(f"PostgreSQL: {trial.counts['requests']} requests, {len(trial.leaks)} leaks")


def test_no_command_takes_a_key() -> None:
    whole = {
        f"{command.name}.{name}"
        for command in COMMANDS
        for name, param in params_of(command.params).items()
        if param.kind == "number" or name == "id" or name.endswith(("_id", "_key"))
    }
    # Pages, spans of time, counts, a place on the agenda, and an option's number on the poll that is named beside it.
    assert {each for each in whole if not each.endswith(PLAIN)} == NUMBERS


PLAIN = (".page", ".days", ".left", ".max", ".option", ".minutes", ".papers", ".place")
NUMBERS = {"polls.launch.closes_after", "items.queue.after"}  # the latter is where to go on in the own queue


@pytest.mark.parametrize(
    ("statement", "found"),
    [
        ("SELECT items.ref FROM items WHERE items.ref = ?", {"items"}),
        ("SELECT items.ref FROM items WHERE items.partnership_id = ? AND items.ref = ?", set()),
        ("SELECT items.partnership_id FROM items WHERE items.ref IN (?)", {"items"}),
        ("SELECT a.ref FROM actions AS a JOIN members ON members.id = a.owner_id WHERE a.title = ?", set()),
        ("SELECT actions.ref FROM actions, items WHERE actions.partnership_id = ? AND items.ref = ?", {"items"}),
        ("UPDATE items SET state=? WHERE items.state = ?", {"items"}),
        ("DELETE FROM poll_words WHERE poll_words.text = ?", {"poll_words"}),
    ],
)
def test_a_statement_that_names_no_board_would_be_found(statement: str, found: set[str]) -> None:
    assert unnamed(statement) == found


def test_a_leak_would_be_found() -> None:
    theirs = Side(2, {}, {"agreements": ["agr_theirs"], "themes": ["thm_theirs"]})
    nothing: Any = None
    trial = Trial(nothing, nothing, nothing, nothing, theirs)
    trial.look("a card", f"… {MARK}agr7 …", {})
    trial.look("a button", "… agr_theirs …", {})
    trial.look("an echo", "… thm_theirs …", {"theme": "thm_theirs"})
    assert len(trial.leaks) == 2
