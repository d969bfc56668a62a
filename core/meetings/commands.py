"""What people can ask of meetings, and who may; the handlers stand in the modules named here."""

from typing import Any

from core.commands import EVERYONE, STEERING, VOICES, Command, Role, View
from core.meetings import agenda_handling, from_poll, handling, paper_handling
from core.meetings.agenda_params import (
    AddEntry,
    Apologise,
    AskPaper,
    Attend,
    DeclareEntryInterest,
    DraftAgenda,
    DropPaper,
    EditEntry,
    ForwardPlan,
    HandIn,
    LeaveToLater,
    ListPapers,
    PublishAgenda,
    RemoveEntry,
    SendSubstitute,
    ShowAgenda,
    ShowAttendance,
    ShowEntry,
    ShowPaper,
    WithdrawEntryInterest,
)
from core.meetings.params import (
    CancelMeeting,
    ListMeetings,
    MoveMeeting,
    PlanMeeting,
    RenewCalendar,
    ShowCalendar,
    ShowMeeting,
)
from core.trails import MeetThen

PARTNERS = VOICES | {Role.COORDINATOR}

VIEWS: tuple[View[Any], ...] = (
    View(params=ShowMeeting, draw=handling.draw_meeting),
    View(params=ShowPaper, draw=paper_handling.draw_paper),
)

_PLANNING: tuple[Command[Any], ...] = (
    Command(
        params=PlanMeeting,
        handle=handling.plan,
        word="meeting",
        numbers="meetings",
        title="Plan a meeting",
        help="Plan one meeting or a series, in person, online or both.",
        example='meeting Board meeting when:"Tue 12 Jan 10:00" repeats:quarterly place:"Hendon Town Hall"',
        submit="Plan",
        roles=STEERING,
        opens_form=True,
        mends=True,
        choices=handling.plan_choices,
    ),
    Command(
        params=ListMeetings,
        handle=handling.show_list,
        word="meetings",
        title="Meetings",
        help="See the meetings to come, with agendas and papers, or past ones with their minutes.",
        example="meetings past",
        reads=True,
        roles=EVERYONE,
    ),
    Command(
        params=ShowCalendar,
        handle=handling.show_calendar,
        word="calendar",
        title="My calendar",
        help="Have the board's meetings in your own calendar, kept up to date.",
        example="calendar",
        roles=EVERYONE,
    ),
    Command(
        params=ForwardPlan,
        handle=agenda_handling.forward,
        word="forward",
        title="Forward plan",
        help="See what the next meetings will deal with.",
        example="forward",
        reads=True,
        roles=EVERYONE,
    ),
    Command(
        params=MeetThen,
        handle=from_poll.plan,
        title="Plan the meeting",
        help="Plan the meeting for which a poll has found a time.",
        submit="Plan",
        roles=STEERING,
        prefill=from_poll.prefill,
    ),
    Command(
        params=RenewCalendar,
        handle=handling.renew_calendar,
        title="Another calendar address",
        help="Make another address.",
        roles=EVERYONE,
    ),
    Command(
        params=ShowMeeting, handle=handling.show, title="Meeting", help="See a meeting.", reads=True, roles=EVERYONE
    ),
    Command(
        params=MoveMeeting,
        handle=handling.move,
        title="Move the meeting",
        help="Give it another time or place, and say why.",
        submit="Move",
        roles=STEERING,
        choices=handling.plan_choices,
        prefill=handling.move_prefill,
    ),
    Command(
        params=CancelMeeting,
        handle=handling.cancel,
        title="Cancel the meeting",
        help="Say that it does not take place, and why.",
        submit="Cancel it",
        roles=STEERING,
    ),
)

