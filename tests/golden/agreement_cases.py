"""Every state in which an agreement can stand before its partners, and the cards around it."""

import datetime
from collections.abc import Callable
from typing import Any

from core.agreements.cards import agreement_card
from core.agreements.details import outcome_card, paper_card, reopened_card, roll_card, withdrawn_card
from core.agreements.queries import Picture
from core.agreements.views import ShowAgreement, ShowOutcome, ShowPaper, ShowRoll
from core.cards import Card, Params
from tests.golden.board import (
    PROPOSAL,
    THEMES,
    agreement,
    closed,
    electors,
    objection,
    picture,
    stances,
    themes,
    wordings,
)
from tests.golden.case import LONDON, Case

SEAL = "8f14e45fceea167a5a36dedd4bea2543"
DECIDER = "Dev Director (Barnet Council)"
FIVE = themes(*THEMES)
AGREED = "Agreed by consent: 7 of 7 organisations took part."


def _case(name: str, view: type[Params], draw: Callable[[], Card]) -> Case:
    return Case(name, view.command, draw)


def _card(name: str, make: Callable[[], Picture]) -> Case:
    return _case(f"agreement-{name}", ShowAgreement, lambda: agreement_card(make(), LONDON))


def _outcome(name: str, make: Callable[[], Picture]) -> Case:
    return _case(f"outcome-{name}", ShowOutcome, lambda: outcome_card(make(), SEAL, LONDON))


def _awaiting(effect: str, detail: str, confirmed: bool | None) -> Picture:
    made = closed("passed", AGREED, effect=effect, effect_detail=detail, confirmed=confirmed)
    about = themes(*THEMES, state="agreed" if confirmed else "proposed")
    return picture(made, electors("cccccccr"), about)


def _rule(rule: str, said: str, **changes: Any) -> Case:
    decider = DECIDER if rule == "advice" else ""
    return _card(
        f"rule-{rule.replace(' ', '-')}",
        lambda: picture(agreement(rule=rule, **changes), electors(said, must="Metropolitan Police"), decider=decider),
    )


STATES = (
    _card("draft", lambda: picture(agreement(state="draft", opened_at=None), about=FIVE)),
    _card("open-fresh", lambda: picture(agreement(), electors(), FIVE)),
    _card(
        "open-part-way",
        lambda: picture(
            agreement(required_sectors=["NHS"], review_on=datetime.date(2027, 6, 1)),
            electors("cc.ro", must="Metropolitan Police"),
            FIVE,
        ),
    ),
    _card("open-would-pass", lambda: picture(agreement(), electors("ccccccc"), FIVE)),
    _card("open-quorum-out-of-reach", lambda: picture(agreement(quorum_number=9), electors("cc"))),
    _card("open-share-quorum", lambda: picture(agreement(quorum_number=None, quorum_share=2 / 3), electors("cc"))),
    _card("open-hidden-until-voted", lambda: picture(agreement(hidden="until voted"), electors("cco.r"), FIVE)),
    _card(
        "open-hidden-until-closed",
        lambda: picture(
            agreement(hidden="until closed", required_sectors=["NHS"]), electors("ccoccc", must="Metropolitan Police")
        ),
    ),
    _card("open-hidden-fresh", lambda: picture(agreement(hidden="until closed"), electors())),
    _card("open-amended", lambda: picture(agreement(round=2), electors(), FIVE)),
    _card("open-by-members", lambda: picture(agreement(unit="member", base="entitled"), electors("c"))),
    _card(
        "open-subject-to-approval",
        lambda: picture(agreement(effect="approval", effect_detail="Barnet Council's cabinet"), electors("cc")),
    ),
    _card(
        "deciding",
        lambda: picture(agreement(rule="advice", state="deciding"), electors("aaad=.aa"), decider=DECIDER),
    ),
    _card(
        "closed-passed",
        lambda: picture(closed("passed", AGREED), electors("cccccccr"), themes(*THEMES, state="agreed")),
    ),
    _card(
        "closed-not-passed",
        lambda: picture(
            closed("not passed", "Not agreed by consent: 6 of 8 organisations took part; 1 objection stands."),
            electors("cccoc.c"),
            FIVE,
        ),
    ),
    _card(
        "closed-no-quorum",
        lambda: picture(
            closed("no quorum", "Not decided, for want of a quorum: 2 of 8 organisations took part."),
            electors("cc"),
            FIVE,
        ),
    ),
    _card("ratify-pending", lambda: _awaiting("ratify", "the board's meeting on 12 January 2027", None)),
    _card("ratify-confirmed", lambda: _awaiting("ratify", "the board's meeting on 12 January 2027", True)),
    _card("ratify-refused", lambda: _awaiting("ratify", "the board's meeting on 12 January 2027", False)),
    _card("approval-pending", lambda: _awaiting("approval", "Barnet Council's cabinet", None)),
    _card("approval-given", lambda: _awaiting("approval", "Barnet Council's cabinet", True)),
    _card("approval-refused", lambda: _awaiting("approval", "Barnet Council's cabinet", False)),
    _card("withdrawn", lambda: picture(agreement(state="withdrawn"), electors("cc"), FIVE)),
    _card("one-organisation", lambda: picture(agreement(quorum_number=None), electors("c")[:1])),
    _card("bare", lambda: picture(agreement(text="", front={}, quorum_number=None), electors("c"))),
)

