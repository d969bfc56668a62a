"""What can be asked of agreements: the parameters of each command, which buttons carry and forms ask for."""

import datetime
from dataclasses import dataclass
from typing import ClassVar

from core.agreements.quorum import read_quorum
from core.cards import Option, Params
from core.commands import param

# Fields that a form insists on, but a button that opens the form does not have yet.
NOT_SAID = datetime.datetime.min.replace(tzinfo=datetime.UTC)

RULES = (
    Option("Consent: passes when no objection stands", "consent"),
    Option("Consensus: agree, abstain, disagree or block", "consensus"),
    Option("Simple majority: more than half agree", "simple majority"),
    Option("Two-thirds: at least two thirds agree", "two-thirds"),
    Option("Unanimous: all agree", "unanimous"),
    Option("Advice: a named person decides", "advice"),
)
EFFECTS = (
    Option("It binds at once", "binding"),
    Option("It is to be ratified at a meeting", "ratify"),
    Option("It is subject to a partner's own approval", "approval"),
)
HIDDEN = (
    Option("Always shown", "no"),
    Option("Hidden until one has voted", "until voted"),
    Option("Hidden until it closes", "until closed"),
)
BASES = (
    Option("Of the votes cast", "votes cast"),
    Option("Of all who are entitled", "entitled"),
)


@dataclass(frozen=True)
class Propose(Params):
    """Put something to the partners."""

    command: ClassVar[str] = "agreements.propose"
    title: str = param(
        "line",
        "What is to be agreed",
        default="",
        required=True,
        free=True,
        help="In one line, as it will stand in the register.",
    )
    closes: datetime.datetime = param(
        "moment",
        "Voting closes",
        default=NOT_SAID,
        required=True,
        help="Such as Fri 5pm, or 4 December 17:00.",
    )
    text: str = param(
        "text",
        "The proposal in full",
        default="",
        max_length=3000,
        help="What partners agree to, word for word.",
    )
    rule: str = param("choice", "How it passes", default="", choices=RULES, help="Empty for the board's usual rule.")
    quorum: str = param(
        "line",
        "Quorum",
        default="",
        check=read_quorum,
        max_length=20,
        help="How many must take part: 5, 50% or half.",
    )
    must: tuple[str, ...] = param(
        "choices", "Who must take part", default=(), help="Organisations without whom it cannot pass."
    )
    sectors: tuple[str, ...] = param("choices", "Sectors that must take part", default=(), help="At least one of each.")
    themes: tuple[str, ...] = param(
        "choices", "Themes agreed with it", default=(), mark="#", help="They become agreed when it passes."
    )
    hidden: str = param("choice", "How the vote stands is", default="no", choices=HIDDEN)
    effect: str = param("choice", "When it passes", default="binding", choices=EFFECTS)
    effect_detail: str = param(
        "line", "Which meeting, or whose approval", default="", help="Only if it does not bind at once."
    )
    review: datetime.date | None = param("date", "To be reviewed on", default=None)
    base: str = param("choice", "A majority is counted", default="votes cast", choices=BASES)
    decider: str = param("choice", "Who decides", default="", mark="@", help="Only with the rule advice.")
    about: str = param("line", "About", default="", hidden=True, max_length=40)


@dataclass(frozen=True)
class Open(Params):
    """Open a proposal to the vote."""

    command: ClassVar[str] = "agreements.open"
    agreement: str = param("ref", "Agreement")


@dataclass(frozen=True)
class Cast(Params):
    """Say where one's organisation stands."""

    command: ClassVar[str] = "agreements.cast"
    agreement: str = param("ref", "Agreement")
    position: str = param("line", "Position", hidden=True, max_length=20)
    reason: str = param("text", "Your reason", default="", max_length=3000, help="Everyone on the board can read it.")


@dataclass(frozen=True)
class Answer(Params):
    """Say where one's organisation stands, with a reason that is asked for."""

    command: ClassVar[str] = "agreements.answer"
    agreement: str = param("ref", "Agreement")
    position: str = param("choice", "Our answer", default="", required=True)
    reason: str = param("text", "Your reason", default="", max_length=3000, help="Everyone on the board can read it.")


