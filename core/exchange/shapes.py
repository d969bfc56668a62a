"""What a partnership file says, checked and cleaned, each part with the line where it stands."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from core.agreements.rules import Base, Rule
from core.commands import Role
from core.errors import Refused
from core.exchange.parts import Work
from core.requests import Tool
from core.texts import one_line


class Mistake(Refused):
    """Something in a file that must be put right; nothing of the file was imported."""

    def __init__(self, line: int, sentence: str) -> None:
        """`sentence` says what to do, and begins so that it can follow "Line 12: "."""
        super().__init__(f"Line {line}: {sentence}")
        self.line = line


def same(name: str) -> str:
    """A name for comparing: letters composed, blanks joined, without case; twins in NFC and NFD are one."""
    return one_line(one_line(name).casefold())


@dataclass(frozen=True, slots=True)
class OrganisationPart:
    """One of `[[organisations]]`."""

    line: int
    name: str
    sector: str
    voting: bool


@dataclass(frozen=True, slots=True)
class Account:
    """An account of a member: a Slack team and user, or a Teams tenant and AAD object id."""

    line: int
    tool: Tool
    workspace: str
    account: str


@dataclass(frozen=True, slots=True)
class MemberPart:
    """One of `[[members]]`; `organisation` is spelt as where it is declared. email: empty without one."""

    line: int
    name: str
    email: str
    organisation: str
    role: Role
    accounts: tuple[Account, ...]


@dataclass(frozen=True, slots=True)
class RoomPart:
    """One of `[[rooms]]`: a Slack channel, or a Teams conversation with the address by which it is reached."""

    line: int
    name: str
    tool: Tool
    workspace: str
    conversation: str
    service_url: str = ""
    bot: str = ""


@dataclass(frozen=True, slots=True)
class ThemePart:
    """One of `[[themes]]`; `state` is for a theme that is new to the board. lead: empty without one."""

    line: int
    name: str
    scope: str
    lead: str
    objectives: tuple[str, ...]
    projects: tuple[str, ...]
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementPart:
    """One of `[[agreements]]`; organisations and themes by name, people by their place among `members`.

    lines: where its fields stand, for what turns out to be wrong only against the clock.
    """

    line: int
    lines: Mapping[str, int]
    title: str
    text: str
    rule: Rule
    base: Base
    quorum_number: int | None
    quorum_share: float | None
    organisations: tuple[str, ...]
    sectors: tuple[str, ...]
    closes_at: datetime.datetime
    hidden: str
    effect: str
    effect_detail: str
    review_on: datetime.date | None
    decider: int | None
    proposer: int | None
    front: Mapping[str, str]
    themes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardFile:
    """A whole partnership file."""

    line: int
    name: str
    place: str
    purpose: str
    timezone: str
    voting_unit: str
    principles: tuple[str, ...]
    criteria: tuple[tuple[str, float], ...]  # name and weight
    convener: str
    organisations: tuple[OrganisationPart, ...]
    members: tuple[MemberPart, ...]
    rooms: tuple[RoomPart, ...]
    themes: tuple[ThemePart, ...]
    agreements: tuple[AgreementPart, ...]
    work: Work