RULES = (
    _rule("consensus", "aa=d.b"),
    _rule("simple majority", "aadd=a"),
    _rule("two-thirds", "aaddd", base="entitled"),
    _rule("unanimous", "aaad"),
    _rule("advice", "aad=a.."),
)

OUTCOMES = (
    _outcome(
        "passed",
        lambda: picture(
            closed("passed", AGREED, review_on=datetime.date(2027, 6, 1)),
            electors("cccccccr"),
            themes(*THEMES, state="agreed"),
        ),
    ),
    _outcome(
        "not-passed",
        lambda: picture(closed("not passed", "Not agreed by consent: 1 objection stands."), electors("cccco"), FIVE),
    ),
    _outcome(
        "no-quorum",
        lambda: picture(closed("no quorum", "Not decided, for want of a quorum: 2 of 8 took part."), electors("cc")),
    ),
    _outcome("ratify-pending", lambda: _awaiting("ratify", "the board's meeting on 12 January 2027", None)),
    _outcome("ratify-confirmed", lambda: _awaiting("ratify", "the board's meeting on 12 January 2027", True)),
    _outcome("approval-refused", lambda: _awaiting("approval", "Barnet Council's cabinet", False)),
    _case("outcome-withdrawn", ShowOutcome, lambda: withdrawn_card(picture(agreement(state="withdrawn")))),
    _case("outcome-reopened", ShowOutcome, lambda: reopened_card(picture(agreement(), electors()), "BPB-2026-013")),
    _case(
        "outcome-decided-again",
        ShowOutcome,
        lambda: reopened_card(picture(closed("passed", AGREED), electors("cccccccr")), "BPB-2026-013"),
    ),
)


def _roll(page: int = 1) -> Card:
    voters = electors("cco.rc", reasons=["We lead two of the five.", ""])
    raised = [
        objection("addressed", "Data protection comes first.", "the text now says so"),
        objection("stands", "The police need the data sharing agreement first.", by="Representative 3"),
    ]
    return roll_card(picture(agreement(), voters), stances(voters, earlier=1), raised, page, LONDON)


AROUND = (
    _case("roll", ShowRoll, _roll),
    _case("roll-fresh", ShowRoll, lambda: roll_card(picture(agreement(), electors()), [], [], 1, LONDON)),
    _case("paper", ShowPaper, lambda: paper_card(picture(agreement(), about=FIVE), wordings(PROPOSAL), LONDON)),
    _case(
        "paper-amended",
        ShowPaper,
        lambda: paper_card(
            picture(agreement(round=3, front={})),
            wordings("We adopt themes.", "We adopt four themes.", PROPOSAL),
            LONDON,
        ),
    ),
    _case("paper-none", ShowPaper, lambda: paper_card(picture(agreement(text="", front={})), wordings(""), LONDON)),
)

CASES = (*STATES, *RULES, *OUTCOMES, *AROUND)
