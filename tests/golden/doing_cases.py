"""Items, the pipeline and actions: every card, note and form, of none, one and three hundred, in every script."""

from collections.abc import Mapping
from typing import Any, TypeAlias

from core.actions.params import (
    AcceptAction,
    AddAction,
    AwaitAction,
    BlockAction,
    DeclineAction,
    DropAction,
    FinishAction,
    HandOver,
    ListActions,
    MoveAction,
    ReopenAction,
    ReportAction,
    ShowAction,
    StartAction,
    UnblockAction,
)
from core.cards import Params
from core.items.params import (
    AnswerItem,
    DeclineItem,
    ListItems,
    MergeItem,
    ParkItem,
    RaiseItem,
    ReopenItem,
    ShowItem,
    ShowQueue,
    SupportItem,
    ToAction,
    ToAgenda,
    ToPipeline,
    TriageItem,
    UnsupportItem,
    WithdrawItem,
)
from core.overview.params import Find, ShowAccounts
from core.priorities.params import (
    AddPriority,
    CompletePriority,
    DropPriority,
    EditPriority,
    EndGroup,
    EndScoring,
    FormGroup,
    OpenScoring,
    PausePriority,
    ResumePriority,
    ScorePriority,
    ShowPipeline,
    ShowPriority,
    ShowSteps,
    StepBack,
    ToDiscovery,
    ToLocal,
    ToMapping,
    ToSystem,
)
from core.requests import Source
from core.trails import ShowHistory, ShowTrace
from tests.golden.case import NOW, Asked, Case
from tests.golden.doing_tables import EVIDENCE, MARKUP

Pair: TypeAlias = tuple[Case, Case]
TOO_LONG = "Far too long. " * 300
SENTENCE = "The data sharing agreement has to be signed before any of us may act on this. "
LETTER = (SENTENCE * 60)[:2950].strip() + " The end."
TODAY = NOW.date()


def _typed(name: str, of: type[Params], person: str, line: str) -> Case:
    return Case(name, of.command, Asked(person, line, source="line"))


def _pressed(name: str, of: type[Params], person: str, source: Source = "button", /, **args: Any) -> Case:
    return Case(name, of.command, Asked(person, command=of.command, args=args, source=source))


def _note(name: str, of: type[Params], person: str, /, **args: Any) -> Case:
    return _pressed(f"note-{name}", of, person, "form", **args)


def _pair(
    name: str, of: type[Params], who: str, opens: Mapping[str, Any], wrong: Mapping[str, Any]
) -> tuple[Case, Case]:
    return (
        Case(f"form-{name}", of.command, Asked(who, command=of.command, args=opens)),
        Case(
            f"form-{name}-problems", of.command, Asked(who, command=of.command, args={**opens, **wrong}, source="form")
        ),
    )


LISTS = (
    _typed("actions-none", ListActions, "U_NEW", "actions"),
    _typed("actions", ListActions, "U_POLICE", "actions"),
    _typed("actions-mine", ListActions, "U_POLICE", "actions mine overdue"),
    _typed("actions-found", ListActions, "U_POLICE", "actions all empty shops"),
    _typed("actions-nothing-found", ListActions, "U_POLICE", "actions <!channel> *nothing*"),
    _typed("actions-many", ListActions, "U_MANY", "actions"),
    _pressed("actions-many-next", ListActions, "U_MANY", at=">3040:2026-11-11"),
    _typed("items-none", ListItems, "U_NEW", "items"),
    _typed("items", ListItems, "U_CHAIR", "items"),
    _typed("items-agenda", ListItems, "U_POLICE", "items agenda"),
    _typed("items-many", ListItems, "U_MANY", "items"),
    _typed("triage-none", ShowQueue, "U_NEW", "triage"),
    _typed("triage", ShowQueue, "U_CHAIR", "triage"),
    _typed("triage-many", ShowQueue, "U_MANY", "triage"),
    _typed("pipeline-none", ShowPipeline, "U_NEW", "pipeline"),
    _typed("pipeline", ShowPipeline, "U_OBSERVER", "pipeline"),
    _typed("pipeline-stage", ShowPipeline, "U_OBSERVER", "pipeline mapping"),
    _typed("pipeline-many", ShowPipeline, "U_MANY", "pipeline"),
    _typed("find", Find, "U_POLICE", "find parking"),
    _typed("find-none", Find, "U_POLICE", "find <@U1>"),
    _typed("find-many", Find, "U_MANY", "find short"),
    _typed("accounts-none", ShowAccounts, "U_NEW", "accountability"),
    _typed("accounts", ShowAccounts, "U_POLICE", "accountability"),
    _typed("accounts-theme", ShowAccounts, "U_POLICE", "accountability theme"),
    _pressed("trace", ShowTrace, "U_POLICE", about="act_open"),
    _pressed("trace-alone", ShowTrace, "U_POLICE", about="act_late"),
    _pressed("trace-many", ShowTrace, "U_MANY", about="act_many7"),
    _pressed("steps", ShowSteps, "U_POLICE", priority="pri_mapping"),
    _pressed("steps-none", ShowSteps, "U_POLICE", priority="pri_proposed"),
)

