"""Founding and setting a board up, its organisations, people and rooms, and one person in two tools."""

import dataclasses
from typing import Any

from core.agreements.cards import agreement_card
from core.agreements.views import ShowAgreement
from core.cards import Params
from core.home.joining import Join
from core.membership.inviting import Invited, invited_card
from core.membership.linking import link_card
from core.membership.mentioning import welcome_card
from core.membership.params import (
    AddOrganisations,
    ChangeBoard,
    ChangeMember,
    ChangeOrganisation,
    Disconnect,
    EndDeputy,
    EndSetUp,
    Found,
    Invite,
    Leave,
    LeaveNow,
    LinkAccounts,
    ListBoards,
    ListMembers,
    ListOrganisations,
    ListRooms,
    NameDeputy,
    NewCode,
    NotMe,
    RemoveMember,
    RemoveOrganisation,
    RevokeCode,
    SetUp,
    ShowMember,
    ShowOrganisation,
    ShowWelcome,
    Unlink,
)
from core.requests import Source
from tests.golden.board import agreement, electors, picture
from tests.golden.case import LONDON, Asked, Case
from tests.golden.tables import FOUNDING_CODE, LINK_CODE, LONG_NAME, MARKUP, RIGHT_TO_LEFT, ROOM

TOO_LONG = "Far too long. " * 30
WHO = "U_COORDINATOR"
LAST = {"page": 99}


def _typed(name: str, of: type[Params], who: str, line: str, *, room: str = "") -> Case:
    return Case(name, of.command, Asked(who, line, source="line", room=room))


def _asked(name: str, of: type[Params], who: str, source: Source = "button", /, **args: Any) -> Case:
    return Case(name, of.command, Asked(who, command=of.command, args=args, source=source))


def _pair(
    name: str, of: type[Params], opens: dict[str, Any], wrong: dict[str, Any], who: str = WHO
) -> tuple[Case, ...]:
    return (
        Case(f"form-{name}", of.command, Asked(who, command=of.command, args=opens)),
        Case(f"form-{name}-problems", of.command, Asked(who, command=of.command, args=opens | wrong, source="form")),
    )


def _invited(**changes: str) -> Invited:
    facts = {
        "code": "K7QF9-M2PXD",
        "name": "Ines Invited",
        "ref": "mem_108",
        "role": "representative",
        "organisation": "Barnet Homes",
        "board": "Barnet Partnership Board",
        "until": "Wed 2 Dec 2026, 10:00 GMT",
        "sender": "Carla Coordinator",
    }
    return Invited(**(facts | changes))


FOUNDED = {"name": "Harbour Partnership", "organisation": "Harbour Council", "you": "Grace Okafor", "quorum": "half"}
SINCE = (
    "Fire Brigade came after voting opened and has no vote on this.",
    "Nobody can answer for Barnet Homes just now; the coordinator can invite somebody.",
    "Peter Police for Metropolitan Police answered and no longer speaks there; it stands until changed.",
)

FOUNDING = (
    _typed("join-founding", Join, "U_STRANGER", f"join {FOUNDING_CODE}"),
    _typed("refused-found", Found, "U_STRANGER", "found"),
    *_pair(
        "found",
        Found,
        {},
        {"name": "New Places Board", "organisation": "", "zone": "Narnia", "quorum": "some"},
        "U_FOUNDER",
    ),
    _asked("founded", Found, "U_FOUNDER", "form", **FOUNDED),
    _asked("refused-founding", Found, "U_POLICE", "form", **FOUNDED),
    _typed("setup", SetUp, WHO, "setup"),
    _typed("setup-new", SetUp, "U_NEW", "setup"),
    _typed("setup-many", SetUp, "U_MANY", "setup"),
    _typed("refused-setup", SetUp, "U_POLICE", "setup"),
    _asked("setup-ended", EndSetUp, "U_NEW"),
    *_pair("board", ChangeBoard, {}, {"name": "New Places Board", "zone": "", "rule": "by shouting"}),
    _asked(
        "board-changed",
        ChangeBoard,
        "U_NEW",
        "form",
        name="New Places Board",
        zone="Lisbon",
        unit="member",
        rule="consent",
    ),
)

ORGANISATIONS = (
    _typed("organisations", ListOrganisations, WHO, "organisations"),
    _typed("organisations-partner", ListOrganisations, "U_POLICE", "organisations"),
    _typed("organisations-none", ListOrganisations, "U_POLICE", "organisations Atlantis"),
    _typed("organisations-many", ListOrganisations, "U_MANY", "organisations"),
    _asked("organisations-many-last", ListOrganisations, "U_MANY", **LAST),
    _asked("form-organisations-problems", ListOrganisations, WHO, "form", search=TOO_LONG),
    _asked("organisation", ShowOrganisation, WHO, organisation="org_105"),
    _asked("organisation-nobody", ShowOrganisation, "U_POLICE", organisation="org_104"),
    _asked("extreme-organisation", ShowOrganisation, "U_MANY", organisation="org_400"),
    _asked("refused-foreign-organisation", ShowOrganisation, WHO, organisation="org_400"),
    _asked(
        "organisations-added", AddOrganisations, "U_NEW", "form", names="Fire Brigade, emergency\nnew council\n- Court"
    ),
    *_pair("organisation", AddOrganisations, {}, {"names": f"{TOO_LONG}, sector"}),
    *_pair(
        "change-organisation", ChangeOrganisation, {"organisation": "org_105"}, {"name": "Barnet Homes", "votes": ""}
    ),
    _asked(
        "organisation-changed",
        ChangeOrganisation,
        WHO,
        "form",
        organisation="org_105",
        name="Met",
        sector="",
        votes="no",
    ),
    _asked("refused-remove-organisation", RemoveOrganisation, WHO, organisation="org_105"),
    _asked("organisation-removed", RemoveOrganisation, "U_MANY", organisation="org_460"),
)

