"""The cards of actions: one, as it stands in every room, and lists."""

import datetime
from collections.abc import Callable
from typing import Any

from core.actions.models import ALIVE, Action
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
from core.actions.queries import Names, Shown
from core.cards import Block, Bold, Button, Buttons, Card, Facts, Line, Listing, Menu, Params, Prose, Text
from core.lists import Page, turning
from core.times import say_date
from core.trails import ShowHistory, ShowTrace, link_line

MARKS = {"open": "○", "in progress": "◐", "blocked": "⛔", "done": "✅", "dropped": "✖"}
RHYTHMS = {
    "weekly": "every week",
    "fortnightly": "every two weeks",
    "monthly": "every month",
    "quarterly": "every three months",
}


def name_of(action: Action) -> str:
    """What people call it: its number and title."""
    return f"Action {action.number}: {action.title}"


def say_state(action: Action, today: datetime.date) -> str:
    """How it stands, in a few words."""
    if action.state in ALIVE and action.owner_id is None:
        return "needs an owner"
    if action.state == "open" and action.accepted_at is None:
        return "asked, not accepted yet"
    late = f", {say_late(action, today)}" if action.is_late(today) else ""
    return f"{action.state}{late}"


def say_late(action: Action, today: datetime.date) -> str:
    """How long its date has passed."""
    days = (today - action.due_on).days
    return f"{days} {'day' if days == 1 else 'days'} over its date"


def action_card(shown: Shown, today: datetime.date, say: str = "") -> Card:
    """One action: who promised what by when, how it goes, and what came of it."""
    action = shown.action
    blocks: list[Block] = [Text((say,), "attention")] if say else []
    blocks += _standing(shown, today)
    blocks.append(Facts(tuple(_facts(shown))))
    if action.detail:
        blocks.append(Prose(action.detail, more=ShowAction(action.ref)))
    if action.note and action.state in ALIVE:
        when = f" ({say_date(action.noted_at.date())})" if action.noted_at else ""
        blocks.append(Text((Bold(f"Last word{when}: "), action.note)))
    waits = [each for each in shown.needs if each.state in ALIVE]
    if waits and action.state in ALIVE:
        lines: tuple[Line, ...] = tuple((f"{MARKS[each.state]} ", name_of(each)) for each in waits)
        blocks.append(Listing(lines, title="Has to wait for", bullets=False, more=ShowTrace(action.ref)))
    blocks += _controls(action)
    return Card(title=name_of(action), blocks=tuple(blocks), summary=_summary(shown, today))


def _standing(shown: Shown, today: datetime.date) -> list[Block]:
    action = shown.action
    match action.state:
        case "done":
            return [Text((Bold("Done. "), action.outcome), "good")]
        case "dropped":
            return [Text((Bold("Dropped."),), "subtle")]
        case "blocked":
            whom = shown.names.organisations.get(action.blocked_by_id or 0, "")
            on = f"Blocked, waiting for {whom}. " if whom else "Blocked. "
            return [Text((Bold(on), action.blocked_why), "bad")]
    if action.owner_id is None:
        return [Text((Bold("Needs an owner."), " Whoever accepts it has it."), "attention")]
    if action.is_late(today):
        return [Text((Bold(f"{say_state(action, today).capitalize()}."),), "attention")]
    if action.accepted_at is None:
        return [Text((f"{shown.owner} was asked and has not accepted yet.",), "attention")]
    return [Text((f"{MARKS[action.state]} {action.state.capitalize()}.",))]


def _facts(shown: Shown) -> list[tuple[str, Line]]:
    action, names = shown.action, shown.names
    facts: list[tuple[str, Line]] = []
    if shown.owner:
        facts.append(("Owner", (Bold(shown.owner),)))
    else:
        facts.append(("For", (names.organisations.get(action.organisation_id, ""),)))
    if action.offered_to_id:
        facts.append(("Asked to take over", (names.member(action.offered_to_id),)))
    moved = f", first promised for {say_date(action.promised_on)}" if action.promised_on != action.due_on else ""
    facts.append(("Due", (Bold(say_date(action.due_on)), moved)))
    if action.closed_on:
        facts.append(("Closed", (say_date(action.closed_on),)))
    if theme := names.themes.get(action.theme_id or 0):
        facts.append(("Theme", (theme,)))
    if action.level == "local" or action.place:
        facts.append(("Place", (action.place or "local",)))
    if action.repeats:
        facts.append(("Comes", (RHYTHMS[action.repeats],)))
    if action.link:
        facts.append(("From", link_line(action.link)))
    return facts


