"""The four steps and their gates: what each wants to be known before a priority moves on, and every other step."""

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncSession

from core.agreements import queries as agreements
from core.agreements.models import Agreement
from core.cards import Params
from core.commands import STEERING, VOICES, Person
from core.errors import Refused
from core.outbox import changed
from core.priorities.models import RESTING, STAGES, Priority, PriorityStep
from core.priorities.params import CompletePriority, ToDiscovery, ToLocal, ToMapping, ToSystem
from core.register.actions import append


@dataclass(frozen=True, slots=True)
class Gate:
    """The way from one stage to the next: its command, its button, and the names of what it asks for."""

    stage: str
    asks: type[Params]
    label: str
    wants: Mapping[str, str]

    @property
    def leads_to(self) -> str:
        """The stage behind it."""
        return STAGES[STAGES.index(self.stage) + 1]


GATES: tuple[Gate, ...] = (
    Gate("proposed", ToDiscovery, "Begin discovery", {"agreed": "Agreed"}),
    Gate("discovery", ToMapping, "On to mapping", {"evidence": "Evidence", "affected": "Who is affected"}),
    Gate(
        "mapping",
        ToSystem,
        "On to system action",
        {"who": "Who does what now", "assets": "What there is to build on", "gaps": "What is missing"},
    ),
    Gate("system action", ToLocal, "On to local action", {"commitments": "Commitments"}),
    Gate(
        "local action",
        CompletePriority,
        "Complete it",
        {"places": "Places", "leads": "Local leads", "outcome": "What came of it"},
    ),
)
GATE_OF: Mapping[str, Gate] = {gate.stage: gate for gate in GATES}
GATE_BY: Mapping[type[Params], Gate] = {gate.asks: gate for gate in GATES}


@dataclass(frozen=True, slots=True)
class Step:
    """Who moves what, and when."""

    session: AsyncSession
    priority: Priority
    by: Person
    now: datetime.datetime

    async def taken(
        self, kind: str, to: str, *, why: str = "", evidence: Mapping[str, str] | None = None, links: Sequence[str] = ()
    ) -> None:
        """Move it, keep why and on what evidence, put it on record, and redraw its cards."""
        priority, former = self.priority, self.priority.stage
        priority.stage, priority.stage_at = to, self.now
        priority.rested_from = (priority.rested_from or former) if to in RESTING else None
        by = f"{self.by.name} ({self.by.organisation_name})"
        self.session.add(
            PriorityStep(
                partnership_id=priority.partnership_id,
                priority_id=priority.id,
                kind=kind,
                begun_at=former,
                ended_at=to,
                evidence=dict(evidence or {}),
                links=list(links),
                why=why,
                by=by,
                at=self.now,
            )
        )
        await self.session.flush()
        await append(
            self.session,
            priority.partnership_id,
            f"priority {kind}",
            subject=priority.ref,
            title=priority.title,
            now=self.now,
            by=self.by,
            detail={"from": former, "to": to, "note": why, "evidence": dict(evidence or {}), "links": list(links)},
        )
        await changed(self.session, priority.ref, *([priority.source] if priority.source else []))


def may_move(priority: Priority, person: Person) -> bool:
    """Whether this person moves it on: who steers the board, who leads it, and who speaks for its sponsor."""
    if person.role in STEERING or person.member == priority.lead_id:
        return True
    return priority.sponsor_id is not None and person.organisation == priority.sponsor_id and person.role in VOICES


def check_may_move(priority: Priority, person: Person) -> None:
    """Refuse anybody else."""
    if not may_move(priority, person):
        raise Refused("Only the chair, the coordinator, its lead or its sponsor can move this priority.")


async def agreed_by(session: AsyncSession, priority: Priority) -> Agreement | None:
    """The agreement by which the partners have agreed it, if there is one in force."""
    for agreement in await agreements.about(session, priority.partnership_id, priority.ref):
        if agreement.result == "passed" and (agreement.effect == "binding" or agreement.confirmed):
            return agreement
    return None


async def move_on(step: Step, gate: Gate, said: Mapping[str, str], links: str) -> None:
    """Through the gate, with what it wants. Raises Refused for who may not, and for what is missing."""
    priority = step.priority
    check_may_move(priority, step.by)
    priority.check_at(gate.stage)
    evidence = {name: said.get(name, "") for name in gate.wants}
    if gate.stage == "proposed":
        evidence["agreed"] = await _how_agreed(step, evidence["agreed"])
    for name, wanted in gate.wants.items():
        if not evidence[name]:
            raise Refused(f"This step wants to know: {wanted.lower()}. Please fill it in.", field=name)
    if "outcome" in evidence:
        priority.outcome = evidence["outcome"]
    if "places" in evidence:
        priority.places = read_places(evidence["places"])
    await step.taken("on", gate.leads_to, evidence=evidence, links=read_links(links))


async def _how_agreed(step: Step, said: str) -> str:
    passed = await agreed_by(step.session, step.priority)
    if passed is not None:
        return f"{passed.decision}: {passed.title}" + (f". {said}" if said else "")
    if step.by.role not in STEERING:
        raise Refused(
            "The partners have not agreed it yet. Put it to them first, or ask the chair to record how they agreed."
        )
    if not said:
        raise Refused(
            "The partners have not agreed it by an agreement yet. Put it to them, or say how and when they agreed.",
            field="agreed",
        )
    return said


async def step_back(step: Step, to: str, why: str) -> None:
    """To an earlier stage. Raises Refused for one that is not earlier."""
    priority = step.priority
    check_may_move(priority, step.by)
    if priority.stage in RESTING or priority.stage == "complete":
        raise Refused(f"This priority is {priority.stage}. Take it up again first.")
    if to not in STAGES or STAGES.index(to) >= STAGES.index(priority.stage):
        raise Refused(f"That is not before {priority.stage}. Choose an earlier stage.", field="to")
    await step.taken("back", to, why=why)


async def rest(step: Step, to: str, why: str) -> None:
    """Pause or drop it. Only who steers the board drops one."""
    priority = step.priority
    check_may_move(priority, step.by)
    if to == "dropped" and step.by.role not in STEERING:
        raise Refused("Only the chair or the coordinator can drop a priority. You can pause it.")
    if priority.stage == to:
        raise Refused(f"This priority is {to} already.")
    if priority.stage in ("complete", "dropped"):
        raise Refused(f"This priority is {priority.stage} already. Take it up again first.")
    await step.taken(to, to, why=why)


async def resume(step: Step, why: str) -> None:
    """Back to where it rested; a complete one to its last step."""
    priority = step.priority
    check_may_move(priority, step.by)
    if priority.stage == "dropped" and step.by.role not in STEERING:
        raise Refused("Only the chair or the coordinator can take up again what was dropped.")
    if priority.rested_from is not None:
        await step.taken("resumed", priority.rested_from, why=why)
    elif priority.stage == "complete":
        priority.outcome = ""
        await step.taken("reopened", STAGES[-2], why=why)
    else:
        raise Refused("This priority is under way already.")


def read_places(text: str) -> list[str]:
    """Places divided by commas, each once."""
    return list(dict.fromkeys(each.strip() for each in text.replace(";", ",").split(",") if each.strip()))


def read_links(text: str) -> list[str]:
    """Links, one on each line. Raises Refused for what is none."""
    found = text.split()
    for each in found:
        if not each.startswith("https://") or len(each) > 500 or any(char in each for char in "<>|\"'"):
            raise Refused("Links begin with https:// and stand on a line each.", field="links")
    return found
