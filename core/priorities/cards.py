"""The card of a priority, as it stands in every room."""

from core.actions.cards import MARKS
from core.actions.cards import name_of as action_name
from core.actions.models import ALIVE as UNDER_WAY
from core.actions.params import AddAction
from core.agreements.cards import units
from core.agreements.params import Propose
from core.agreements.views import ShowAgreement
from core.cards import Block, Bold, Button, Buttons, Card, Facts, Line, Listing, Menu, Prose, Text
from core.priorities.gates import GATE_OF
from core.priorities.models import RESTING, STAGES, Priority
from core.priorities.params import (
    DropPriority,
    EditPriority,
    EndGroup,
    EndScoring,
    FormGroup,
    OpenScoring,
    PausePriority,
    ResumePriority,
    ScorePriority,
    ShowPriority,
    ShowSteps,
    StepBack,
)
from core.priorities.queries import Group, Shown
from core.texts import clipped, some
from core.times import say_date
from core.trails import ShowHistory, ShowTrace

AGREEMENT_STATES = {
    "draft": "waits to be opened",
    "open": "open to the vote",
    "deciding": "waits for the decision",
    "withdrawn": "withdrawn",
}


def name_of(priority: Priority) -> str:
    """What people call it: its number and title."""
    return f"Priority {priority.number}: {priority.title}"


def say_score(score: float) -> str:
    """A score in words."""
    return f"{score:.1f} of 5"


def priority_card(shown: Shown, say: str = "") -> Card:
    """One priority: where it stands, who answers for it, on what evidence, and what is being done."""
    priority = shown.priority
    blocks: list[Block] = [Text((say,), "attention")] if say else []
    blocks.append(Text(_way(priority)))
    blocks += _standing(shown)
    blocks.append(Facts(tuple(_facts(shown))))
    if priority.detail:
        blocks.append(Prose(priority.detail, more=ShowPriority(priority.ref)))
    blocks += _evidence(shown)
    if shown.actions:
        lines: tuple[Line, ...] = tuple(
            (
                f"{MARKS[each.state]} ",
                Bold(action_name(each)),
                f" — {shown.names.member(each.owner_id) or 'needs an owner'}, by {say_date(each.due_on)}",
            )
            for each in shown.actions
        )
        kept = sum(each.state == "done" for each in shown.actions)
        title = f"Actions, {kept} of {len(lines)} done"
        blocks.append(Listing(lines, title=title, bullets=False, more=ShowTrace(priority.ref)))
    blocks += [block for group in shown.groups for block in _group(group)]
    blocks += _controls(shown)
    return Card(title=name_of(priority), blocks=tuple(blocks), summary=_summary(shown))


def _way(priority: Priority) -> Line:
    """The steps in order, with where it stands."""
    stage = priority.rested_from or priority.stage
    parts: list[str | Bold] = []
    for each in STAGES:
        parts.append(
            Bold(f"▶ {each}") if each == stage else f"{'✓ ' if STAGES.index(each) < STAGES.index(stage) else ''}{each}"
        )
        parts.append(" → ")
    return tuple(parts[:-1])


def _standing(shown: Shown) -> list[Block]:
    priority = shown.priority
    if priority.stage in RESTING:
        why = next((step.why for step in reversed(shown.steps) if step.ended_at == priority.stage), "")
        return [Text((Bold(f"{priority.stage.capitalize()}. "), why), "attention")]
    if priority.stage == "complete":
        return [Text((Bold("Complete. "), priority.outcome), "good")]
    blocks: list[Block] = []
    for agreement in shown.agreements[:3]:
        state = AGREEMENT_STATES.get(agreement.state) or agreement.statement
        blocks.append(Text((Bold(f"Agreement {agreement.number}: "), state)))
    if priority.stage == "proposed":
        blocks.append(_scores(shown))
    return blocks


def _scores(shown: Shown) -> Text:
    priority = shown.priority
    if priority.score is not None:
        place = f", {_ordinal(shown.rank[0])} of {shown.rank[1]} proposed" if shown.rank else ""
        return Text((Bold(f"Scored {say_score(priority.score)}"), f"{place}."), "good")
    if not priority.scoring:
        return Text(("It was not scored.",), "subtle")
    every = shown.scored + len(shown.silent)
    waits = f" Waiting for {some(shown.silent, 6)}." if shown.silent else ""
    return Text((f"{shown.scored} of {units(every, 'organisation')} scored it; the scores show once all have.{waits}",))


