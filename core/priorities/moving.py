"""Handlers: gates and other steps, scoring, and task and finish groups."""

import dataclasses
from collections.abc import Mapping
from typing import Any

from core.actions.handling import in_form
from core.cards import Card, Option, Text
from core.commands import Context
from core.errors import Incomplete
from core.partners import queries as partners
from core.priorities import gates, groups, queries, scoring
from core.priorities.gates import GATE_BY, Step
from core.priorities.models import STAGES
from core.priorities.params import (
    CompletePriority,
    DropPriority,
    EndGroup,
    EndScoring,
    FormGroup,
    OpenScoring,
    PausePriority,
    ResumePriority,
    ScorePriority,
    ShowPriority,
    StepBack,
    ToDiscovery,
    ToLocal,
    ToMapping,
    ToSystem,
)
from core.requests import Replace, Reply, Whisper

MOVES = ToDiscovery | ToMapping | ToSystem | ToLocal | CompletePriority


async def _step(context: Context, ref: str) -> Step:
    priority = await queries.find(context.session, context.me.board, ref, to_change=True)
    return Step(context.session, priority, context.me, context.now)


def _now(context: Context, ref: str, note: str) -> Reply:
    return Replace(ShowPriority(ref), context.me.board, note)


async def move_on(context: Context, params: MOVES) -> Reply:
    """Through the next gate."""
    step, gate = await _step(context, params.priority), GATE_BY[type(params)]
    said = {name: str(value) for name, value in dataclasses.asdict(params).items() if name in gate.wants}
    await in_form(gates.move_on(step, gate, said, params.links))
    return _now(context, params.priority, f"It has moved on to {gate.leads_to}.")


async def complete_prefill(context: Context, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """The places that it names already."""
    priority = await queries.find(context.session, context.me.board, str(given.get("priority", "")))
    return {"places": ", ".join(priority.places)}


async def step_back(context: Context, params: StepBack) -> Reply:
    """To an earlier stage."""
    await in_form(gates.step_back(await _step(context, params.priority), params.to, params.why))
    return _now(context, params.priority, f"It is back at {params.to}, with your reason on record.")


async def back_choices(context: Context, given: Mapping[str, Any]) -> Mapping[str, tuple[Option, ...]]:
    """The stages before the one where it stands."""
    priority = await queries.find(context.session, context.me.board, str(given.get("priority", "")))
    before = STAGES[: STAGES.index(priority.stage)] if priority.stage in STAGES else ()
    return {"to": tuple(Option(stage.capitalize(), stage) for stage in before)}


async def pause(context: Context, params: PausePriority) -> Reply:
    """Let it rest."""
    await gates.rest(await _step(context, params.priority), "paused", params.why)
    return _now(context, params.priority, "It rests now, with your reason on record.")


async def drop(context: Context, params: DropPriority) -> Reply:
    """Take it out of the pipeline."""
    await gates.rest(await _step(context, params.priority), "dropped", params.why)
    return _now(context, params.priority, "Dropped, with your reason on record.")


async def resume(context: Context, params: ResumePriority) -> Reply:
    """Take it up again."""
    step = await _step(context, params.priority)
    await gates.resume(step, params.why)
    return _now(context, params.priority, f"It is at {step.priority.stage} again.")


async def score(context: Context, params: ScorePriority) -> Reply:
    """What it is worth, by each criterion."""
    priority = await queries.find(context.session, context.me.board, params.priority, to_change=True)
    scoring.check_scorer(priority, context.me)
    criteria = await queries.criteria(context.session, context.me.board)
    fields = {f"c{at}": name for at, (name, _) in enumerate(criteria, start=1)}
    if missing := {field: "" for field in fields if not getattr(params, field)}:
        raise Incomplete(missing)
    points = {name: int(getattr(params, field)) for field, name in fields.items()}
    every = await scoring.score(context.session, priority, context.me, points, context.now)
    done = "All have scored, so the scores show now." if every else "It stays yours until all have scored."
    return _now(context, params.priority, f"Thank you. {done}")


async def score_labels(context: Context, _given: Mapping[str, Any]) -> Mapping[str, str]:
    """The board's criteria as the names of the fields."""
    criteria = await queries.criteria(context.session, context.me.board)
    return {f"c{at}": f"{name} (weight {weight:g})" for at, (name, weight) in enumerate(criteria, start=1)}


async def score_prefill(context: Context, given: Mapping[str, Any]) -> Mapping[str, Any]:
    """What one has said before."""
    session, me = context.session, context.me
    priority = await queries.find(session, me.board, str(given.get("priority", "")))
    scoring.check_scorer(priority, me)
    mine = next((each for each in await queries.scores(session, priority) if each.member_id == me.member), None)
    criteria = await queries.criteria(session, me.board)
    points = mine.points if mine else {}
    return {f"c{at}": str(points[name]) for at, (name, _) in enumerate(criteria, start=1) if name in points}


async def end_scoring(context: Context, params: EndScoring) -> Reply:
    """Let the scores be seen."""
    priority = await queries.find(context.session, context.me.board, params.priority, to_change=True)
    await scoring.end_scoring(context.session, priority, context.me, context.now)
    return _now(context, params.priority, "The scores show now.")


async def open_scoring(context: Context, params: OpenScoring) -> Reply:
    """Score it again."""
    priority = await queries.find(context.session, context.me.board, params.priority, to_change=True)
    await scoring.open_scoring(context.session, priority, context.me, context.now)
    return _now(context, params.priority, "It can be scored again.")


async def group_choices(context: Context, _given: Mapping[str, Any]) -> Mapping[str, tuple[Option, ...]]:
    """Who can be asked into a group."""
    return {"members": await partners.member_options(context.session, context.me.board)}


async def form_group(context: Context, params: FormGroup) -> Reply:
    """Form a group for it."""
    session, me = context.session, context.me
    priority = await queries.find(session, me.board, params.priority, to_change=True)
    if params.ends is None:
        raise Incomplete({"ends": ""})
    chosen = [each for each in await partners.members(session, me.board) if each.ref in params.members]
    await in_form(
        groups.form(
            session,
            priority,
            me,
            name=params.name,
            remit=params.remit,
            members=chosen,
            ends_on=params.ends,
            now=context.now,
        )
    )
    words = (
        f"The group is formed and told: {', '.join(each.name for each in chosen)}. It stands on the priority's card."
    )
    return Whisper(Card(params.name, (Text((words,)),), words))


async def end_group(context: Context, params: EndGroup) -> Reply:
    """What it advises."""
    priority = await groups.end(context.session, params.group, context.me, params.report, context.now)
    return _now(context, priority.ref, "Thank you. Its advice stands with the priority.")
