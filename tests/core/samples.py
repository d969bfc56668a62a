"""Small invented commands, as a feature would declare them, for the tests of what reads and asks for them."""

import datetime
import enum
import re
from dataclasses import dataclass
from typing import ClassVar
from zoneinfo import ZoneInfo

from core.cards import Card, Option, Params
from core.commands import EVERYONE, Command, Context, param
from core.errors import Refused
from core.requests import Reply, Whisper

LONDON = ZoneInfo("Europe/London")
NOW = datetime.datetime(2026, 11, 25, 10, 0, tzinfo=datetime.UTC)  # a Wednesday
THEMES = (
    Option("Entrepreneurial Barnet", "11"),
    Option("Community participation", "12"),
    Option("Use of assets", "13"),
    Option("Smart cities", "14"),
    Option("Arts and culture", "15"),
)
CHOICES = {"themes": THEMES}


def is_sentence(said: str) -> bool:
    """Whether this can be shown to a person: it ends as sentences do, and no traceback shows."""
    ours = re.sub("“.*”", "", said)
    trace = ("Traceback", "Exception", "Error", "None", "<", "object", "  ", "()", "\n")
    return said.endswith((".", "?")) and len(said) < 300 and not any(word in ours for word in trace)


class Rule(enum.StrEnum):
    """How a vote is won."""

    CONSENT = "consent"
    SIMPLE = "simple_majority"
    TWO_THIRDS = "two_thirds"


RULES = (
    Option("Consent", "consent"),
    Option("Simple majority", "simple_majority"),
    Option("Two-thirds", "two_thirds"),
)


def quorum(text: str) -> str:
    """A share or a number; a stand-in for a feature's own check."""
    if not text.rstrip("%").isdigit():
        raise Refused("A quorum is a number or a share, such as 5 or 60%.")
    return text


@dataclass(frozen=True)
class Propose(Params):
    """Propose something."""

    command: ClassVar[str] = "sample.propose"
    title: str = param("line", "Title", free=True, max_length=120, help="What is asked.")
    closes: datetime.datetime | None = param("moment", "Closes", default=None, required=True)
    rule: Rule = param("choice", "Rule", default=Rule.CONSENT, choices=RULES)
    quorum: str = param("line", "Quorum", default="", check=quorum)
    themes: tuple[int, ...] = param("choices", "Themes", default=(), mark="#")
    owner: str = param("line", "Owner", default="", mark="@")
    review_on: datetime.date | None = param("date", "Review", default=None)
    text: str = param("text", "Text", default="", max_length=3000)
    places: int = param("number", "Places", default=0)
    hidden_results: bool = param("toggle", "Hide results", default=False)
    item: int | None = param("ref", "Item", default=None)
    opened: datetime.datetime | None = param("moment", "Opened", default=None, hidden=True)


async def answer(context: Context, params: Propose) -> Reply:
    """Say it back."""
    return Whisper(Card(params.title, (), params.title))


PROPOSE = Command(
    params=Propose,
    handle=answer,
    title="Propose",
    help="Put something to the partners.",
    word="agree",
    submit="Open",
    opens_form=True,
    roles=EVERYONE,
)
