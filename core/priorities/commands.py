"""What people can ask of priorities, and who may; the handlers stand in the modules named here."""

from typing import Any

from core.actions.commands import PARTNERS
from core.commands import EVERYONE, STEERING, VOICES, Command, View
from core.priorities import asking, moving
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
from core.themes.queries import theme_choices

VIEWS: tuple[View[Any], ...] = (View(params=ShowPriority, draw=asking.draw_priority),)

_GATES: tuple[tuple[Any, str, str], ...] = (
    (ToDiscovery, "Begin discovery", "Go on to discovery, once the partners have agreed it."),
    (ToMapping, "On to mapping", "Go on to mapping, with the evidence and who is affected."),
    (ToSystem, "On to system action", "Go on to action, with who does what, assets and gaps."),
    (ToLocal, "On to local action", "Go on to the places, with what organisations have committed to."),
)

COMMANDS: tuple[Command[Any], ...] = (
    Command(
        params=AddPriority,
        handle=asking.add,
        word="priority",
        numbers="pipeline",
        title="Propose a priority",
        help="Propose a piece of joint work for the pipeline.",
        example="priority Economic recovery #entrepreneurial-barnet",
        submit="Propose",
        roles=PARTNERS,
        opens_form=True,
        choices=asking.choices,
    ),
    Command(
        params=ShowPipeline,
        handle=asking.show_pipeline,
        word="pipeline",
        title="Pipeline",
        help="See the priorities by stage; a stage, a theme, a number or words narrow it.",
        example="pipeline mapping",
        reads=True,
        choices=theme_choices,
        roles=EVERYONE,
    ),
    Command(
        params=ShowPriority, handle=asking.show, title="Priority", help="See a priority.", reads=True, roles=EVERYONE
    ),
    Command(
        params=ShowSteps,
        handle=asking.show_steps,
        title="How it got here",
        help="See each step.",
        reads=True,
        roles=EVERYONE,
    ),
    Command(
        params=EditPriority,
        handle=asking.edit,
        title="Change the priority",
        help="Change its sponsor, lead, theme, places and words.",
        roles=PARTNERS,
        choices=asking.choices,
        prefill=asking.edit_prefill,
    ),
    *(
        Command(params=params, handle=moving.move_on, title=title, help=words, submit="Move on", roles=PARTNERS)
        for params, title, words in _GATES
    ),
    Command(
        params=CompletePriority,
        handle=moving.move_on,
        title="Complete it",
        help="Complete it, with places, local leads and what came of it.",
        submit="Complete",
        roles=PARTNERS,
        prefill=moving.complete_prefill,
    ),
    Command(
        params=StepBack,
        handle=moving.step_back,
        title="Go back a step",
        help="Go back to an earlier stage, with the reason.",
        submit="Go back",
        roles=PARTNERS,
        choices=moving.back_choices,
    ),
    Command(
        params=PausePriority, handle=moving.pause, title="Pause it", help="Let it rest.", submit="Pause", roles=PARTNERS
    ),
    Command(
        params=DropPriority,
        handle=moving.drop,
        title="Drop it",
        help="Take it out of the pipeline.",
        submit="Drop",
        roles=STEERING,
    ),
    Command(
        params=ResumePriority,
        handle=moving.resume,
        title="Take it up again",
        help="Go on with what rests, was dropped or complete.",
        submit="Go on",
        roles=PARTNERS,
    ),
    Command(
        params=ScorePriority,
        handle=moving.score,
        title="Score it",
        help="Score a priority by the board's criteria.",
        submit="Score",
        roles=VOICES,
        prefill=moving.score_prefill,
        labels=moving.score_labels,
    ),
    Command(params=EndScoring, handle=moving.end_scoring, title="End the scoring", help="Show scores.", roles=STEERING),
    Command(params=OpenScoring, handle=moving.open_scoring, title="Score it again", help="Score anew.", roles=STEERING),
    Command(
        params=FormGroup,
        handle=moving.form_group,
        title="Form a group",
        help="Form a task and finish group.",
        submit="Form it",
        roles=PARTNERS,
        choices=moving.group_choices,
    ),
    Command(
        params=EndGroup,
        handle=moving.end_group,
        title="End the group",
        help="Record what a group advises.",
        submit="End it",
        roles=PARTNERS,
    ),
)