def _controls(action: Action) -> list[Block]:
    ref = action.ref
    ways = [
        Button("Where it comes from", ShowTrace(ref)),
        Button("History", ShowHistory(ref)),
    ]
    if action.state not in ALIVE:
        return [Buttons((Button("Reopen", ReopenAction(ref), asks=True), *ways))]
    if action.owner_id is None:
        first = [Button("I take it", AcceptAction(ref), style="primary")]
        over = Button("Ask somebody", HandOver(ref), asks=True)
        return [Buttons((*first, over)), Menu("More", (*_rarer(ref), *ways))]
    first, menu = _main(action), list(_rarer(ref))
    return [Buttons(tuple(first)), Menu("More", (*menu, *ways))]


def _main(action: Action) -> list[Button]:
    ref = action.ref
    done = Button("Done", FinishAction(ref), style="primary", asks=True)
    progress = Button("How it goes", ReportAction(ref), asks=True)
    over = Button("Hand over", HandOver(ref), asks=True)
    if action.offered_to_id or action.accepted_at is None:
        return [
            Button("Accept", AcceptAction(ref), style="primary"),
            Button("Decline", DeclineAction(ref), asks=True),
            *([done] if action.accepted_at else [over]),
        ]
    if action.state == "blocked":
        return [Button("It can go on", UnblockAction(ref), style="primary"), done, progress, over]
    blocked = Button("Blocked", BlockAction(ref), asks=True)
    begin = [Button("Begin", StartAction(ref))] if action.state == "open" else []
    return [done, *begin, progress, blocked, over]


def _rarer(ref: str) -> tuple[Button, ...]:
    return (
        Button("Move the date", MoveAction(ref), asks=True),
        Button("It waits for another action", AwaitAction(ref), asks=True),
        Button("I can't do it", DeclineAction(ref), asks=True),
        Button("Add a further action", AddAction(source=ref), asks=True),
        Button("Drop it", DropAction(ref), asks=True),
    )


def _summary(shown: Shown, today: datetime.date) -> str:
    action = shown.action
    if action.state == "done":
        return f"{name_of(action)}. Done: {action.outcome}".rstrip(".") + "."
    owner = shown.owner or "nobody yet"
    return f"{name_of(action)}. {owner}, by {say_date(action.due_on)}; {say_state(action, today)}."


def line_of(action: Action, names: Names, today: datetime.date) -> Line:
    """An action in one line of a list."""
    owner = names.member(action.owner_id) or names.organisations.get(action.organisation_id, "")
    return (
        f"{MARKS[action.state]} ",
        Bold(f"{action.number}. {action.title}"),
        f" — {owner}, by {say_date(action.due_on)}; {say_state(action, today)}",
    )


def list_card(
    page: Page[Any],
    names: Names,
    title: str,
    to: Callable[[str], Params],
    today: datetime.date,
    *,
    sought: bool = False,
) -> Card:
    """One page of a list of actions, with the way to each. sought: by words or a number, so others may be there."""
    new = Button("Add an action", AddAction(), style="primary", asks=True)
    if not page.rows:
        words = "There are none. That is a good thing for a list of what is overdue, and a start for any other."
        if sought:
            words = "No action fits that. Type actions alone, or with mine, ours, overdue or done."
        return Card(title=title, blocks=(Text((words,)), Buttons((new, *_views()))), summary=f"{title}: none.")
    blocks: list[Block] = [
        Listing(tuple(line_of(each, names, today) for each in page.rows), bullets=False),
        Menu("Open an action", tuple(Button(name_of(each), ShowAction(each.ref)) for each in page.rows)),
        *turning(page, to),
        Buttons((new, *_views())),
    ]
    late = sum(each.is_late(today) for each in page.rows)
    word = "action" if page.total == 1 else "actions"
    over = f", {late} on this page over their date" if late else ""
    return Card(title=title, blocks=tuple(blocks), summary=f"{title}: {page.total} {word}{over}.")


def _views() -> tuple[Button, ...]:
    return (
        Button("Mine", ListActions("mine")),
        Button("My organisation's", ListActions("ours")),
        Button("Overdue", ListActions("overdue")),
    )
