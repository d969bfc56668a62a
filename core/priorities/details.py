"""The other cards of priorities: the pipeline, and how one got where it is."""

from collections.abc import Sequence

from core.cards import (
    Bar,
    Block,
    Bold,
    Button,
    Buttons,
    Card,
    Chart,
    Column,
    Columns,
    Heading,
    Line,
    Listing,
    Menu,
    Prose,
    Text,
)
from core.paging import paged
from core.paging import turning as turning_pages
from core.priorities.cards import name_of, say_score
from core.priorities.gates import GATE_OF
from core.priorities.models import Priority, PriorityStep
from core.priorities.params import AddPriority, ShowPipeline, ShowPriority, ShowSteps
from core.priorities.queries import ORDER, Pipeline, PipelineLine
from core.times import say_date

PAGE = 20
_VERBS = {
    "on": "On to {to}",
    "back": "Back to {to}",
    "paused": "Paused",
    "dropped": "Dropped",
    "resumed": "Taken up again at {to}",
    "reopened": "Reopened at {to}",
}

NOTHING_FITS = "No priority fits that. Type pipeline alone to see them all."


def pipeline_card(found: Pipeline, params: ShowPipeline) -> Card:
    """The pipeline as columns of its stages, with how many stand at each."""
    new = Button("Propose a priority", AddPriority(), style="primary", asks=True)
    title = "Pipeline"
    if not found.total:
        words = "No priority is in the pipeline yet." if not (params.search or params.theme) else NOTHING_FITS
        return Card(title=title, blocks=(Text((words,)), Buttons((new,))), summary=words)
    last = -(-found.total // PAGE)
    page = min(max(params.page, 1), last)
    bars = tuple(Bar(stage.capitalize(), found.counts.get(stage, 0)) for stage in ORDER if _told(stage, found))
    columns = tuple(
        Column(f"{stage.capitalize()} ({found.counts.get(stage, 0)})", tuple(map(_line, here)))
        for stage in ORDER
        if (here := [each for each in found.lines if each.stage == stage])
    )
    blocks: list[Block] = [
        Chart("How many stand where", bars, out_of=max(found.counts.values())),
        Columns(columns),
        Menu(
            "Open a priority",
            tuple(Button(f"{each.number}. {each.title}", ShowPriority(each.ref)) for each in found.lines),
        ),
        *turning_pages(page, last, lambda to: ShowPipeline(params.search, params.theme, to)),
        Buttons((new,)),
    ]
    word = "priority" if found.total == 1 else "priorities"
    return Card(title=title, blocks=tuple(blocks), summary=f"Pipeline: {found.total} {word}.")


def _told(stage: str, found: Pipeline) -> bool:
    return stage not in ("paused", "dropped") or bool(found.counts.get(stage))


def _line(line: PipelineLine) -> Line:
    score = f", {say_score(line.score)}" if line.score is not None and line.stage == "proposed" else ""
    sponsor = f" — {line.sponsor}" if line.sponsor else ""
    return (Bold(f"{line.number}. {line.title}"), f"{sponsor}{score}")


def steps_card(priority: Priority, steps: Sequence[PriorityStep], page: int) -> Card:
    """Every gate with its evidence and links, and every other step with its reason."""
    parts = [_step(step) for step in steps]
    if not parts:
        words = "It has taken no step yet; it stands where it was proposed."
        back = Buttons((Button("The priority", ShowPriority(priority.ref)),))
        return Card(title=name_of(priority), blocks=(Text((words,)), back), summary=words)
    found = paged(parts, most=5)
    page = min(max(page, 1), len(found))
    blocks: list[Block] = [
        *found[page - 1],
        *turning_pages(page, len(found), lambda to: ShowSteps(priority.ref, to)),
        Buttons((Button("The priority", ShowPriority(priority.ref)),)),
    ]
    count = len(steps)
    words = f"{name_of(priority)}: {count} {'step' if count == 1 else 'steps'} so far."
    return Card(title=f"How it got here: {priority.title}", blocks=tuple(blocks), summary=words)


def _step(step: PriorityStep) -> list[Block]:
    blocks: list[Block] = [
        Heading(_VERBS[step.kind].format(to=step.ended_at)),
        Text((f"{step.by}, {say_date(step.at.date())}",), "subtle"),
    ]
    if step.why:
        blocks.append(Prose(step.why))
    gate = GATE_OF.get(step.begun_at)
    for name, said in step.evidence.items():
        label = gate.wants.get(name, name) if gate else name
        blocks += [Text((Bold(f"{label}:"),)), Prose(str(said))]
    if step.links:
        blocks.append(Listing(tuple((each,) for each in step.links), title="Links"))
    return blocks
