"""What can be asked of priorities: the parameters of each command, which buttons carry and forms ask for."""

import datetime
from dataclasses import dataclass
from typing import ClassVar

from core.cards import Option, Params
from core.commands import param
from core.priorities.models import STAGES

POINTS = tuple(Option(f"{points} {word}", str(points)) for points, word in enumerate(
    ("not at all", "hardly", "somewhat", "rather", "very", "as much as can be")
))  # fmt: skip
BACK = tuple(Option(stage.capitalize(), stage) for stage in STAGES[:-1])


@dataclass(frozen=True)
class AddPriority(Params):
    """Propose a piece of joint work."""

    command: ClassVar[str] = "priorities.add"
    title: str = param("line", "The priority", default="", required=True, free=True)
    theme: str = param("choice", "Theme", default="", mark="#")
    sponsor: str = param("choice", "Sponsor organisation", default="", help="Which partner answers for it.")
    lead: str = param("choice", "Who leads it", default="", mark="@")
    places: str = param("line", "Places", default="", help="Divided by commas.")
    detail: str = param("text", "What it is about", default="", max_length=3000)
    source: str = param("line", "From", default="", hidden=True, max_length=40)


@dataclass(frozen=True)
class EditPriority(Params):
    """Change who sponsors and leads it, its theme, places and words."""

    command: ClassVar[str] = "priorities.edit"
    priority: str = param("ref", "Priority")
    title: str = param("line", "The priority", default="", required=True)
    theme: str = param("choice", "Theme", default="")
    sponsor: str = param("choice", "Sponsor organisation", default="")
    lead: str = param("choice", "Who leads it", default="")
    places: str = param("line", "Places", default="", help="Divided by commas.")
    detail: str = param("text", "What it is about", default="", max_length=3000)


@dataclass(frozen=True)
class ShowPriority(Params):
    """One priority. say: what whoever is told of it hears first."""

    command: ClassVar[str] = "priorities.show"
    priority: str = param("ref", "Priority")
    say: str = param("text", "Said", default="", hidden=True, max_length=1000)


@dataclass(frozen=True)
class ShowPipeline(Params):
    """The pipeline: all priorities by stage."""

    command: ClassVar[str] = "priorities.pipeline"
    search: str = param("line", "Which", default="", free=True, help="A stage, a number, or words of the title.")
    theme: str = param("choice", "Theme", default="", mark="#")
    page: int = param("number", "Page", default=1, hidden=True)


@dataclass(frozen=True)
class ShowSteps(Params):
    """How a priority got where it is: each gate with its evidence."""

    command: ClassVar[str] = "priorities.steps"
    priority: str = param("ref", "Priority")
    page: int = param("number", "Page", default=1, hidden=True)


_LINKS = "One https link on each line, such as a report."


@dataclass(frozen=True)
class ToDiscovery(Params):
    """The partners have agreed it, so discovery begins."""

    command: ClassVar[str] = "priorities.to_discovery"
    priority: str = param("ref", "Priority")
    agreed: str = param(
        "text",
        "How and when it was agreed",
        default="",
        max_length=2000,
        help="Leave it empty once an agreement about it has passed.",
    )
    links: str = param("text", "Links", default="", max_length=2000, help=_LINKS)


@dataclass(frozen=True)
class ToMapping(Params):
    """Discovery has shown what the matter is, so mapping begins."""

    command: ClassVar[str] = "priorities.to_mapping"
    priority: str = param("ref", "Priority")
    evidence: str = param("text", "Evidence", default="", required=True, max_length=3000, help="What we know now.")
    affected: str = param("text", "Who is affected", default="", required=True, max_length=2000)
    links: str = param("text", "Links", default="", max_length=2000, help=_LINKS)


@dataclass(frozen=True)
class ToSystem(Params):
    """Mapping has shown who does what, so action on the whole place begins."""

    command: ClassVar[str] = "priorities.to_system"
    priority: str = param("ref", "Priority")
    who: str = param("text", "Who does what now", default="", required=True, max_length=3000)
    assets: str = param("text", "What there is to build on", default="", required=True, max_length=2000)
    gaps: str = param("text", "What is missing", default="", required=True, max_length=2000)
    links: str = param("text", "Links", default="", max_length=2000, help=_LINKS)


