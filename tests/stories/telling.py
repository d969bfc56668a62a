"""Telling a board's story: who types what, who presses which button, who reads what, in whichever tool is theirs."""

import asyncio
import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.agreements.models import Agreement
from core.agreements.queries import picture
from core.db import Model
from core.membership.models import WrongCode
from core.outbox import Delivery, Posting
from core.register.models import Entry
from core.register.naming import names_of, with_names
from tests.world import SLACK_ROOM, SMALL, TEAM, TEAMS_ROOM, TENANT, Board, Someone, World

UNRECORDED = (Delivery.__tablename__, Posting.__tablename__, WrongCode.__tablename__)
GIBBERISH = re.compile(r"Traceback|Error\b|Exception|sqlalchemy|<class|tell the operator|went wrong")


@dataclass
class Tale:
    """One board in its world. People are called by their first names."""

    world: World
    board: Board = SMALL
    key: int = 1
    _before: dict[str, list[int]] = field(default_factory=dict)

    def who(self, name: str) -> Someone:
        """The member of this first name."""
        return next(each for each in self.board.people if each.name.split()[0] == name)

    async def by(self, entry: Entry) -> str:
        """Who made an entry of the register, by name."""
        names = await self.world.read(lambda session: names_of(session, self.key))
        return str(with_names(entry.actor, names))

    def in_slack(self, name: str) -> bool:
        """Whether this story has this person in Slack; who is in both tools acts in Slack."""
        return bool(self.who(name).slack)

    async def types(self, name: str, line: str, *, room: bool = True) -> None:
        """Type a line in the board's room, or in the chat with the bot."""
        person = self.who(name)
        self.remember(name)
        if self.in_slack(name):
            channel = self.board.slack_room if room else self.world.slack.dm(TEAM, person.slack)
            done = await self.world.slack.command(TEAM, person.slack, channel, "/board", line)
            assert done.ok, done
        else:
            place = self.board.teams_room if room else self.world.teams.personal(TENANT, person.teams)
            said = f"@Folkmoot {line}" if room else line
            heard = await self.world.teams.say(TENANT, person.teams, place, said)
            assert heard.status in (200, 201, 202), heard

    async def presses(self, name: str, label: str, /, *, at: str = "", room: bool = True, **fields: Any) -> None:
        """Press a button, or pick it from a menu, on the newest message that has it; then fill in what is asked.

        The press waits for the button: a card is redrawn a moment after what changed it.
        """
        self.remember(name)
        press = self._press_in_slack if self.in_slack(name) else self._press_in_teams
        for left in range(100, -1, -1):
            try:
                await press(name, label, at, room)
                break
            except LookupError:
                if not left:
                    raise
                await asyncio.sleep(0.05)
        if fields:
            await self.world.until(lambda: self.form(name), what=f"a form for {name}")
            await self.sends(name, **fields)

    async def _press_in_slack(self, name: str, label: str, at: str, room: bool) -> None:
        slack, user = self.world.slack, self.who(name).slack
        channel = self.board.slack_room if room else slack.dm(TEAM, user)
        try:
            done = await slack.click(TEAM, user, channel, at, label)
        except LookupError:
            done = await slack.select(TEAM, user, channel, at, label)
        assert done.ok, done

    async def _press_in_teams(self, name: str, label: str, at: str, room: bool) -> None:
        teams, oid = self.world.teams, self.who(name).teams
        place = self.board.teams_room if room else teams.personal(TENANT, oid)
        newest = [at] if at else [each["id"] for each in reversed(teams.messages(TENANT, place, oid))]
        for message in newest:
            try:
                done = await teams.execute(TENANT, oid, place, message, label)
            except LookupError:
                continue
            assert done.status in (0, 200, 202), done
            return
        raise LookupError(f"{name} sees no button {label!r}.")

    async def sends(self, name: str, /, **fields: Any) -> None:
        """Fill in the open form and send it. A moment is an aware datetime."""
        person = self.who(name)
        self.remember(name)
        if self.in_slack(name):
            values = {key: _for_slack(value) for key, value in fields.items()}
            done = await self.world.slack.submit(TEAM, person.slack, values)
            assert done.ok, done
        else:
            answered = await self.world.teams.dialog_submit(TENANT, person.teams, _for_teams(fields))
            assert answered.status == 200, answered

    async def closes(self, name: str) -> None:
        """Close the dialog that still shows an answer; in Slack there is none."""
        person = self.who(name)
        if not self.in_slack(name):
            await self.world.teams.dialog_close(TENANT, person.teams)

    def form(self, name: str) -> str:
        """All words of the form that this person has open; empty without one."""
        person = self.who(name)
        if self.in_slack(name):
            modal = self.world.slack.modal(TEAM, person.slack)
            return self.world.slack.text_of(modal) if modal else ""
        dialog = self.world.teams.dialog(TENANT, person.teams)
        return f"{dialog['title']}\n{self.world.teams.text_of(dialog['card'])}" if dialog else ""

    async def proposes(self, name: str, line: str, *, closes: str = "in 3 days") -> None:
        """Put something to the partners, and wait until it stands in both rooms."""
        await self.types(name, f'agree {line} closes:"{closes}"')
        await self.both_show(re.split(r" \w+:| #", line)[0], "Taken part")

    def private(self, name: str) -> list[str]:
        """Everything that Folkmoot has said to this person alone so far."""
        return [text for place in self._private(name) for text in place]

    def _private(self, name: str) -> list[list[str]]:
        """The same, by place: in the room, and in the chat with the bot."""
        person, world = self.who(name), self.world
        if self.in_slack(name):
            room = world.slack.messages(TEAM, self.board.slack_room) if self.board.slack_room else []
            direct = world.slack.messages(TEAM, world.slack.dm(TEAM, person.slack))
            mine = [each for each in room if each.only_for == person.slack], [each for each in direct if each.bot]
            return [[world.slack.text_of(each) for each in place] for place in mine]
        chat = world.teams.messages(TENANT, world.teams.personal(TENANT, person.teams))
        here = world.teams.messages(TENANT, self.board.teams_room) if self.board.teams_room else []
        said = [[each for each in place if "aadObjectId" not in each.get("from", {})] for place in (here, chat)]
        room_said, chat_said = ([world.teams.text_of(each) for each in place] for place in said)
        return [[text for text in room_said if not _is_card(text)], chat_said]

    def remember(self, name: str) -> None:
        """What is said from now on answers this person's next deed."""
        self._before[name] = [len(place) for place in self._private(name)]

    def heard(self, name: str) -> str:
        """What Folkmoot answered to this person's last deed, in whatever way."""
        person = self.who(name)
        before = self._before.get(name, [0, 0])
        said = [text for place, start in zip(self._private(name), before, strict=True) for text in place[start:]]
        said.append(self.form(name))
        if not self.in_slack(name):
            said.append(self.world.teams.toast(TENANT, person.teams) or "")
            chat = self.world.teams.personal(TENANT, person.teams)
            for place in filter(None, (self.board.teams_room, chat)):
                here = self.world.teams.store.conversation(place)
                views = [each.views.get(person.teams) for each in here.messages.values()]
                said += [self.world.teams.text_of(view) for view in views if view]
        return _flat("\n".join(each for each in said if each))

    async def is_told(self, name: str, *words: str) -> str:
        """Wait until the answer to the last deed holds all these words, and give it."""
        try:
            await self.world.until(lambda: all(each in self.heard(name) for each in words), what=str(words))
        except AssertionError as failed:
            raise AssertionError(f"{failed}; {name} heard:\n{self.heard(name)}") from None
        said = self.heard(name)
        assert not GIBBERISH.search(said), said
        return said

    def slack_card(self) -> str:
        """The shared card as it stands in the Slack room."""
        shown = [each for each in self.world.slack.messages(TEAM, self.board.slack_room) if not each.only_for]
        texts = [self.world.slack.text_of(each) for each in shown]
        return _flat([text for text in texts if _is_card(text)][-1])

    def teams_card(self) -> str:
        """The shared card as it stands in the Teams room."""
        texts = [self.world.teams.text_of(each) for each in self.world.teams.messages(TENANT, self.board.teams_room)]
        return _flat([text for text in texts if _is_card(text)][-1])

    async def both_show(self, *words: str, without: tuple[str, ...] = ()) -> None:
        """Wait until the shared card holds these words in both rooms, and none of those `without`."""
        for tool, card in (("Slack", self.slack_card), ("Teams", self.teams_card)):

            def there(card: Callable[[], str] = card) -> bool:
                return all(each in card() for each in words)

            try:
                await self.world.until(there, what=f"{words} in {tool}")
            except AssertionError as failed:
                raise AssertionError(f"{failed}; it shows:\n{card()}") from None
            assert not [each for each in without if each in card()], card()

    def rooms_say(self) -> str:
        """Everything that stands in both rooms for everybody."""
        slack = [each for each in self.world.slack.messages(TEAM, SLACK_ROOM) if not each.only_for]
        teams = self.world.teams.messages(TENANT, TEAMS_ROOM)
        return _flat("\n".join([*map(self.world.slack.text_of, slack), *map(self.world.teams.text_of, teams)]))

    async def agreement(self) -> Agreement:
        """The newest agreement."""
        newest = select(Agreement).order_by(Agreement.id.desc()).limit(1)

        async def work(session: AsyncSession) -> Agreement:
            return (await session.execute(newest)).scalar_one()

        found: Agreement = await self.world.read(work)
        return found

    async def positions(self) -> dict[str, str | None]:
        """Where each voter of the newest agreement stands."""
        ref = (await self.agreement()).ref
        seen = await self.world.read(lambda session: picture(session, self.key, ref))
        return {elector.name: elector.position for elector in seen.electors}

    async def ends_well(self) -> None:
        """No error was shown to anybody in either tool."""
        assert not self.world.slack.errors, self.world.slack.errors
        assert not self.world.teams.errors, self.world.teams.errors