def _ordinal(number: int) -> str:
    ending = "th" if 10 <= number % 100 <= 20 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def _facts(shown: Shown) -> list[tuple[str, Line]]:
    priority = shown.priority
    facts: list[tuple[str, Line]] = []
    if shown.theme:
        facts.append(("Theme", (clipped(shown.theme, 100),)))
    facts.append(("Sponsor", (clipped(shown.sponsor, 100) or "none yet",)))
    if shown.lead:
        facts.append(("Lead", (clipped(shown.lead, 100),)))
    if priority.places:
        more = len(priority.places) - 6
        named = ", ".join(clipped(each, 40) for each in priority.places[:6])
        facts.append(("Places", (clipped(named, 110), f" and {more} more" if more > 0 else "")))
    facts.append(("At this stage since", (say_date(priority.stage_at.date()),)))
    return facts


def _evidence(shown: Shown) -> list[Block]:
    """What the last gate was passed on."""
    passed = [step for step in shown.steps if step.kind == "on"]
    if not passed:
        return []
    step = passed[-1]
    gate = GATE_OF[step.begun_at]
    lines: list[Line] = [(Bold(f"{label}: "), str(step.evidence.get(name, ""))) for name, label in gate.wants.items()]
    lines.append((f"{step.by}, {say_date(step.at.date())}",))
    return [Listing(tuple(lines), title=f"On the way to {step.ended_at}", more=ShowSteps(shown.priority.ref))]


def _group(shown: Group) -> list[Block]:
    group = shown.group
    ended = group.ended_at is not None
    says = f" advised: {group.report}" if ended else f" — {', '.join(shown.members)}; until {say_date(group.ends_on)}."
    blocks: list[Block] = [Text((Bold(f"Task and finish group “{group.name}”"), says))]
    if not ended:
        blocks.append(Text((f"It is to advise on this: {group.remit} It decides nothing for the board.",), "subtle"))
    return blocks


def _controls(shown: Shown) -> list[Block]:
    priority = shown.priority
    ref = priority.ref
    see = [
        Button("How it got here", ShowSteps(ref)),
        Button("Where it comes from", ShowTrace(ref)),
        Button("History", ShowHistory(ref)),
    ]
    if priority.stage in (*RESTING, "complete"):
        return [Buttons((Button("Take it up again", ResumePriority(ref), asks=True), *see))]
    gate = GATE_OF[priority.stage]
    # The gate's parameters have the priority alone, whatever they ask for.
    asks = not any(each.result == "passed" for each in shown.agreements) or priority.stage != "proposed"
    on = Button(gate.label, gate.asks(priority=ref), style="primary", asks=asks)  # type: ignore[call-arg]
    act = Button("Add an action", AddAction(source=ref), asks=True)
    first = [*_while_proposed(shown), on] if priority.stage == "proposed" else [on, act]
    rare = [] if priority.stage != "proposed" else [act]
    rare += [Button("Change it", EditPriority(ref), asks=True), Button("Form a group", FormGroup(ref), asks=True)]
    rare += [
        Button(f"End the group “{each.group.name}”"[:60], EndGroup(each.group.ref), asks=True)
        for each in shown.groups
        if each.group.ended_at is None
    ]
    if priority.stage != "proposed":
        rare.append(Button("Go back a step", StepBack(ref), asks=True))
    rare += [Button("Pause it", PausePriority(ref), asks=True), Button("Drop it", DropPriority(ref), asks=True)]
    return [Buttons((*first, see[0])), Menu("More", (*rare, *see[1:]))]


def _while_proposed(shown: Shown) -> list[Button]:
    ref, priority = shown.priority.ref, shown.priority
    buttons: list[Button] = []
    if priority.scoring:
        buttons.append(Button("Score it", ScorePriority(ref), style="primary", asks=True))
        if shown.scored:
            buttons.append(Button("End the scoring", EndScoring(ref)))
    else:
        buttons.append(Button("Score it again", OpenScoring(ref)))
    pending = [each for each in shown.agreements if each.state in ("draft", "open", "deciding")]
    if pending:
        buttons.append(Button("See the agreement", ShowAgreement(pending[0].ref)))
    elif not any(each.result == "passed" for each in shown.agreements):
        buttons.append(Button("Put it to the partners", _proposal(shown), asks=True))
    return buttons


def _proposal(shown: Shown) -> Propose:
    priority = shown.priority
    under = f" under the theme {shown.theme}" if shown.theme else ""
    sponsor = f", sponsored by {shown.sponsor}" if shown.sponsor else ""
    title = f"Make it a priority: {priority.title}"
    if len(title) > 300:
        title = f"{title[:299]}…"
    text = f"We take priority {priority.number} into our pipeline{under}{sponsor}, beginning with discovery."
    return Propose(title=title, text=text, about=priority.ref)


def _summary(shown: Shown) -> str:
    priority = shown.priority
    if priority.stage == "complete":
        return f"{name_of(priority)}. Complete: {priority.outcome}".rstrip(".") + "."
    late = sum(each.state in UNDER_WAY for each in shown.actions)
    under_way = f"; {late} {'action' if late == 1 else 'actions'} under way" if late else ""
    return f"{name_of(priority)}. At {priority.stage}{under_way}."
