"""Items, priorities, task groups and actions as the partnership file tells them, checked against its other parts."""

import datetime
from collections.abc import Mapping
from typing import Any

from core.actions.models import REPEATS
from core.exchange.entries import Entry, distinct
from core.exchange.parts import ActionPart, GroupPart, ItemPart, PriorityPart, StepPart, Work
from core.exchange.plans import read_meetings
from core.exchange.proposals import Known, day_of, people_of, person_of
from core.priorities.gates import GATE_OF
from core.priorities.models import STAGES


def read_work(whole: Entry, known: Known) -> Work:
    """All `[[items]]`, `[[priorities]]`, `[[task_groups]]`, `[[actions]]` and `[[meetings]]`. Raises Mistake."""
    items, item_names = _all(whole, "items", "an item", lambda entry: _item(entry, known))
    priorities, names = _all(whole, "priorities", "a priority", lambda entry: _priority(entry, known, item_names))
    groups, group_names = _all(whole, "task_groups", "a task group", lambda entry: _group(entry, known, names), "name")
    sources = item_names | names
    actions, _ = _all(whole, "actions", "an action", lambda entry: _action(entry, known, sources))
    return Work(items, priorities, groups, actions, read_meetings(whole, known, group_names))


def _all(whole: Entry, key: str, noun: str, read: Any, called: str = "title") -> tuple[Any, dict[str, str]]:
    entries = whole.each(key, noun)
    found = [read(entry) for entry in entries]
    names = distinct((entry, called, getattr(each, called)) for entry, each in zip(entries, found, strict=True))
    return tuple(found), names


def _item(entry: Entry, known: Known) -> ItemPart:
    entry.only("title", "detail", "input_requested", "theme", "raiser", "confidential", "answer")
    return ItemPart(
        line=entry.line,
        title=entry.line_text("title", 300, needed=True),
        detail=entry.long_text("detail"),
        wants=entry.choice("input_requested", ("decision", "discussion", "noting"), "discussion"),
        theme=entry.named("theme", known.themes, "a theme"),
        raiser=person_of(entry, "raiser", known.members),
        confidential=entry.flag("confidential", otherwise=False),
        answer=entry.long_text("answer"),
    )


def _priority(entry: Entry, known: Known, items: Mapping[str, str]) -> PriorityPart:
    entry.only("title", "detail", "theme", "sponsor", "lead", "places", "item", "steps")
    names = {key: each.name for key, each in known.organisations.items()}
    return PriorityPart(
        line=entry.line,
        title=entry.line_text("title", 300, needed=True),
        detail=entry.long_text("detail"),
        theme=entry.named("theme", known.themes, "a theme"),
        sponsor=entry.named("sponsor", names, "an organisation"),
        lead=person_of(entry, "lead", known.members),
        places=entry.strings("places", 200),
        source=entry.named("item", items, "an item"),
        steps=_steps(entry, known),
    )


def _steps(entry: Entry, known: Known) -> tuple[StepPart, ...]:
    """The steps in the order of the stages, each with everything that its gate wants."""
    found: list[StepPart] = []
    before: datetime.date | None = None
    for each, begins in zip(entry.each("steps", "a step", most=len(STAGES) - 1), STAGES, strict=False):
        wants = GATE_OF[begins].wants
        each.only("to", "on", "by", "links", *wants)
        to = each.choice("to", STAGES[1:])
        if to != GATE_OF[begins].leads_to:
            raise each.wrong("to", f"behind {begins} comes {GATE_OF[begins].leads_to}; write the steps in their order.")
        on = day_of(each, "on", needed=True)
        if before is not None and on < before:
            raise each.wrong("on", "a step can't be earlier than the one before it; write them in their order.")
        before = on
        evidence = {name: each.long_text(name, 3_000) for name in wants}
        if missing := next((name for name, said in evidence.items() if not said), ""):
            raise each.wrong(missing, f"the step to {to} needs {missing}; write {missing} = “…” and fill it in.")
        person = person_of(each, "by", known.members)
        by = f"{known.members[person].name} ({known.members[person].organisation})" if person is not None else ""
        found.append(StepPart(begins, evidence, each.strings("links", 500), by or "the partnership file", on))
    return tuple(found)


def _group(entry: Entry, known: Known, priorities: Mapping[str, str]) -> GroupPart:
    entry.only("name", "remit", "priority", "members", "ends")
    members = people_of(entry, "members", known.members)
    if not members:
        raise entry.wrong("members", 'a task group needs at least one member; write members = ["…"] with an email.')
    if observer := next((each for each in members if known.members[each].role == "observer"), None):
        name = known.members[observer].name
        raise entry.wrong("members", f"{name} is an observer, who reads and takes no part; choose another member.")
    return GroupPart(
        line=entry.line,
        name=entry.line_text("name", 200, needed=True),
        remit=entry.long_text("remit", 3_000),
        priority=entry.named("priority", priorities, "a priority", needed=True),
        members=members,
        ends_on=day_of(entry, "ends", needed=True),
    )


def _action(entry: Entry, known: Known, sources: Mapping[str, str]) -> ActionPart:
    entry.only("title", "detail", "owner", "theme", "due", "level", "place", "repeats", "for")
    owner = person_of(entry, "owner", known.members)
    if owner is None:
        raise entry.wrong("owner", "an action needs its owner; write owner = “…” with a member's email or name.")
    if known.members[owner].role == "observer":
        raise entry.wrong("owner", "an observer reads and takes no actions; choose another owner.")
    return ActionPart(
        line=entry.line,
        title=entry.line_text("title", 300, needed=True),
        detail=entry.long_text("detail"),
        owner=owner,
        theme=entry.named("theme", known.themes, "a theme"),
        due_on=day_of(entry, "due", needed=True),
        level=entry.choice("level", ("system", "local"), "system"),
        place=entry.line_text("place", 200),
        repeats="" if "repeats" not in entry.values else entry.choice("repeats", REPEATS[1:]),
        source=entry.named("for", sources, "a priority or an item"),
    )
