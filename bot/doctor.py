"""What is set up and what is still to do, in order, for somebody who connects Folkmoot for the first time."""

import zoneinfo
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from sqlalchemy import exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.records import run, shown
from bot.settings import DEFAULT_DATABASE, Settings
from bot.steps import Todo, slack_steps, teams_steps
from core.errors import Refused
from core.partners.models import Identity, Member, Partnership, Room
from core.workspaces.models import Installation

State = Literal["ok", "note", "missing"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `note`: worth knowing, and nothing that keeps the board from working."""

    state: State
    words: str


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """All findings, and what is to be done in order; `optional`: what else could be, under its heading."""

    findings: Sequence[Finding]
    todo: Sequence[str]
    optional: tuple[str, Sequence[str]] = ("", ())

    @property
    def healthy(self) -> bool:
        """Whether nothing is missing."""
        return all(finding.state != "missing" for finding in self.findings)

    def lines(self) -> list[str]:
        """The diagnosis as plain text."""
        lines = ["What is there", *(f"  {each.state:<8} {each.words}" for each in self.findings)]
        if self.todo:
            lines += ["", "What to do, in this order", *_numbered(self.todo)]
        heading, steps = self.optional
        if steps:
            lines += ["", heading, *_numbered(steps)]
        if self.healthy:
            lines += ["", "Everything that is needed is there."]
        return lines


def _numbered(steps: Sequence[str]) -> list[str]:
    lines = []
    for number, step in enumerate(steps, start=1):
        first, *rest = step.split("\n")
        lines += [f"  {number:>2}. {first}", *(f"      {line}" for line in rest)]
    return lines


@dataclass(frozen=True, slots=True)
class _Board:
    """What the database holds."""

    boards: int = 0
    rooms: int = 0
    steering: int = 0  # coordinators and chairs with an account
    workspaces: int = 0  # that have installed it by themselves


def examine(settings: Settings) -> Diagnosis:
    """Look at everything. It changes nothing, and never tells a secret."""
    zones, key = _zones(), _key(settings)
    database, held = _database(settings)
    slack, teams = slack_steps(settings), teams_steps(settings)
    neither = not (slack.ready or teams.ready)
    findings = [zones, key, database, _public(settings, teams)]
    findings += [_tool(slack, needed=neither or slack.begun), _tool(teams, needed=neither or teams.begun)]
    if settings.has_slack_oauth:
        findings.append(_installed(settings, held))
    findings += _boards(held)
    todo = [*_ground(settings, findings)]
    optional: tuple[str, Sequence[str]] = ("", ())
    for tool in (slack, teams):
        if tool.ready:
            continue
        if neither or tool.begun:
            todo += tool.steps
        else:
            optional = (f"If partners use {tool.name}", tool.steps)
    return Diagnosis(findings, [*todo, *_last(held, (slack, teams))], optional)


def _zones() -> Finding:
    count = len(zoneinfo.available_timezones())
    if not count:
        return Finding("missing", "Time zones: none are known; install tzdata.")
    return Finding("ok", f"Time zones: {count} are known.")


def _key(settings: Settings) -> Finding:
    keys = settings.secret_keys
    if keys:
        if min(len(key) for key in keys) < 32:
            return Finding("missing", "FOLKMOOT_SECRET_KEY: too short to be safe; each key has 32 characters or more.")
        return Finding("ok", f"FOLKMOOT_SECRET_KEY: set ({len(keys)} {'key' if len(keys) == 1 else 'keys'}).")
    if settings.database_file is None:
        return Finding("missing", "FOLKMOOT_SECRET_KEY: not set; with PostgreSQL every server needs the same one.")
    path = settings.database_file.with_suffix(".key")
    state = "kept in" if path.is_file() else "will be made at the first start in"
    return Finding("ok", f"Secret key: {state} {path}. Back that file up with the database.")


def _database(settings: Settings) -> tuple[Finding, _Board]:
    file = settings.database_file
    if file is not None and not file.exists() and settings.database_url == DEFAULT_DATABASE:
        return Finding("ok", f"Database: {file} will be made at the first start or import."), _Board()
    try:
        held = run(settings, _held)
    except Refused as refusal:
        return Finding("missing", f"Database: {refusal.sentence}"), _Board()
    return Finding("ok", f"Database: {shown(settings)} answers, and its schema is this version's."), held


async def _held(session: AsyncSession) -> _Board:
    async def count(query: object) -> int:
        return int((await session.execute(query)).scalar_one())  # type: ignore[call-overload]

    steering = select(func.count(Member.id)).where(
        Member.role.in_(("coordinator", "chair")),
        Member.left_at.is_(None),
        exists().where(Identity.member_id == Member.id),
    )
    return _Board(
        boards=await count(select(func.count(Partnership.id))),
        rooms=await count(select(func.count(Room.id)).where(Room.state == "connected")),
        steering=await count(steering),
        workspaces=await count(select(func.count(Installation.id)).where(Installation.token != "")),
    )


def _public(settings: Settings, teams: Todo) -> Finding:
    parts = urlsplit(settings.public_url)
    if parts.scheme == "https" and parts.hostname:
        return Finding("ok", f"PUBLIC_URL: {settings.public_url}")
    if settings.public_url:
        return Finding("missing", "PUBLIC_URL: must begin with https:// and name a host, or Slack and Teams refuse it.")
    if settings.slack_app_token.get_secret_value() and not teams.begun and not settings.has_slack_oauth:
        return Finding("note", "PUBLIC_URL: not set; Slack's Socket Mode needs none, but links to files do.")
    return Finding("missing", "PUBLIC_URL: not set; the https address under which Slack and Teams reach this server.")


def _tool(tool: Todo, *, needed: bool) -> Finding:
    if tool.ready:
        return Finding("ok", f"{tool.name}: set.")
    words = f"{tool.name}: not set yet: {', '.join(tool.missing)}."
    return Finding("missing" if needed else "note", words)


def _installed(settings: Settings, held: _Board) -> Finding:
    """Where workspaces install Folkmoot, and how many have."""
    where = f"{settings.public_url.rstrip('/')}/slack/install"
    count = "1 workspace has" if held.workspaces == 1 else f"{held.workspaces} workspaces have"
    return Finding("ok" if held.workspaces else "note", f"Slack: {count} installed Folkmoot at {where}.")


def _boards(held: _Board) -> list[Finding]:
    if not held.boards:
        return [Finding("missing", "Board: none yet.")]
    findings = [Finding("ok", f"Board: {held.boards} here, with {held.rooms} connected {_rooms(held.rooms)}.")]
    if not held.steering:
        findings.append(Finding("missing", "Coordinator: none has an account in Slack or Teams yet."))
    return findings


def _rooms(number: int) -> str:
    return "room" if number == 1 else "rooms"


def _ground(settings: Settings, findings: Sequence[Finding]) -> list[str]:
    """What comes before any chat tool."""
    steps = []
    for finding in findings:
        if finding.state == "missing" and finding.words.startswith("Time zones"):
            steps.append("Install time zone data (pip install tzdata).")
        if finding.state == "missing" and finding.words.startswith("FOLKMOOT_SECRET_KEY"):
            steps.append(
                "Make a secret key and set it as FOLKMOOT_SECRET_KEY, here and on every server:\n"
                'python3 -c "import secrets; print(secrets.token_hex(32))"'
            )
        if finding.state == "missing" and finding.words.startswith("Database"):
            steps.append("Set DATABASE_URL to a database that runs, and then: folkmoot migrate")
        if finding.state == "missing" and finding.words.startswith("PUBLIC_URL"):
            steps.append(
                "Give this server an https address (a reverse proxy in front of "
                f"http://{settings.host}:{settings.port}) and set it as PUBLIC_URL.\n"
                "Without one, Slack alone works by Socket Mode: set SLACK_APP_TOKEN instead."
            )
    return steps


def _last(held: _Board, tools: Sequence[Todo]) -> list[str]:
    """What comes after the chat tools: the board, the server, the rooms, the people."""
    steps = []
    if not held.boards:
        steps.append("Write your board into a file like examples/barnet.toml and bring it in: folkmoot import FILE")
    if any(not tool.ready for tool in tools) or not held.boards:
        steps.append("Start the server: folkmoot serve")
    if not held.rooms:
        steps.append(
            "Add Folkmoot to the channel where the board is to meet:\n"
            "in Slack type /invite @Folkmoot there; in Teams add the app to the team."
        )
    if not held.steering:
        steps.append(
            "Make a code for the coordinator: folkmoot invite\n"
            "The coordinator types it in that channel: /board join CODE in Slack, @Folkmoot join CODE in Teams.\n"
            "That makes the channel a room of the board. folkmoot invite EMAIL makes codes for everybody else."
        )
    elif not held.rooms:
        steps.append("There the coordinator types: /board join in Slack, @Folkmoot join in Teams.")
    return steps