_AGENDA: tuple[Command[Any], ...] = (
    Command(
        params=ShowAgenda,
        handle=agenda_handling.show,
        title="Agenda",
        help="See the agenda.",
        reads=True,
        roles=EVERYONE,
    ),
    Command(
        params=DraftAgenda,
        handle=agenda_handling.draft,
        title="Draft the agenda",
        help="Put on it what waits.",
        roles=PARTNERS,
    ),
    Command(
        params=AddEntry,
        handle=agenda_handling.add,
        title="Add an entry",
        help="Put another entry on the agenda.",
        submit="Add",
        roles=PARTNERS,
        choices=agenda_handling.entry_choices,
    ),
    Command(
        params=EditEntry,
        handle=agenda_handling.edit,
        title="Change the entry",
        help="Change an entry of the agenda.",
        roles=PARTNERS,
        choices=agenda_handling.entry_choices,
        prefill=agenda_handling.edit_prefill,
    ),
    Command(
        params=ShowEntry,
        handle=agenda_handling.show_entry,
        title="Agenda entry",
        help="See an entry.",
        reads=True,
        roles=EVERYONE,
    ),
    Command(
        params=LeaveToLater,
        handle=agenda_handling.leave,
        title="To another meeting",
        help="Leave an entry to another meeting.",
        submit="Leave it",
        roles=PARTNERS,
        choices=agenda_handling.entry_choices,
    ),
    Command(
        params=RemoveEntry,
        handle=agenda_handling.remove,
        title="Take it off",
        help="Take an entry off the agenda.",
        roles=PARTNERS,
    ),
    Command(
        params=PublishAgenda,
        handle=agenda_handling.publish,
        title="Publish the agenda",
        help="Let the agenda go out.",
        roles=PARTNERS,
    ),
)

_PAPERS: tuple[Command[Any], ...] = (
    Command(
        params=AskPaper,
        handle=paper_handling.ask,
        title="Ask for a paper",
        help="Ask a member for a paper.",
        submit="Ask",
        roles=PARTNERS,
        choices=paper_handling.paper_choices,
    ),
    Command(
        params=HandIn,
        handle=paper_handling.hand_in,
        title="Hand in a paper",
        help="Hand in a paper with its front sheet.",
        submit="Hand in",
        roles=PARTNERS,
        prefill=paper_handling.hand_in_prefill,
    ),
    Command(
        params=ShowPaper, handle=paper_handling.show, title="Paper", help="Read a paper.", reads=True, roles=EVERYONE
    ),
    Command(
        params=ListPapers,
        handle=paper_handling.show_list,
        title="Papers",
        help="See papers.",
        reads=True,
        roles=EVERYONE,
    ),
    Command(params=DropPaper, handle=paper_handling.drop, title="Not wanted", help="Let a paper go.", roles=PARTNERS),
)

_ATTENDING: tuple[Command[Any], ...] = (
    Command(params=Attend, handle=paper_handling.attend, title="I'll come", help="Say that you come.", roles=EVERYONE),
    Command(
        params=Apologise,
        handle=paper_handling.apologise,
        title="Apologies",
        help="Say that you can't come.",
        submit="Send",
        roles=EVERYONE,
    ),
    Command(
        params=SendSubstitute,
        handle=paper_handling.substitute,
        title="Send a substitute",
        help="Say who comes instead of you.",
        submit="Send",
        roles=EVERYONE,
        choices=paper_handling.paper_choices,
    ),
    Command(
        params=ShowAttendance,
        handle=paper_handling.show_attendance,
        title="Who comes",
        help="See who comes.",
        reads=True,
        roles=EVERYONE,
    ),
    Command(
        params=DeclareEntryInterest,
        handle=paper_handling.declare,
        title="Declare an interest",
        help="Declare an interest in an agenda entry.",
        submit="Declare",
        roles=VOICES,
        choices=paper_handling.paper_choices,
    ),
    Command(
        params=WithdrawEntryInterest,
        handle=paper_handling.withdraw,
        title="Withdraw an interest",
        help="Undo a declaration made in error.",
        submit="Withdraw",
        roles=VOICES,
        choices=paper_handling.paper_choices,
    ),
)

COMMANDS: tuple[Command[Any], ...] = (*_PLANNING, *_AGENDA, *_PAPERS, *_ATTENDING)
