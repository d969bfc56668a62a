"""What can be asked of a board's people: the parameters of each command, which buttons carry and forms ask for."""

import datetime
from dataclasses import dataclass
from typing import ClassVar

from core.agreements.params import NOT_SAID, RULES
from core.agreements.quorum import read_quorum
from core.cards import Option, Params
from core.commands import param
from core.partners.zones import read_zone

UNITS = (
    Option("Each organisation has one vote", "organisation"),
    Option("Each member has one vote", "member"),
)
ROLES = (
    Option("Representative: speaks for the organisation", "representative"),
    Option("Deputy: speaks when the representative does not", "deputy"),
    Option("Observer: reads", "observer"),
    Option("Chair: leads the board", "chair"),
    Option("Coordinator: runs the board, has no vote", "coordinator"),
)
FORMER = (
    Option("Deputy", "deputy"),
    Option("Observer", "observer"),
    Option("No longer on the board", "leaves"),
)


@dataclass(frozen=True)
class Found(Params):
    """Found a partnership."""

    command: ClassVar[str] = "membership.found"
    name: str = param("line", "Name of the partnership", default="", required=True, free=True, max_length=200)
    organisation: str = param(
        "line", "Your organisation", default="", required=True, max_length=200, help="It convenes the partnership."
    )
    you: str = param("line", "Your name", default="", required=True, max_length=200, help="You are its coordinator.")
    place: str = param("line", "Place", default="", max_length=200, help="Such as Barnet.")
    purpose: str = param("text", "Purpose", default="", max_length=2000, help="What partners do together, in short.")
    zone: str = param(
        "line", "Time zone", default="Europe/London", max_length=60, check=read_zone, help="A city's, such as Lisbon."
    )
    unit: str = param("choice", "Who votes", default="organisation", choices=UNITS)
    rule: str = param("choice", "How proposals usually pass", default="consent", choices=RULES)
    quorum: str = param(
        "line",
        "Usual quorum",
        default="",
        check=read_quorum,
        max_length=20,
        help="How many must take part: 5, 50% or half; empty for none.",
    )


@dataclass(frozen=True)
class SetUp(Params):
    """The steps by which a board is set up."""

    command: ClassVar[str] = "membership.setup"


@dataclass(frozen=True)
class EndSetUp(Params):
    """Home need not lead through setting up any more."""

    command: ClassVar[str] = "membership.end_setup"
    board: str = param("ref", "Board", default="")  # on buttons, so that a person of several boards means this one


@dataclass(frozen=True)
class ChangeBoard(Params):
    """Put right what the board is called and how it decides."""

    command: ClassVar[str] = "membership.change_board"
    name: str = param("line", "Name", default="", required=True, max_length=200)
    place: str = param("line", "Place", default="", max_length=200)
    purpose: str = param("text", "Purpose", default="", max_length=2000)
    zone: str = param("line", "Time zone", default="", required=True, max_length=60, check=read_zone)
    unit: str = param(
        "choice", "Who votes", default="", required=True, choices=UNITS, help="What is open already stays as it is."
    )
    rule: str = param("choice", "How proposals usually pass", default="", required=True, choices=RULES)
    quorum: str = param("line", "Usual quorum", default="", check=read_quorum, max_length=20, help="Empty for none.")
    board: str = param("ref", "Board", default="")


@dataclass(frozen=True)
class ListOrganisations(Params):
    """The board's organisations."""

    command: ClassVar[str] = "membership.organisations"
    search: str = param("line", "Search", default="", free=True, help="Words of the name or the sector.")
    page: int = param("number", "Page", default=1, hidden=True)


@dataclass(frozen=True)
class ShowOrganisation(Params):
    """One organisation and its people."""

    command: ClassVar[str] = "membership.show_organisation"
    organisation: str = param("ref", "Organisation")


@dataclass(frozen=True)
class AddOrganisations(Params):
    """New organisations, one on each line."""

    command: ClassVar[str] = "membership.add_organisations"
    names: str = param(
        "text",
        "Organisations",
        default="",
        required=True,
        free=True,
        max_length=3000,
        help="One on each line, with its sector after a comma: Metropolitan Police, police",
    )
    votes: str = param(
        "choice",
        "They",
        default="yes",
        choices=(Option("have a vote", "yes"), Option("take part without a vote", "no")),
    )
    board: str = param("ref", "Board", default="")


@dataclass(frozen=True)
class ChangeOrganisation(Params):
    """Put an organisation's name, sector or vote right."""

    command: ClassVar[str] = "membership.change_organisation"
    organisation: str = param("ref", "Organisation")
    name: str = param("line", "Name", default="", required=True, max_length=200)
    sector: str = param("line", "Sector", default="", max_length=100, help="Such as police, education or housing.")
    votes: str = param(
        "choice",
        "In agreements it",
        default="",
        required=True,
        choices=(Option("has a vote", "yes"), Option("has no vote", "no")),
        help="What is open already stays as it is.",
    )


