"""What can be asked of a board's people, and who may; the handlers stand in the modules named here."""

from typing import Any

from core.commands import STEERING, Command, Role
from core.membership import board, covering, inviting, linking, organisations, people, places, setup
from core.membership.params import (
    AddOrganisations,
    ChangeBoard,
    ChangeMember,
    ChangeOrganisation,
    Disconnect,
    EndDeputy,
    EndSetUp,
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
    RemoveMember,
    RemoveOrganisation,
    RevokeCode,
    SetUp,
    ShowMember,
    ShowOrganisation,
    Unlink,
)

NAMING = STEERING | {Role.REPRESENTATIVE}
"""Who may name a deputy for a while; a representative within the own organisation."""

_BOARD: tuple[Command[Any], ...] = (
    Command(
        params=SetUp,
        handle=setup.show_setup,
        word="setup",
        title="Set up the board",
        help="Set the board up, or change it: its name and rules, organisations, people and rooms.",
        example="setup",
        roles=STEERING,
        reads=True,
    ),
    Command(params=EndSetUp, handle=setup.end_setup, title="We are set up", help="End the setting up.", roles=STEERING),
    Command(
        params=ChangeBoard,
        handle=board.change,
        title="Change the board",
        help="Change the board's name, place, purpose, time zone and how it decides.",
        roles=STEERING,
        prefill=board.prefill,
    ),
)
_ORGANISATIONS: tuple[Command[Any], ...] = (
    Command(
        params=ListOrganisations,
        handle=organisations.show_list,
        word="organisations",
        title="Organisations",
        help="List the board's organisations, or find one.",
        example="organisations police",
        reads=True,
    ),
    Command(params=ShowOrganisation, handle=organisations.show, title="Organisation", help="See one.", reads=True),
    Command(
        params=AddOrganisations,
        handle=organisations.add,
        word="organisation",
        title="Add organisations",
        help="Add an organisation, or several, one on each line.",
        example="organisation Metropolitan Police, police",
        submit="Add",
        roles=STEERING,
        opens_form=True,
    ),
    Command(
        params=ChangeOrganisation,
        handle=organisations.change,
        title="Change an organisation",
        help="Change an organisation's name, sector or vote.",
        roles=STEERING,
        prefill=organisations.change_prefill,
    ),
    Command(
        params=RemoveOrganisation,
        handle=organisations.remove,
        title="Remove an organisation",
        help="Take an organisation off that has no history.",
        roles=STEERING,
    ),
)
_PEOPLE: tuple[Command[Any], ...] = (
    Command(
        params=ListMembers,
        handle=people.show_list,
        word="members",
        title="Members",
        help="List the board's members, or find somebody.",
        example="members police",
        reads=True,
    ),
    Command(params=ShowMember, handle=people.show, title="Member", help="See a member.", reads=True),
    Command(
        params=Invite,
        handle=inviting.invite_person,
        word="invite",
        title="Invite someone",
        help="Invite a person to the board, with a code to join by.",
        example='invite Peter Police organisation:"Metropolitan Police" role:representative',
        submit="Invite",
        roles=STEERING,
        opens_form=True,
        choices=inviting.invite_choices,
    ),
    Command(params=NewCode, handle=inviting.new_code, title="New code", help="Make a new code.", roles=STEERING),
    Command(
        params=RevokeCode,
        handle=inviting.revoke_code,
        title="Revoke the code",
        help="Make a code useless.",
        roles=STEERING,
    ),
    Command(
        params=ChangeMember,
        handle=people.change,
        title="Change a member",
        help="Change a member's name, role or email.",
        roles=STEERING,
        prefill=people.change_prefill,
    ),
    Command(
        params=RemoveMember,
        handle=people.remove,
        title="Remove a member",
        help="Take a member off the board.",
        roles=STEERING,
    ),
    Command(
        params=NameDeputy,
        handle=covering.name_deputy,
        word="deputy",
        title="Deputy for a while",
        help="Name an observer deputy for a while; it ends by itself.",
        example="deputy Dora Deputy until:4 December",
        submit="Name",
        roles=NAMING,
        opens_form=True,
        choices=covering.deputy_choices,
    ),
    Command(
        params=EndDeputy,
        handle=covering.end_deputy,
        title="End the deputyship",
        help="End a deputyship early.",
        roles=NAMING,
    ),
    Command(
        params=Leave,
        handle=people.leave,
        word="leave",
        title="Leave the board",
        help="Leave the board; what you said stays.",
        example="leave",
    ),
    Command(params=LeaveNow, handle=people.leave_now, title="Leave the board", help="Leave, having been asked."),
)
_PLACES: tuple[Command[Any], ...] = (
    Command(
        params=LinkAccounts,
        handle=linking.link,
        word="link",
        title="Link your accounts",
        help="Be one person in Slack and in Teams: get a code in one, enter it in the other.",
        example="link K7QF9-M2PXD",
        roles=frozenset(),
    ),
    Command(
        params=Unlink,
        handle=linking.unlink,
        word="unlink",
        title="Unlink this account",
        help="Take this account off again; your other one stays.",
        example="unlink",
        roles=frozenset(),
    ),
    Command(
        params=ListBoards,
        handle=places.boards,
        word="boards",
        title="Your boards",
        help="See the boards that you are on, and switch between them.",
        example="boards",
        roles=frozenset(),
        repeatable=True,
    ),
    Command(
        params=ListRooms, handle=places.rooms, word="rooms", title="Rooms", help="See the board's rooms.", reads=True
    ),
    Command(
        params=Disconnect,
        handle=places.disconnect,
        word="disconnect",
        title="Disconnect a room",
        help="Show no more of the board's cards in this room.",
        example="disconnect",
        roles=STEERING,
    ),
)

COMMANDS: tuple[Command[Any], ...] = (*_BOARD, *_ORGANISATIONS, *_PEOPLE, *_PLACES)
