"""What each command answers: cards, notes and refusals, as the desk gives them to the people of three boards."""

from collections.abc import Mapping
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
    Open,
    Propose,
    Reopen,
    TakeBack,
    Withdraw,
    WithdrawInterest,
)
from core.agreements.views import ListAgreements, ShowAgreement, ShowPaper, ShowRoll
from core.cards import Params
from core.concerns import Home
from core.home.commands import Help
from core.home.joining import Join
from core.partners.commands import Arrived, ChooseBoard
from core.register.commands import ListDecisions
from core.requests import Source
from core.themes.commands import ListThemes, ProposeTheme, ShowTheme
from tests.golden.case import Asked, Case
from tests.golden.tables import CODE, FOREIGN_ROOM, NEW_ROOM, ROOM


def _typed(name: str, of: type[Params], who: str, line: str, *, room: str = "") -> Case:
    return Case(name, of.command, Asked(who, line, source="line", room=room))


def _home(name: str, who: str) -> Case:
    return Case(f"home-{name}", Home.command, Asked(who, "home", source="event"), home=True)


def _clicked(name: str, of: type[Params], who: str, agreement: str, source: Source = "form", **args: Any) -> Case:
    about: Mapping[str, Any] = {"agreement": agreement} if agreement else {}
    return Case(name, of.command, Asked(who, command=of.command, args={**about, **args}, source=source))


HOMES = (
    _home("chair", "U_CHAIR"),
    _home("coordinator", "U_COORDINATOR"),
    _home("representative", "U_POLICE"),
    _home("decider", "U_DIRECTOR"),
    _home("observer", "U_OBSERVER"),
    _home("empty", "U_NEW"),
    _home("many-chair", "U_MANY"),
    _home("many-representative", "U_REPRESENTATIVE"),
)

LISTS = (
    _typed("agreements-none", ListAgreements, "U_NEW", "agreements"),
    _typed("agreements", ListAgreements, "U_CHAIR", "agreements"),
    _typed("agreements-many", ListAgreements, "U_MANY", "agreements"),
    _clicked("agreements-many-middle", ListAgreements, "U_MANY", "", "button", page=3),
    _clicked("agreements-many-last", ListAgreements, "U_MANY", "", "button", page=99),
    _typed("agreements-search-many", ListAgreements, "U_MANY", "agreements open"),
    _typed("agreements-search-one", ListAgreements, "U_POLICE", "agreements venue"),
    _typed("agreements-search-none", ListAgreements, "U_POLICE", "agreements <!channel> *nothing*"),
    _typed("decisions-none", ListDecisions, "U_NEW", "decisions"),
    _typed("decisions-one", ListDecisions, "U_POLICE", "decisions"),
    _typed("decisions-many", ListDecisions, "U_MANY", "decisions"),
    _clicked("decisions-many-last", ListDecisions, "U_MANY", "", "button", page=4),
    _typed("themes-none", ListThemes, "U_NEW", "themes"),
    _typed("themes", ListThemes, "U_OBSERVER", "themes"),
    _typed("themes-many", ListThemes, "U_MANY", "themes"),
    _clicked("theme", ShowTheme, "U_OBSERVER", "", "button", theme="thm_103"),
)

WORDS = (
    _typed("help", Help, "U_STRANGER", "help"),
    _typed("help-agree", Help, "U_STRANGER", "help agree"),
    _typed("help-home", Help, "U_STRANGER", "help home"),
    _typed("join-no-code", Join, "U_STRANGER", "join"),
    _typed("join-wrong-code", Join, "U_STRANGER", "join AAAAA-AAAAA"),
    _typed("join-welcome", Join, "U_STRANGER", f"join {CODE}"),
    _typed("join-room", Join, "U_COORDINATOR", "join", room=NEW_ROOM),
    _typed("join-already", Join, "U_POLICE", "join", room=ROOM),
    Case("arrived-room", Arrived.command, Asked("U_X", command=Arrived.command, source="event", room=NEW_ROOM)),
    Case("arrived-personal", Arrived.command, Asked("U_X", command=Arrived.command, source="event")),
    Case("arrived-connected", Arrived.command, Asked("U_X", command=Arrived.command, source="event", room=ROOM)),
    _typed("which-board", Home, "U_BOTH", "home"),
    _clicked("chosen-board", ChooseBoard, "U_BOTH", "", "button", board="brd_NPB"),
)