@dataclass(frozen=True)
class TakeBack(Params):
    """Leave the question unanswered again."""

    command: ClassVar[str] = "agreements.take_back"
    agreement: str = param("ref", "Agreement")


@dataclass(frozen=True)
class DeclareInterest(Params):
    """Declare an interest and be recused."""

    command: ClassVar[str] = "agreements.interest"
    agreement: str = param("ref", "Agreement")
    nature: str = param(
        "text",
        "What the interest is",
        default="",
        required=True,
        max_length=1000,
        help="It is kept in the register of the board.",
    )


@dataclass(frozen=True)
class WithdrawInterest(Params):
    """Undo a declaration made in error."""

    command: ClassVar[str] = "agreements.withdraw_interest"
    agreement: str = param("ref", "Agreement")


@dataclass(frozen=True)
class Amend(Params):
    """Put an amended text, which reopens the question."""

    command: ClassVar[str] = "agreements.amend"
    agreement: str = param("ref", "Agreement")
    text: str = param(
        "text",
        "The amended text",
        default="",
        required=True,
        max_length=3000,
        help="Everyone is asked again, on this text.",
    )
    why: str = param("text", "What it changes, and for whose objection", default="", required=True, max_length=1000)
    closes: datetime.datetime | None = param(
        "moment", "Voting closes", default=None, help="Leave it to keep the deadline."
    )


@dataclass(frozen=True)
class Extend(Params):
    """Move the deadline."""

    command: ClassVar[str] = "agreements.extend"
    agreement: str = param("ref", "Agreement")
    closes: datetime.datetime = param("moment", "Voting closes", default=NOT_SAID, required=True)
    why: str = param("line", "Why", default="", required=True, max_length=300)


@dataclass(frozen=True)
class Close(Params):
    """Close before the deadline."""

    command: ClassVar[str] = "agreements.close"
    agreement: str = param("ref", "Agreement")
    why: str = param(
        "text",
        "Why it closes early",
        default="",
        required=True,
        max_length=1000,
        help="It goes on the record.",
    )
    statement: str = param(
        "text",
        "Outcome statement",
        default="",
        max_length=2000,
        help="What was decided, in your words; one is written if you leave it empty.",
    )


@dataclass(frozen=True)
class Reopen(Params):
    """Ask again after the close."""

    command: ClassVar[str] = "agreements.reopen"
    agreement: str = param("ref", "Agreement")
    why: str = param(
        "text",
        "Why it is reopened",
        default="",
        required=True,
        max_length=1000,
        help="It goes on the record.",
    )
    closes: datetime.datetime = param("moment", "Voting closes", default=NOT_SAID, required=True)


@dataclass(frozen=True)
class Withdraw(Params):
    """Take a proposal off the table."""

    command: ClassVar[str] = "agreements.withdraw"
    agreement: str = param("ref", "Agreement")
    why: str = param(
        "text",
        "Why it is withdrawn",
        default="",
        required=True,
        max_length=1000,
        help="It goes on the record.",
    )


@dataclass(frozen=True)
class Decide(Params):
    """The decider's word after the advice."""

    command: ClassVar[str] = "agreements.decide"
    agreement: str = param("ref", "Agreement")
    decision: str = param(
        "choice",
        "Decision",
        default="",
        required=True,
        choices=(Option("It goes ahead", "yes"), Option("It does not go ahead", "no")),
    )
    statement: str = param("text", "What you decide, and why", default="", required=True, max_length=2000)


@dataclass(frozen=True)
class Confirm(Params):
    """Record that a pass was ratified or approved."""

    command: ClassVar[str] = "agreements.confirm"
    agreement: str = param("ref", "Agreement")
    confirmed: str = param(
        "choice",
        "What came of it",
        default="",
        required=True,
        choices=(Option("Confirmed", "yes"), Option("Not confirmed", "no")),
    )
    note: str = param(
        "line",
        "Meeting, minute or letter",
        default="",
        required=True,
        max_length=300,
        help="Where it is written down.",
    )
