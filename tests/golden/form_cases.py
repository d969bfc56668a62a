"""Every form: as it opens, and as it comes back with what was wrong said at its fields."""

from typing import Any

from core.agreements.params import (
    Amend,
    Answer,
    Cast,
    Close,
    Confirm,
    Decide,
    DeclareInterest,
    Extend,
    Propose,
    Reopen,
    Withdraw,
)
from core.agreements.views import ListAgreements
from core.cards import Params
from core.home.commands import Help
from core.home.joining import Join
from core.themes.commands import ProposeTheme
from tests.golden.case import Asked, Case

TOO_LONG = "Far too long. " * 250
OPEN = {"agreement": "agr_open"}
MARKUP = "<!channel> *b* [x](https://evil.example)"


def pair(name: str, of: type[Params], who: str, opens: dict[str, Any], wrong: dict[str, Any]) -> tuple[Case, Case]:
    """A form as a button opens it (with what a button carries), and as it comes back from being sent `wrong`."""
    return (
        Case(f"form-{name}", of.command, Asked(who, command=of.command, args=opens)),
        Case(f"form-{name}-problems", of.command, Asked(who, command=of.command, args=opens | wrong, source="form")),
    )


WRONG_PROPOSAL = {
    "title": "",
    "closes": "1999-01-01T10:00",
    "text": TOO_LONG,
    "rule": "by shouting",
    "quorum": "some of us",
    "must": ["org_101", "nobody"],
    "sectors": [],
    "themes": ["thm_101"],
    "review": "the thirtieth of February",
    "effect_detail": MARKUP,
}

CASES = (
    *pair("propose", Propose, "U_CHAIR", {}, WRONG_PROPOSAL),
    *pair("object", Cast, "U_POLICE", OPEN | {"position": "object"}, {"reason": ""}),
    *pair("answer", Answer, "U_POLICE", OPEN, {"position": "", "reason": TOO_LONG}),
    *pair("interest", DeclareInterest, "U_POLICE", OPEN, {"nature": ""}),
    *pair("amend", Amend, "U_COORDINATOR", OPEN, {"text": "", "why": "", "closes": "yesterday"}),
    *pair("extend", Extend, "U_CHAIR", OPEN, {"closes": "yesterday", "why": ""}),
    *pair("close", Close, "U_CHAIR", OPEN, {"why": "", "statement": TOO_LONG}),
    *pair("reopen", Reopen, "U_CHAIR", {"agreement": "agr_closed"}, {"why": "", "closes": ""}),
    *pair("withdraw", Withdraw, "U_CHAIR", OPEN, {"why": ""}),
    *pair("decide", Decide, "U_DIRECTOR", {"agreement": "agr_deciding"}, {"decision": "perhaps", "statement": ""}),
    *pair("confirm", Confirm, "U_COORDINATOR", {"agreement": "agr_closed"}, {"confirmed": "", "note": ""}),
    *pair("theme", ProposeTheme, "U_CHAIR", {}, {"name": "Smart cities", "lead": "nobody", "scope": TOO_LONG}),
    # These need nothing, so their forms only open when what came with a button is unfit.
    Case(
        "form-agreements-problems",
        ListAgreements.command,
        Asked("U_POLICE", command=ListAgreements.command, args={"search": TOO_LONG}, source="form"),
    ),
    Case("form-help-problems", Help.command, Asked("U_POLICE", command=Help.command, args={"about": TOO_LONG})),
    Case("form-join-problems", Join.command, Asked("U_POLICE", command=Join.command, args={"code": TOO_LONG})),
)