PROPOSED = (
    _typed("proposed-by-chair", Propose, "U_CHAIR", 'agree A joint plan closes:"4 December 17:00"'),
    _typed("proposed-without-rooms", Propose, "U_NEW", 'agree A joint plan closes:"4 December 17:00"'),
    _typed("proposed-by-partner", Propose, "U_POLICE", 'agree A joint plan closes:"4 December 17:00"'),
    _typed("theme-proposed", ProposeTheme, "U_CHAIR", 'theme Green spaces lead:"Barnet Homes"'),
)

NOTES = (
    _clicked("note-opened", Open, "U_CHAIR", "agr_draft", "button"),
    _clicked("note-consented", Cast, "U_POLICE", "agr_open", "button", position="consent"),
    _clicked("note-objected", Cast, "U_POLICE", "agr_open", position="object", reason="Data protection first."),
    _clicked("note-answered", Answer, "U_NURSE", "agr_open", position="consent", reason="It helps our clinics."),
    _clicked("note-interest", DeclareInterest, "U_POLICE", "agr_open", nature="We own the building."),
    _clicked("note-amended", Amend, "U_COORDINATOR", "agr_open", text="We adopt five themes.", why="Clearer words."),
    _clicked("note-extended", Extend, "U_CHAIR", "agr_open", closes="2026-12-11T17:00", why="Half-term."),
    _clicked("note-closed", Close, "U_CHAIR", "agr_open", why="Everyone who can has answered."),
    _clicked("note-withdrawn", Withdraw, "U_COORDINATOR", "agr_open", why="Overtaken by events."),
    _clicked("note-reopened", Reopen, "U_CHAIR", "agr_closed", closes="2026-12-11T17:00", why="New facts."),
    _clicked("note-decided", Decide, "U_DIRECTOR", "agr_deciding", decision="yes", statement="The library it is."),
    _clicked("note-ratified", Confirm, "U_COORDINATOR", "agr_closed", confirmed="yes", note="Minute 7"),
    _clicked("note-not-ratified", Confirm, "U_COORDINATOR", "agr_closed", confirmed="no", note="Minute 7"),
)

REFUSALS = (
    _clicked("refused-nothing-to-take-back", TakeBack, "U_POLICE", "agr_open", "button"),
    _clicked("refused-no-interest-declared", WithdrawInterest, "U_POLICE", "agr_open", "button"),
    _typed("refused-stranger", Home, "U_STRANGER", "home"),
    _typed("refused-unknown-word", Help, "U_POLICE", "agremeents"),
    _typed("refused-other-boards-room", Home, "U_POLICE", "home", room=FOREIGN_ROOM),
    _clicked("refused-role", Close, "U_POLICE", "agr_open", why="Because."),
    _clicked("refused-observer", Cast, "U_OBSERVER", "agr_open", "button", position="consent"),
    _clicked("refused-closed", Cast, "U_POLICE", "agr_closed", "button", position="consent"),
    _clicked("refused-withdrawn", Cast, "U_POLICE", "agr_withdrawn", "button", position="consent"),
    _clicked("refused-foreign", ShowAgreement, "U_POLICE", "agr_many1", "button"),
    _clicked("refused-hidden-roll", ShowRoll, "U_POLICE", "agr_hidden", "button"),
    _clicked("refused-foreign-paper", ShowPaper, "U_POLICE", "agr_many1", "button"),
    _clicked("refused-foreign-theme", ShowTheme, "U_POLICE", "", "button", theme="thm_301"),
    _typed(
        "refused-unreadable-date", Propose, "U_CHAIR", 'agree <!channel> the plan closes:"when hell freezes <@U1> over"'
    ),
)

CASES = (*HOMES, *LISTS, *WORDS, *PROPOSED, *NOTES, *REFUSALS)