@dataclass(frozen=True)
class RemoveOrganisation(Params):
    """Take an organisation off that never did anything."""

    command: ClassVar[str] = "membership.remove_organisation"
    organisation: str = param("ref", "Organisation")


@dataclass(frozen=True)
class ListMembers(Params):
    """The board's members."""

    command: ClassVar[str] = "membership.members"
    search: str = param("line", "Search", default="", free=True, help="A name, an organisation or a role.")
    page: int = param("number", "Page", default=1, hidden=True)


@dataclass(frozen=True)
class ShowMember(Params):
    """One member."""

    command: ClassVar[str] = "membership.show_member"
    member: str = param("ref", "Member")


@dataclass(frozen=True)
class Invite(Params):
    """Invite somebody to the board."""

    command: ClassVar[str] = "membership.invite"
    name: str = param("line", "Name", default="", required=True, free=True, max_length=200)
    organisation: str = param("choice", "Organisation", default="", required=True)
    role: str = param("choice", "Role", default="", required=True, choices=ROLES)
    email: str = param("line", "Email", default="", max_length=254, help="If you like; only you and the chair see it.")
    partner: str = param("ref", "Organisation", default="")  # by which a button opens the form, filled
    board: str = param("ref", "Board", default="")


@dataclass(frozen=True)
class NewCode(Params):
    """Another code for a member."""

    command: ClassVar[str] = "membership.new_code"
    member: str = param("ref", "Member")


@dataclass(frozen=True)
class ShowWelcome(Params):
    """What somebody is told whose account was named in the invitation."""

    command: ClassVar[str] = "membership.welcome"
    member: str = param("ref", "Member")


@dataclass(frozen=True)
class NotMe(Params):
    """The account that was named in an invitation is somebody else's."""

    command: ClassVar[str] = "membership.not_me"
    member: str = param("ref", "Member")


@dataclass(frozen=True)
class RevokeCode(Params):
    """Make a member's code useless."""

    command: ClassVar[str] = "membership.revoke_code"
    member: str = param("ref", "Member")


@dataclass(frozen=True)
class ChangeMember(Params):
    """Put a member's name, email or role right."""

    command: ClassVar[str] = "membership.change_member"
    member: str = param("ref", "Member")
    name: str = param("line", "Name", default="", required=True, max_length=200)
    role: str = param("choice", "Role", default="", required=True, choices=ROLES)
    former: str = param(
        "choice",
        "The former representative becomes",
        default="",
        choices=FORMER,
        help="Only if this person takes over as representative.",
    )
    email: str = param("line", "Email", default="", max_length=254)


@dataclass(frozen=True)
class RemoveMember(Params):
    """Take a member off the board; the history stays."""

    command: ClassVar[str] = "membership.remove_member"
    member: str = param("ref", "Member")


@dataclass(frozen=True)
class NameDeputy(Params):
    """Name a deputy for a while."""

    command: ClassVar[str] = "membership.deputy"
    member: str = param("choice", "Who", default="", required=True, free=True, help="An observer of the organisation.")
    until: datetime.datetime = param("moment", "Until", default=NOT_SAID, required=True, help="Such as 4 December.")
    start: datetime.datetime | None = param("moment", "From", default=None, help="Empty for at once.")
    whom: str = param("ref", "Member", default="")  # by whom a button opens the form, filled


@dataclass(frozen=True)
class EndDeputy(Params):
    """A deputy for a while is no longer needed."""

    command: ClassVar[str] = "membership.end_deputy"
    cover: str = param("ref", "Deputy")


@dataclass(frozen=True)
class Leave(Params):
    """Leave the board."""

    command: ClassVar[str] = "membership.leave"


@dataclass(frozen=True)
class LeaveNow(Params):
    """Leave the board, having been asked."""

    command: ClassVar[str] = "membership.leave_now"


@dataclass(frozen=True)
class LinkAccounts(Params):
    """Make two accounts one person: ask for a code, or enter it."""

    command: ClassVar[str] = "membership.link"
    code: str = param("line", "Code", default="", free=True, max_length=60, help="From your other chat tool.")
    sure: bool = param("toggle", "Sure", default=False, hidden=True)


@dataclass(frozen=True)
class Unlink(Params):
    """Take this account off again."""

    command: ClassVar[str] = "membership.unlink"


@dataclass(frozen=True)
class ListBoards(Params):
    """The boards that one is on."""

    command: ClassVar[str] = "membership.boards"
    name: str = param("line", "Board", default="", free=True, help="Its name, to switch to it.")


@dataclass(frozen=True)
class ListRooms(Params):
    """The board's rooms."""

    command: ClassVar[str] = "membership.rooms"


@dataclass(frozen=True)
class Disconnect(Params):
    """A room is no longer the board's: this one, or the one named by a button."""

    command: ClassVar[str] = "membership.disconnect"
    room: str = param("ref", "Room", default="")
