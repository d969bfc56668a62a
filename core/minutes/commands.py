"""What people can ask of a meeting in session and of its minutes, and who may."""

from typing import Any

from core.commands import EVERYONE, VOICES, Command, Role, View
from core.files import File
from core.meetings.session_params import (
    ApproveMinutes,
    AskCorrection,
    BeginMeeting,
    Circulate,
    EditSection,
    EndMeeting,
    MinutesAsFile,
    NextEntry,
    NoteDecision,
    ParkMatter,
    PromiseAction,
    PutAgreement,
    RecordPresent,
    Redraft,
    SettleCorrection,
    ShowChair,
    ShowMinutes,
    StartPoll,
    TakeNote,
)
from core.minutes import document, handling, minutes_handling

PARTNERS = VOICES | {Role.COORDINATOR}
"""Who may be a meeting's chair; whether somebody is, each handler checks."""

VIEWS: tuple[View[Any], ...] = (
    View(params=ShowChair, draw=handling.draw_chair),
    View(params=ShowMinutes, draw=minutes_handling.draw),
)

FILES: tuple[File[Any], ...] = (document.FILE,)

_SESSION: tuple[Command[Any], ...] = (
    Command(params=BeginMeeting, handle=handling.begin, title="Begin", help="Begin the meeting.", roles=PARTNERS),
    Command(
        params=ShowChair,
        handle=handling.show_chair,
        title="Chair's card",
        help="See what is in hand.",
        reads=True,
        roles=PARTNERS,
    ),
    Command(params=NextEntry, handle=handling.go_on, title="Next entry", help="Go on.", roles=PARTNERS),
    Command(params=TakeNote, handle=handling.take_note, title="Take a note", help="Note something.", roles=PARTNERS),
    Command(
        params=NoteDecision,
        handle=handling.decide,
        title="Note a decision",
        help="Note a decision, which gets its number in the register.",
        submit="Note it",
        roles=PARTNERS,
    ),
    Command(
        params=PutAgreement,
        handle=handling.put,
        title="Put an agreement",
        help="Put an agreement to the partners.",
        submit="Put it",
        roles=PARTNERS,
    ),
    Command(
        params=StartPoll,
        handle=handling.start_poll,
        title="Start a poll",
        help="Ask a quick question.",
        submit="Ask",
        roles=PARTNERS,
    ),
    Command(
        params=PromiseAction,
        handle=handling.promise,
        title="Promise an action",
        help="Promise an action, or ask somebody to.",
        submit="Promise",
        roles=PARTNERS,
        choices=handling.people_choices,
    ),
    Command(
        params=ParkMatter,
        handle=handling.park,
        title="Park a matter",
        help="Leave a matter to another meeting.",
        submit="Park",
        roles=PARTNERS,
        prefill=handling.park_prefill,
    ),
    Command(
        params=RecordPresent,
        handle=handling.record_present,
        title="Who is here",
        help="Record who is here.",
        roles=PARTNERS,
        choices=handling.people_choices,
        prefill=handling.present_prefill,
    ),
    Command(params=EndMeeting, handle=handling.end, title="End", help="End the meeting.", roles=PARTNERS),
)

_MINUTES: tuple[Command[Any], ...] = (
    Command(
        params=ShowMinutes,
        handle=minutes_handling.show,
        title="Minutes",
        help="Read the minutes.",
        reads=True,
        roles=EVERYONE,
    ),
    Command(
        params=MinutesAsFile,
        handle=document.hand_out,
        title="Minutes as a document",
        help="Have the minutes as a document.",
        reads=True,
        roles=EVERYONE,
    ),
    Command(
        params=EditSection,
        handle=minutes_handling.edit,
        title="Change a section",
        help="Write a section of the minutes anew.",
        roles=PARTNERS,
        prefill=minutes_handling.edit_prefill,
    ),
    Command(
        params=Redraft,
        handle=minutes_handling.redraft,
        title="Draft anew",
        help="Draft the minutes anew from what happened.",
        roles=PARTNERS,
    ),
    Command(
        params=Circulate,
        handle=minutes_handling.circulate,
        title="Circulate",
        help="Let the minutes go round.",
        roles=PARTNERS,
    ),
    Command(
        params=AskCorrection,
        handle=minutes_handling.ask_correction,
        title="Ask for a correction",
        help="Ask for a correction of the minutes.",
        submit="Ask",
        roles=EVERYONE,
    ),
    Command(
        params=SettleCorrection,
        handle=minutes_handling.settle,
        title="Settle a correction",
        help="Say what came of a correction.",
        roles=PARTNERS,
    ),
    Command(
        params=ApproveMinutes,
        handle=minutes_handling.approve,
        title="Approve the minutes",
        help="Approve the minutes of an earlier meeting.",
        roles=PARTNERS,
    ),
)

COMMANDS: tuple[Command[Any], ...] = (*_SESSION, *_MINUTES)
