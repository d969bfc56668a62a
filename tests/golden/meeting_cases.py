"""Meetings, agendas, papers, the chair's card and minutes: every card, note and form."""

from typing import Any

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
from core.meetings.cards import calendar_card
from core.meetings.params import (
    CancelMeeting,
    ListMeetings,
    MoveMeeting,
    PlanMeeting,
    RenewCalendar,
    ShowCalendar,
    ShowMeeting,
)
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
from core.trails import MeetThen
from tests.golden.case import Case
from tests.golden.doing_cases import TOO_LONG, _note, _pair, _pressed, _typed

MEETING, OPEN = {"meeting": "mtg_planned"}, {"meeting": "mtg_open"}
SHEET: dict[str, Any] = {"report_of": "Peter", "summary": "To see.", "body": "One.\nTwo."}
STATES = ("planned", "empty", "open", "draft", "round", "approved", "cancelled", "group")

CARDS = (
    _typed("meetings-none", ListMeetings, "U_NEW", "meetings"),
    _typed("meetings", ListMeetings, "U_POLICE", "meetings"),
    _typed("meetings-past", ListMeetings, "U_CHAIR", "meetings past"),
    _typed("meetings-many", ListMeetings, "U_MANY", "meetings"),
    *(_pressed(f"meeting-{each}", ShowMeeting, "U_CHAIR", meeting=f"mtg_{each}") for each in STATES),
    _pressed("meeting-many", ShowMeeting, "U_MANY", meeting="mtg_many"),
    _pressed("agenda", ShowAgenda, "U_CHAIR", **MEETING),
    _pressed("agenda-observer", ShowAgenda, "U_OBSERVER", **MEETING),
    _pressed("agenda-none", ShowAgenda, "U_CHAIR", meeting="mtg_empty"),
    _pressed("agenda-many", ShowAgenda, "U_MANY", meeting="mtg_many"),
    _pressed("entry", ShowEntry, "U_CHAIR", entry="ent_2"),
    _pressed("entry-many", ShowEntry, "U_MANY", entry="ent_207"),
    _typed("forward", ForwardPlan, "U_CHAIR", "forward"),
    _typed("forward-none", ForwardPlan, "U_NEW", "forward"),
    _pressed("papers", ListPapers, "U_CHAIR", **MEETING),
    _pressed("papers-not-restricted", ListPapers, "U_OBSERVER", **MEETING),
    _pressed("papers-none", ListPapers, "U_POLICE", meeting="mtg_empty"),
    *(_pressed(f"paper-{each}", ShowPaper, "U_CHAIR", paper=f"pap_{each}") for each in (1, 2, 3, 4)),
    _pressed("attendance", ShowAttendance, "U_CHAIR", **MEETING),
    _pressed("attendance-open", ShowAttendance, "U_CHAIR", **OPEN),
    _typed("calendar", ShowCalendar, "U_POLICE", "calendar"),
    Case("calendar-address", ShowCalendar.command, lambda: calendar_card("https://folkmoot.example/calendar/x.ics")),
    _pressed("chair", ShowChair, "U_CHAIR", **OPEN),
    _pressed("chair-over", ShowChair, "U_CHAIR", meeting="mtg_draft"),
    *(_pressed(f"minutes-{each}", ShowMinutes, "U_CHAIR", meeting=f"mtg_{each}") for each in (
        "planned", "draft", "round", "approved",
    )),
    _pressed("minutes-many", ShowMinutes, "U_MANY", meeting="mtg_many_over"),
)  # fmt: skip

NOTES = (
    _typed("meeting-planned", PlanMeeting, "U_CHAIR", 'meeting Board meeting when:"Tue 12 Jan 10:00"'),
    _typed("series-planned", PlanMeeting, "U_CHAIR", 'meeting Board when:"Tue 12 Jan 10:00" repeats:monthly'),
    _pressed("minutes-as-file", MinutesAsFile, "U_CHAIR", meeting="mtg_round"),
    _note("meeting-moved", MoveMeeting, "U_CHAIR", **MEETING, when="2026-12-17T10:00", why="The hall is taken."),
    _note("meeting-cancelled", CancelMeeting, "U_CHAIR", **MEETING, why="Nothing to decide."),
    _note("calendar-renewed", RenewCalendar, "U_POLICE"),
    _note("entry-added", AddEntry, "U_CHAIR", **MEETING, title="Winter"),
    _note("entry-changed", EditEntry, "U_CHAIR", entry="ent_2", title="Winter", minutes="5", place="1"),
    _note("entry-left", LeaveToLater, "U_CHAIR", entry="ent_3", meeting_to="mtg_empty"),
    _note("entry-off", RemoveEntry, "U_CHAIR", entry="ent_3"),
    _note("agenda-drafted", DraftAgenda, "U_CHAIR", **MEETING),
    _note("agenda-out", PublishAgenda, "U_CHAIR", **MEETING),
    _note("paper-asked", AskPaper, "U_CHAIR", **MEETING, title="Winter", author="mem_104"),
    _note("paper-in", HandIn, "U_POLICE", paper="pap_2", **SHEET),
    _note("paper-dropped", DropPaper, "U_CHAIR", paper="pap_2"),
    _note("comes", Attend, "U_POLICE", **MEETING),
    _note("sorry", Apologise, "U_POLICE", **MEETING),
    _note("substitute", SendSubstitute, "U_POLICE", **MEETING, name="Sergeant Sims"),
    _note("interest-declared", DeclareEntryInterest, "U_POLICE", **MEETING, entry="ent_2", nature="We patrol it."),
    _note("interest-withdrawn", WithdrawEntryInterest, "U_NURSE", **MEETING, entry="ent_2"),
    _note("next", NextEntry, "U_CHAIR", **OPEN, done="ent_5"),
    _note("noted", TakeNote, "U_CHAIR", **OPEN, text="All were glad."),
    _note("decided-in-session", NoteDecision, "U_CHAIR", **OPEN, text="That it begins."),
    _note("put", PutAgreement, "U_CHAIR", **OPEN, title="To pay together"),
    _note("asked-in-session", StartPoll, "U_CHAIR", **OPEN, question="Where?", options="Here\nThere"),
    _note("promised", PromiseAction, "U_CHAIR", **OPEN, title="Ask them", owner="mem_104", due="2026-12-18"),
    _note("parked-in-session", ParkMatter, "U_CHAIR", **OPEN, text="Lamp posts"),
    _note("here", RecordPresent, "U_CHAIR", **OPEN, present=["mem_100", "mem_104"]),
    _note("over", EndMeeting, "U_CHAIR", **OPEN),
    _note("redrafted", Redraft, "U_CHAIR", meeting="mtg_draft"),
    _note("section-changed", EditSection, "U_CHAIR", section="sec_1", title="Attendance", text="All."),
    _note("circulated", Circulate, "U_CHAIR", meeting="mtg_draft"),
    _note("correction-asked", AskCorrection, "U_POLICE", meeting="mtg_round", text="It was June."),
    _note("correction-settled", SettleCorrection, "U_CHAIR", correction="cor_asked", made="made"),
)