@dataclass(frozen=True)
class ToLocal(Params):
    """Organisations have committed themselves, so action in the places begins."""

    command: ClassVar[str] = "priorities.to_local"
    priority: str = param("ref", "Priority")
    commitments: str = param(
        "text",
        "What organisations have committed to",
        default="",
        required=True,
        max_length=3000,
        help="One on each line, beginning with the organisation.",
    )
    links: str = param("text", "Links", default="", max_length=2000, help=_LINKS)


@dataclass(frozen=True)
class CompletePriority(Params):
    """It is done in the places, too."""

    command: ClassVar[str] = "priorities.complete"
    priority: str = param("ref", "Priority")
    places: str = param("line", "Places", default="", required=True, help="Divided by commas.")
    leads: str = param("text", "Local leads", default="", required=True, max_length=2000, help="Who leads where.")
    outcome: str = param("text", "What came of it", default="", required=True, max_length=3000)
    links: str = param("text", "Links", default="", max_length=2000, help=_LINKS)


@dataclass(frozen=True)
class StepBack(Params):
    """Go back to an earlier stage, with the reason."""

    command: ClassVar[str] = "priorities.back"
    priority: str = param("ref", "Priority")
    to: str = param("choice", "Back to", default="", required=True, choices=BACK)
    why: str = param("text", "Why", default="", required=True, max_length=1000)


@dataclass(frozen=True)
class PausePriority(Params):
    """Let it rest, with the reason."""

    command: ClassVar[str] = "priorities.pause"
    priority: str = param("ref", "Priority")
    why: str = param("text", "Why", default="", required=True, max_length=1000)


@dataclass(frozen=True)
class DropPriority(Params):
    """Take it out of the pipeline, with the reason."""

    command: ClassVar[str] = "priorities.drop"
    priority: str = param("ref", "Priority")
    why: str = param("text", "Why", default="", required=True, max_length=1000)


@dataclass(frozen=True)
class ResumePriority(Params):
    """Take up again what rests, was dropped or was complete."""

    command: ClassVar[str] = "priorities.resume"
    priority: str = param("ref", "Priority")
    why: str = param("text", "Why", default="", required=True, max_length=1000)


@dataclass(frozen=True)
class ScorePriority(Params):
    """Say by each of the board's criteria what it is worth; the fields take the criteria's names."""

    command: ClassVar[str] = "priorities.score"
    priority: str = param("ref", "Priority")
    c1: str = param("choice", "1", default="", choices=POINTS)
    c2: str = param("choice", "2", default="", choices=POINTS)
    c3: str = param("choice", "3", default="", choices=POINTS)
    c4: str = param("choice", "4", default="", choices=POINTS)
    c5: str = param("choice", "5", default="", choices=POINTS)
    c6: str = param("choice", "6", default="", choices=POINTS)
    c7: str = param("choice", "7", default="", choices=POINTS)
    c8: str = param("choice", "8", default="", choices=POINTS)


@dataclass(frozen=True)
class EndScoring(Params):
    """End the scoring before all have scored."""

    command: ClassVar[str] = "priorities.end_scoring"
    priority: str = param("ref", "Priority")


@dataclass(frozen=True)
class OpenScoring(Params):
    """Let it be scored again."""

    command: ClassVar[str] = "priorities.open_scoring"
    priority: str = param("ref", "Priority")


@dataclass(frozen=True)
class FormGroup(Params):
    """Form a task and finish group."""

    command: ClassVar[str] = "priorities.form_group"
    priority: str = param("ref", "Priority")
    name: str = param("line", "Name of the group", default="", required=True, max_length=200)
    remit: str = param("text", "Its remit", default="", required=True, max_length=2000, help="What it is to advise on.")
    members: tuple[str, ...] = param("choices", "Its members", default=(), required=True)
    ends: datetime.date | None = param("date", "It ends on", default=None, required=True)


@dataclass(frozen=True)
class EndGroup(Params):
    """The group has done what it was for."""

    command: ClassVar[str] = "priorities.end_group"
    group: str = param("ref", "Group")
    report: str = param("text", "What it advises", default="", required=True, max_length=3000)