CARDS = (
    *(_pressed(f"action-{ref[4:]}", ShowAction, "U_POLICE", action=ref) for ref in (
        "act_asked", "act_open", "act_progress", "act_blocked", "act_done", "act_dropped", "act_unowned", "act_offered",
        "act_late", "act_waits", "act_weekly",
    )),
    *(_pressed(f"item-{ref[4:]}", ShowItem, "U_POLICE", item=ref) for ref in (
        "itm_raised", "itm_parked", "itm_answered", "itm_piped", "itm_agenda", "itm_merged",
    )),
    _pressed("item-secret", ShowItem, "U_NURSE", item="itm_secret"),
    _pressed("item-triage", TriageItem, "U_CHAIR", item="itm_raised"),
    *(_pressed(f"priority-{ref[4:]}", ShowPriority, "U_POLICE", priority=ref) for ref in (
        "pri_proposed", "pri_scored", "pri_discovery", "pri_mapping", "pri_system", "pri_local", "pri_complete",
        "pri_paused", "pri_dropped",
    )),
)  # fmt: skip

ACTION, ITEM, PRIORITY = {"action": "act_open"}, {"item": "itm_raised"}, {"priority": "pri_mapping"}
NOTES = (
    _typed("raised", RaiseItem, "U_POLICE", "raise Bins overflow #arts"),
    _typed("raised-for-the-chair", RaiseItem, "U_POLICE", "raise A matter of trust confidential:yes"),
    _typed("action-added", AddAction, "U_POLICE", "action Map youth offers @Nadia by 30 Nov"),
    _typed("action-added-own", AddAction, "U_POLICE", "action Map youth offers by 30 Nov"),
    _typed("priority-added", AddPriority, "U_POLICE", "priority Economic recovery #smart-cities"),
    _note("accepted", AcceptAction, "U_NURSE", action="act_asked"),
    _note("declined", DeclineAction, "U_NURSE", action="act_asked", why="We have nobody for it."),
    _note("handed-over", HandOver, "U_POLICE", **ACTION, to="mem_106"),
    _note("begun", StartAction, "U_POLICE", **ACTION),
    _note("reported", ReportAction, "U_POLICE", **ACTION, note="Six of twelve."),
    _note("blocked", BlockAction, "U_POLICE", **ACTION, why="The keys.", by="org_107"),
    _note("unblocked", UnblockAction, "U_POLICE", action="act_blocked"),
    _note("done", FinishAction, "U_POLICE", **ACTION, outcome="Fourteen, on a map."),
    _note("done-again", FinishAction, "U_POLICE", action="act_weekly", outcome="All came."),
    _note("action-dropped", DropAction, "U_POLICE", **ACTION, why="Overtaken."),
    _note("action-reopened", ReopenAction, "U_POLICE", action="act_done", due="2026-12-18", why="One is missing."),
    _note("action-moved", MoveAction, "U_POLICE", **ACTION, due="2026-12-18", why="Half-term."),
    _note("action-waits", AwaitAction, "U_POLICE", **ACTION, other="3"),
    _note("supported", SupportItem, "U_COUNCIL", **ITEM),
    _note("unsupported", UnsupportItem, "U_NURSE", **ITEM),
    _note("item-withdrawn", WithdrawItem, "U_POLICE", **ITEM),
    _note("to-agenda", ToAgenda, "U_CHAIR", **ITEM, why="In January."),
    _note("to-pipeline", ToPipeline, "U_CHAIR", **ITEM, title="Smart parking", theme="thm_104"),
    _note("to-action", ToAction, "U_CHAIR", **ITEM, title="Ask the makers", owner="mem_104", due="2026-12-18"),
    _note("item-answered", AnswerItem, "U_CHAIR", **ITEM, answer="It begins in May."),
    _note("parked", ParkItem, "U_CHAIR", **ITEM, until="2027-01-11", why="After the audit."),
    _note("item-declined", DeclineItem, "U_CHAIR", **ITEM, why="Not ours."),
    _note("merged", MergeItem, "U_CHAIR", item="itm_agenda", into="1"),
    _note("item-reopened", ReopenItem, "U_CHAIR", item="itm_answered", why="New facts."),
    _note("priority-edited", EditPriority, "U_CHAIR", **PRIORITY, title="Youth offers", sponsor="org_107"),
    _note("to-discovery", ToDiscovery, "U_CHAIR", priority="pri_scored", agreed="At the June meeting."),
    _note("to-mapping", ToMapping, "U_CHAIR", priority="pri_discovery", **EVIDENCE),
    _note("to-system", ToSystem, "U_CHAIR", **PRIORITY, who="Both colleges.", assets="Rooms.", gaps="Evenings."),
    _note("to-local", ToLocal, "U_CHAIR", priority="pri_system", commitments="Barnet Homes: two desks."),
    _note("completed", CompletePriority, "U_CHAIR", priority="pri_local", places="Mill Hill", leads="R.", outcome="A."),
    _note("stepped-back", StepBack, "U_CHAIR", **PRIORITY, to="discovery", why="The figures were old."),
    _note("paused", PausePriority, "U_CHAIR", **PRIORITY, why="Until May."),
    _note("dropped", DropPriority, "U_CHAIR", **PRIORITY, why="Nobody wants it."),
    _note("resumed", ResumePriority, "U_CHAIR", priority="pri_paused", why="The meters are in."),
    _note("scored", ScorePriority, "U_NURSE", priority="pri_proposed", c1="4", c2="2"),
    _note("scoring-ended", EndScoring, "U_CHAIR", priority="pri_proposed"),
    _note("scoring-opened", OpenScoring, "U_CHAIR", priority="pri_scored"),
    _note(
        "group-formed", FormGroup, "U_CHAIR", **PRIORITY, name="Levy", remit="To advise.", members=["mem_104"],
        ends="2027-01-29",
    ),
    _note("group-ended", EndGroup, "U_CHAIR", group="grp_open", report="Open the gym until ten."),
    _pressed("history", ShowHistory, "U_POLICE", about="agr_closed"),
)  # fmt: skip