REFUSALS = (
    _pressed("refused-begin-early", BeginMeeting, "U_CHAIR", **MEETING),
    _pressed("refused-approve", ApproveMinutes, "U_CHAIR", meeting="mtg_round", at="mtg_open"),
    _pressed("refused-foreign-meeting", ShowMeeting, "U_POLICE", meeting="mtg_many"),
    _pressed("refused-restricted-paper", ShowPaper, "U_OBSERVER", paper="pap_3"),
    _pressed("refused-draft-minutes", ShowMinutes, "U_NURSE", meeting="mtg_draft"),
    _pressed("refused-chair", ShowChair, "U_NURSE", **OPEN),
    _pressed("refused-no-time-found", MeetThen, "U_CHAIR", "form", poll="pol_evening", title="It"),
)

WHY = {"why": ""}
FORMS = (
    *_pair("meeting", PlanMeeting, "U_CHAIR", {}, {"title": "", "when": "yesterday", "link": "http://x"}),
    *_pair("move-meeting", MoveMeeting, "U_CHAIR", MEETING, {"when": "yesterday", "why": ""}),
    *_pair("cancel-meeting", CancelMeeting, "U_CHAIR", MEETING, WHY),
    *_pair("meet-then", MeetThen, "U_CHAIR", {"poll": "pol_dates"}, {"title": TOO_LONG}),
    *_pair("add-entry", AddEntry, "U_CHAIR", MEETING, {"title": "", "minutes": "none"}),
    *_pair("edit-entry", EditEntry, "U_CHAIR", {"entry": "ent_2"}, {"title": "", "lead": "nobody"}),
    *_pair("leave-entry", LeaveToLater, "U_CHAIR", {"entry": "ent_2"}, {"meeting_to": "never"}),
    *_pair("ask-paper", AskPaper, "U_CHAIR", MEETING, {"title": "", "author": "mem_107"}),
    *_pair("hand-in", HandIn, "U_POLICE", {"paper": "pap_2"}, {"summary": "", "link": "x"}),
    *_pair("substitute", SendSubstitute, "U_POLICE", MEETING, {"name": TOO_LONG})[1:],
    *_pair("declare", DeclareEntryInterest, "U_POLICE", MEETING, {"entry": "none", "nature": ""}),
    *_pair("undeclare", WithdrawEntryInterest, "U_NURSE", MEETING, {"entry": "none"}),
    *_pair("take-note", TakeNote, "U_CHAIR", OPEN, {"text": ""}),
    *_pair("note-decision", NoteDecision, "U_CHAIR", OPEN, {"text": TOO_LONG}),
    *_pair("put-agreement", PutAgreement, "U_CHAIR", OPEN, {"title": "", "closes": "yesterday"}),
    *_pair("start-poll", StartPoll, "U_CHAIR", OPEN, {"question": "", "options": "One"}),
    *_pair("promise", PromiseAction, "U_CHAIR", OPEN, {"title": "", "owner": "mem_107", "due": "yesterday"}),
    *_pair("park-matter", ParkMatter, "U_CHAIR", OPEN, {"text": TOO_LONG}),
    *_pair("present", RecordPresent, "U_CHAIR", OPEN, {"present": ["nobody"]}),
    *_pair("edit-section", EditSection, "U_CHAIR", {"section": "sec_1"}, {"title": ""}),
    *_pair("correct", AskCorrection, "U_POLICE", {"meeting": "mtg_round"}, {"text": ""}),
    *_pair("settle", SettleCorrection, "U_CHAIR", {"correction": "cor_asked"}, {"made": "not made"}),
    *_pair("meetings", ListMeetings, "U_POLICE", {}, {"search": TOO_LONG})[1:],
)

CASES: tuple[Case, ...] = (*CARDS, *NOTES, *REFUSALS, *FORMS)
