"""A board made in memory: agreements with their electors, as cards are drawn from them, without a database."""

import itertools
from collections.abc import Iterable, Sequence
from typing import Any

from core.agreements.models import Agreement, Elector, Objection, Stance, Wording
from core.agreements.queries import Picture
from core.themes.queries import ThemeLine
from tests.golden.case import at

REF = "agr_fivethemes000000"
PROPOSER = "Carla Coordinator (Barnet Council)"
PARTNERS: Sequence[tuple[str, str]] = (
    ("Barnet and Southgate College", "education"),
    ("Barnet Council", "local government"),
    ("Barnet Homes", "housing"),
    ("Barnet Voluntary Forum", "voluntary sector"),
    ("Job Centre Plus", "employment"),
    ("Metropolitan Police", "police"),
    ("Middlesex University", "education"),
    ("NHS North Central London", "NHS"),
)
THEMES = (
    "Entrepreneurial Barnet",
    "Community participation",
    "Use of assets",
    "Smart cities",
    "Arts and culture",
)
PROPOSAL = (
    "The board adopts five themes: Entrepreneurial Barnet, Community participation, Use of assets, Smart cities, "
    "and Arts and culture.\n\nThey underpin the agendas of its future meetings; each has a lead partner."
)
FRONT = {
    "report_of": "Interim Deputy Chief Executive",
    "date": "30 January 2017",
    "summary": "To seek the board's agreement to five themes for its work.",
    "input_requested": "To review the themes and agree them.",
    "contact": "Strategy Officer, Barnet Council",
}


def agreement(**changes: Any) -> Agreement:
    """The agreement on the five themes, open to the vote, but for these changes."""
    facts: dict[str, Any] = {
        "id": 1,
        "partnership_id": 1,
        "ref": REF,
        "number": 7,
        "title": "Adopt five partnership themes",
        "text": PROPOSAL,
        "front": FRONT,
        "rule": "consent",
        "base": "votes cast",
        "unit": "organisation",
        "quorum_number": 5,
        "quorum_share": None,
        "required_organisations": [],
        "required_sectors": [],
        "hidden": "no",
        "effect": "binding",
        "effect_detail": "",
        "state": "open",
        "round": 1,
        "statement": "",
        "closes_at": at(4),
        "created_at": at(24, 9, 11),
        "opened_at": at(25, 9, 11),
    }
    return Agreement(**(facts | changes))


def closed(result: str, statement: str, **changes: Any) -> Agreement:
    """The same after its close."""
    ended = {
        "state": "closed",
        "result": result,
        "statement": statement,
        "closed_at": at(4),
        "decision": "BPB-2026-014",
    }
    return agreement(**(ended | changes))


def electors(
    said: str = "", *, reasons: Iterable[str] = (), partners: Sequence[tuple[str, str]] = PARTNERS, must: str = ""
) -> list[Elector]:
    """The voters in order. `said` has one letter for each: c consents, o objects, a agrees, = abstains,
    d disagrees, b blocks, r is recused, anything else is silent. `reasons` go round those who answered.
    """
    words = {"c": "consent", "o": "object", "a": "agree", "=": "abstain", "d": "disagree", "b": "block"}
    spoken = itertools.cycle(list(reasons) or [""])
    made = []
    for key, ((name, sector), letter) in enumerate(itertools.zip_longest(partners, said), start=1):
        position = words.get(letter or "")
        given = next(spoken).replace("{n}", str(key)) if position else ""
        if position in ("object", "block") and not given:
            given = "The police need the data sharing agreement first."
        made.append(
            Elector(
                id=key,
                partnership_id=1,
                agreement_id=1,
                organisation_id=key,
                name=name,
                sector=sector,
                required=name == must,
                recused_at=at(26, month=11) if letter == "r" else None,
                position=position,
                stance_id=key if position else None,
                rank=2,
                reason=given,
                said_by=f"Representative {key}" if position else "",
            )
        )
    return made


def themes(*names: str, state: str = "proposed") -> list[ThemeLine]:
    """Themes as an agreement names them."""
    return [
        ThemeLine(number, f"thm_{number}", number, name, state, "Barnet Council")
        for number, name in enumerate(names, start=1)
    ]


def picture(
    made: Agreement, voters: Sequence[Elector] = (), about: Sequence[ThemeLine] = (), decider: str = ""
) -> Picture:
    """Everything that the cards of this agreement show."""
    return Picture(made, voters, list(about), PROPOSER, decider)


def stances(voters: Sequence[Elector], earlier: int = 0) -> list[Stance]:
    """What these voters said: `earlier` answers each, then the one that counts."""
    made = []
    for voter in voters:
        if voter.position is None:
            continue
        words = [(voter.id * 100 + turn, "abstain", "") for turn in range(earlier)]
        words.append((voter.id, voter.position, voter.reason))
        for number, (key, position, reason) in enumerate(words):
            made.append(
                Stance(
                    id=key,
                    elector_id=voter.id,
                    member_name=f"Deputy {voter.id}" if number < earlier else voter.said_by,
                    position=position,
                    reason=reason,
                    at=at(27, 9 + number, 11),
                )
            )
    return made


def objection(state: str, reason: str, note: str = "", by: str = "Peter Police") -> Objection:
    """An objection and what became of it."""
    return Objection(id=1, reason=reason, said_by=by, state=state, note=note, round=1, raised_at=at(27, month=11))


def wordings(*texts: str) -> list[Wording]:
    """The texts put to the vote, each after the first with why it came."""
    return [
        Wording(
            round=number,
            text=text,
            why=f"The data sharing agreement now comes first (text {number})." if number > 1 else "",
            at=at(number, 12),
        )
        for number, text in enumerate(texts, start=1)
    ]