REFUSALS = (
    _pressed("refused-accept", AcceptAction, "U_POLICE", action="act_asked"),
    _pressed("refused-foreign-action", ShowAction, "U_POLICE", action="act_many1"),
    _pressed("refused-secret-item", ShowItem, "U_POLICE", item="itm_secret"),
    _pressed("refused-secret-item-coordinator", TriageItem, "U_COORDINATOR", item="itm_secret"),
    _pressed("refused-foreign-priority", ShowPriority, "U_POLICE", priority="pri_many1"),
    _pressed("refused-foreign-trace", ShowTrace, "U_POLICE", about="act_many1"),
    _pressed("refused-foreign-history", ShowHistory, "U_POLICE", about="act_many1"),
    _pressed("refused-scorer", ScorePriority, "U_COORDINATOR", priority="pri_proposed"),
    _pressed("refused-triage", ToAgenda, "U_POLICE", item="itm_raised"),
    _pressed("refused-gate", ToMapping, "U_NURSE", "form", priority="pri_discovery", **EVIDENCE),
    _pressed("refused-done-waits", FinishAction, "U_POLICE", "form", action="act_waits", outcome="Yes."),
    _pressed("refused-raise-observer", RaiseItem, "U_OBSERVER"),
)

WHY = {"why": ""}
FORMS = (
    *_pair("action", AddAction, "U_POLICE", {}, {"title": TOO_LONG, "due": "1999-01-01", "owner": "nobody"}),
    *_pair("decline", DeclineAction, "U_NURSE", {"action": "act_asked"}, WHY),
    *_pair("hand-over", HandOver, "U_POLICE", ACTION, {"to": "mem_104"}),
    *_pair("report", ReportAction, "U_POLICE", ACTION, {"note": ""}),
    *_pair("block", BlockAction, "U_POLICE", ACTION, {"why": "", "by": "nobody"}),
    *_pair("finish", FinishAction, "U_POLICE", ACTION, {"outcome": ""}),
    *_pair("drop-action", DropAction, "U_POLICE", ACTION, WHY),
    *_pair("reopen-action", ReopenAction, "U_POLICE", {"action": "act_done"}, {"due": "yesterday"}),
    *_pair("move", MoveAction, "U_POLICE", ACTION, {"due": "2026-12-04", "why": "Because."}),
    *_pair("await", AwaitAction, "U_POLICE", ACTION, {"other": "2"}),
    *_pair("raise", RaiseItem, "U_POLICE", {"detail": f"{MARKUP}\nMore of it."}, {"title": "", "theme": "none"}),
    *_pair("to-pipeline", ToPipeline, "U_CHAIR", ITEM, {"title": "", "sponsor": "nobody"}),
    *_pair("to-action", ToAction, "U_CHAIR", ITEM, {"title": "It", "owner": "mem_107", "due": "2026-12-04"}),
    *_pair("answer-item", AnswerItem, "U_CHAIR", ITEM, {"answer": ""}),
    *_pair("park", ParkItem, "U_CHAIR", ITEM, {"until": "2026-11-25", "why": "Later."}),
    *_pair("decline-item", DeclineItem, "U_CHAIR", ITEM, WHY),
    *_pair("merge", MergeItem, "U_CHAIR", ITEM, {"into": "1"}),
    *_pair("reopen-item", ReopenItem, "U_CHAIR", {"item": "itm_answered"}, WHY),
    *_pair("priority", AddPriority, "U_POLICE", {}, {"title": "", "lead": "mem_107"}),
    *_pair("edit-priority", EditPriority, "U_CHAIR", PRIORITY, {"title": "", "theme": "none"}),
    *_pair("to-mapping", ToMapping, "U_CHAIR", {"priority": "pri_discovery"}, {**EVIDENCE, "links": "http://x"}),
    *_pair("to-system", ToSystem, "U_CHAIR", PRIORITY, {"who": "", "assets": TOO_LONG, "gaps": ""}),
    *_pair("to-local", ToLocal, "U_CHAIR", {"priority": "pri_system"}, {"commitments": ""}),
    *_pair("complete", CompletePriority, "U_CHAIR", {"priority": "pri_local"}, {"leads": "", "outcome": ""}),
    *_pair("step-back", StepBack, "U_CHAIR", PRIORITY, {"to": "complete", "why": "Because."}),
    *_pair("pause", PausePriority, "U_CHAIR", PRIORITY, WHY),
    *_pair("drop-priority", DropPriority, "U_CHAIR", PRIORITY, WHY),
    *_pair("resume", ResumePriority, "U_CHAIR", {"priority": "pri_paused"}, WHY),
    *_pair("score", ScorePriority, "U_POLICE", {"priority": "pri_proposed"}, {"c1": "nine"}),
    *_pair("form-group", FormGroup, "U_CHAIR", PRIORITY, {"members": ["nobody"], "ends": "yesterday"}),
    *_pair("end-group", EndGroup, "U_CHAIR", {"group": "grp_open"}, {"report": ""}),
    *_pair("find", Find, "U_POLICE", {}, {"words": TOO_LONG}),
    *_pair("to-discovery", ToDiscovery, "U_CHAIR", {"priority": "pri_scored"}, {"agreed": ""})[1:],
    *_pair("to-agenda", ToAgenda, "U_CHAIR", ITEM, {"why": TOO_LONG})[1:],
    *_pair("withdraw-item", WithdrawItem, "U_POLICE", ITEM, {"why": TOO_LONG})[1:],
    *_pair("actions", ListActions, "U_POLICE", {}, {"search": TOO_LONG})[1:],
    *_pair("items", ListItems, "U_POLICE", {}, {"search": TOO_LONG})[1:],
    *_pair("pipeline", ShowPipeline, "U_POLICE", {}, {"search": TOO_LONG})[1:],
    *_pair("accounts", ShowAccounts, "U_POLICE", {}, {"by": "the moon"})[1:],
)

CASES = (*LISTS, *CARDS, *NOTES, *REFUSALS, *FORMS)
