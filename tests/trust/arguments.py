"""What each command is tried with: references of every kind, fields filled so that the command takes them."""

import datetime
import itertools
from collections.abc import Callable, Collection, Mapping
from typing import Any

from core.commands import Command, Context, Param, params_of
from core.errors import Refused
from core.requests import Actor, Place
from tests.trust.boards import Side
from tests.trust.features import TENANTS
from tests.trust.trial import Trial
from tests.world import TEAM

KINDS = {
    "action": "actions",
    "agreement": "agreements",
    "board": "partnerships",
    "copy": "polls",
    "cover": "covers",
    "group": "task_groups",
    "correction": "minute_corrections",
    "entry": "agenda_entries",
    "item": "items",
    "meeting": "meetings",
    "member": "members",
    "organisation": "organisations",
    "partner": "organisations",
    "paper": "papers",
    "poll": "polls",
    "priority": "priorities",
    "room": "rooms",
    "section": "minute_sections",
    "theme": "themes",
    "whom": "members",
}
FITTING: Mapping[str, Any] = {
    "minutes": 60,
    "meetings.plan.rule": None,
    "minutes.put.rule": None,
    "meetings.plan.until": None,
    "done": None,
    "sure": "erase",
    "days": 90,
    "asked": "NOW",
    "quiet": "18-08",
    "pause": "2 weeks",
    "zone": "Europe/London",
    "time": "9:00",
    "quorum": "3",
    "day": "0",
    "answers": {"1": "1"},
    "email": "new@board.example",
    "into": "1",
    "link": "https://slack.example/archives/C1/p1",
    "links": "https://board.example/evidence",
    "max": None,
    "options": "Tue\nWed",
    "other": "2",
    "preview": None,
    "questions": None,
    "opens": None,
    "source": None,
    "start": None,
    "template": None,
    "tenant": "0a1b2c3d-0a1b-4c3d-8e9f-0a1b2c3d4e5f",
    "membership.link.sure": "yes",
    "polls.launch.anonymous": None,
    "workspaces.disallow.tenant": TENANTS["Our"],
}
"""What fields are filled with that would not take any words; by their name, or by the command's and theirs."""
MORE: Mapping[str, Mapping[str, Any]] = {"polls.answer": {"q1": "1"}}
"""What comes from fields that the form makes by itself."""


def refs_for(name: str, side: Side) -> list[str]:
    """References that a field of this name may be given: of its kind, or of every kind where its name tells none."""
    if name == "option":
        return ["1"]
    return side.refs[KINDS[name]] if name in KINDS else [refs[-1] for refs in side.refs.values() if refs]


def a_sample_of_all(side: Side) -> list[str]:
    """One reference of each kind of thing."""
    return [refs[0] for refs in side.refs.values() if refs]


async def offered(
    trial: Trial, command: Command[Any], side: Side, who: str = "c", about: Mapping[str, Any] | None = None
) -> Mapping[str, Any]:
    """What the form gives this person to choose from, for these things or the first for which there is something."""
    if command.choices is None:
        return {}
    names = [name for name, param in params_of(command.params).items() if param.kind == "ref" and name in KINDS]
    things: Any = ({name: ref} for name in names[:1] for ref in side.refs[KINDS[name]]) if names else ({},)
    if about is not None:
        things = (about,)

    async def work(session: Any) -> Mapping[str, Any]:
        actor, place = Actor("slack", TEAM, ""), Place("slack", TEAM, "")
        context = Context(session, trial.clock.now(), actor, place, "form", side.people[who])
        found: Mapping[str, Any] = {}
        for given in things:
            try:
                found = await command.choices(context, given) if command.choices else {}
            except Refused:
                continue
            if found and all(found.values()):
                break
        return found

    found: Mapping[str, Any] = await trial.rehearsal.read(work)
    return found


async def filled(trial: Trial, command: Command[Any], side: Side, *, everything: bool) -> dict[str, Any]:
    """Values for all fields of a command but its references, fit for this board's own people."""
    given: dict[str, Any] = {}
    for name, param in params_of(command.params).items():
        if param.kind != "ref" and (param.required or everything):
            given[name] = value_for(trial, command.name, name, param)
    given |= chosen(command, given.keys(), await offered(trial, command, side))
    return {name: value for name, value in given.items() if value is not None} | dict(MORE.get(command.name, {}))


def chosen(command: Command[Any], names: Collection[str], offers: Mapping[str, Any]) -> dict[str, Any]:
    """For each of these fields, one of the options that the form offers."""
    found: dict[str, Any] = {}
    for name, options in offers.items():
        if name in names and options:
            value = options[-1 if name == "member" else 0].value  # the first member is a chair
            found[name] = [value] if params_of(command.params)[name].kind == "choices" else value
    return found


async def for_this(trial: Trial, command: Command[Any], who: str, args: Mapping[str, Any]) -> dict[str, Any]:
    """The same with choices as this member is offered them for these very things."""
    if command.choices is None or who not in trial.ours.people:
        return dict(args)
    needed = {name for name, param in params_of(command.params).items() if param.required}
    return {**args, **chosen(command, needed | args.keys(), await offered(trial, command, trial.ours, who, args))}


def value_for(trial: Trial, command: str, name: str, param: Param) -> Any:
    """Something that a field of this kind takes."""
    if f"{command}.{name}" == "membership.link.code":
        return trial.link_code
    for fits in (f"{command}.{name}", name):
        if fits in FITTING:
            return trial.clock.now().isoformat() if name == "asked" else FITTING[fits]
    if param.choices:
        return [param.choices[0].value] if param.kind == "choices" else param.choices[0].value
    later = trial.clock.now() + datetime.timedelta(days=2)
    values: dict[str, Any] = {
        "line": "Some words",
        "text": "Some words",
        "date": f"{later:%Y-%m-%d}",
        "moment": later.isoformat(),
    }
    values |= {"number": 1, "toggle": "yes"}
    return values.get(param.kind)


def tries(command: Command[Any], given: Mapping[str, Any], refs: Callable[[str], list[str]]) -> list[dict[str, Any]]:
    """The arguments with each combination of references."""
    fields = [name for name, param in params_of(command.params).items() if param.kind == "ref"]
    if not fields:
        return [dict(given)]
    choices = [refs(name) for name in fields]
    return [{**given, **dict(zip(fields, each, strict=True))} for each in itertools.product(*choices)]


POSITIONS = ("consent", "agree")


def variants(command: Command[Any], given: dict[str, Any]) -> list[dict[str, Any]]:
    """The same in other words, where one word does not fit every rule."""
    if command.name in ("agreements.cast", "agreements.answer"):
        return [{**given, "position": position} for position in POSITIONS]
    return [given]