async def counts(world: World) -> dict[str, int]:
    """How many rows each table has, but for those that only tell what was delivered or tried, and what stands where."""

    async def work(session: AsyncSession) -> dict[str, int]:
        tables = [table for table in Model.metadata.sorted_tables if table.name not in UNRECORDED]
        return {
            table.name: (await session.execute(select(func.count()).select_from(table))).scalar_one()
            for table in tables
        }

    found: dict[str, int] = await world.read(work)
    return found


def _flat(text: str) -> str:
    """Words only: each tool breaks its lines where it likes."""
    return re.sub(r"\s+([.,;:])", r"\1", " ".join(text.replace("\u2060", "").split()))


def _is_card(text: str) -> bool:
    return bool(re.match(r"(Agreement|Poll) \d+:", text))


def _for_slack(value: Any) -> Any:
    return str(int(value.timestamp())) if isinstance(value, datetime.datetime) else value


def _for_teams(fields: Mapping[str, Any]) -> dict[str, Any]:
    inputs: dict[str, Any] = {}
    for name, value in fields.items():
        if isinstance(value, datetime.datetime):
            inputs[f"{name}__date"], inputs[f"{name}__time"] = f"{value:%Y-%m-%d}", f"{value:%H:%M}"
        else:
            inputs[name] = value
    return inputs