PEOPLE = (
    _typed("members", ListMembers, WHO, "members"),
    _typed("members-partner", ListMembers, "U_NEW", "members"),
    _typed("members-none", ListMembers, "U_POLICE", "members Atlantis"),
    _typed("members-many", ListMembers, "U_MANY", "members"),
    _typed("members-search", ListMembers, "U_MANY", "members person 299"),
    _asked("members-many-last", ListMembers, "U_MANY", **LAST),
    _asked("form-members-problems", ListMembers, WHO, "form", search=TOO_LONG),
    _asked("member-invited", ShowMember, WHO, member="mem_108"),
    _asked("member-deputy", ShowMember, WHO, member="mem_107"),
    _asked("member-seen-by-partner", ShowMember, "U_POLICE", member="mem_104"),
    _asked("extreme-member", ShowMember, "U_MANY", member="mem_400"),
    _asked("refused-foreign-member", ShowMember, WHO, member="mem_400"),
    Case("invited", Invite.command, lambda: invited_card(_invited())),
    Case(
        "extreme-invited",
        Invite.command,
        lambda: invited_card(_invited(name=f"{RIGHT_TO_LEFT} {MARKUP}", organisation=LONG_NAME[:200], board=MARKUP)),
    ),
    Case(
        "new-code",
        NewCode.command,
        lambda: invited_card(
            _invited(), "Ines Invited is here already: with this code, one more account becomes that person's."
        ),
    ),
    Case(
        "welcome",
        ShowWelcome.command,
        lambda: welcome_card("mem_108", "Ines Invited", "Barnet Homes", "representative", "Barnet Partnership Board"),
    ),
    _asked("not-me", NotMe, "U_POLICE", member="mem_104"),
    _asked("refused-not-me", NotMe, "U_POLICE", member="mem_105"),
    _typed("refused-invite", Invite, "U_POLICE", "invite Somebody"),
    *_pair(
        "invite",
        Invite,
        {"partner": "org_105"},
        {"name": "", "organisation": "nobody", "role": "king", "email": "nowhere"},
    ),
    _asked(
        "form-invite-second-problems", Invite, WHO, "form", name="Second", organisation="org_105", role="representative"
    ),
    _asked("code-revoked", RevokeCode, WHO, member="mem_108"),
    _asked("refused-revoke", RevokeCode, WHO, member="mem_104"),
    *_pair(
        "change-member", ChangeMember, {"member": "mem_105"}, {"name": "Dora", "role": "representative", "former": ""}
    ),
    _asked(
        "member-changed",
        ChangeMember,
        WHO,
        "form",
        member="mem_105",
        name="Dora Deputy",
        role="representative",
        former="observer",
    ),
    _asked("refused-last-chair", RemoveMember, WHO, member="mem_100"),
    _asked("member-removed", RemoveMember, WHO, member="mem_104"),
    *_pair("deputy", NameDeputy, {"whom": "mem_107"}, {"member": "nobody", "until": "yesterday"}),
    _asked("deputy-ended", EndDeputy, WHO, cover="cov_1"),
    _asked("refused-deputy", NameDeputy, WHO, "form", member="mem_107", until="2026-12-20T17:00"),
    _typed("leave", Leave, "U_POLICE", "leave"),
    _typed("refused-leave", Leave, "U_NEW", "leave"),
    _asked("left", LeaveNow, "U_POLICE"),
)

PLACES = (
    Case("link", LinkAccounts.command, lambda: link_card("slack", LINK_CODE)),
    Case("link-from-teams", LinkAccounts.command, lambda: link_card("teams", LINK_CODE)),
    _typed("refused-link-stranger", LinkAccounts, "U_STRANGER", "link"),
    _typed("linked", LinkAccounts, "U_STRANGER", f"link {LINK_CODE}"),
    _typed("link-sure", LinkAccounts, "U_POLICE", f"link {LINK_CODE}"),
    _typed("refused-link-wrong-code", LinkAccounts, "U_STRANGER", "link AAAAA-AAAAA"),
    _asked("refused-link", LinkAccounts, "U_POLICE", code=LINK_CODE, sure=True),
    _asked("form-link-problems", LinkAccounts, "U_POLICE", "form", code=TOO_LONG),
    _typed("unlinked", Unlink, "U_POLICE", "unlink"),
    _typed("refused-unlink", Unlink, "U_STRANGER", "unlink"),
    _typed("boards", ListBoards, "U_BOTH", "boards"),
    _typed("boards-one", ListBoards, "U_POLICE", "boards"),
    _typed("refused-boards", ListBoards, "U_STRANGER", "boards"),
    _typed("boards-switched", ListBoards, "U_BOTH", "boards new places"),
    _asked("form-boards-problems", ListBoards, "U_BOTH", "form", name=TOO_LONG),
    _typed("rooms", ListRooms, WHO, "rooms"),
    _typed("rooms-none", ListRooms, "U_NEW", "rooms"),
    _typed("rooms-partner", ListRooms, "U_POLICE", "rooms"),
    _typed("disconnected", Disconnect, WHO, "disconnect", room=ROOM),
    _typed("disconnect-here", Disconnect, WHO, "disconnect"),
    _typed("refused-disconnect", Disconnect, "U_POLICE", "disconnect", room=ROOM),
    Case(
        "agreement-voters-changed",
        ShowAgreement.command,
        lambda: agreement_card(dataclasses.replace(picture(agreement(), electors("ccc")), since=SINCE), LONDON),
    ),
)

CASES = (*FOUNDING, *ORGANISATIONS, *PEOPLE, *PLACES)
