"""Changes to actions: each checks, does, goes on record, and tells whom it concerns."""

import datetime

from dateutil.relativedelta import relativedelta

from core.actions import queries
from core.actions.making import Deed, Promise, promise
from core.actions.models import Action, ActionNeed
from core.actions.params import ShowAction
from core.commands import STEERING, Person
from core.errors import Refused
from core.outbox import announce, changed
from core.partners import queries as partners
from core.partners.models import Member

PACES = {
    "weekly": relativedelta(weeks=1),
    "fortnightly": relativedelta(weeks=2),
    "monthly": relativedelta(months=1),
    "quarterly": relativedelta(months=3),
}


def check_may(action: Action, by: Person) -> None:
    """Refuse whose promise it is not, unless they speak for the same organisation or steer the board."""
    if not queries.may_speak(action, by):
        raise Refused("Only the owner, the owner's organisation, the chair or the coordinator can change this action.")


async def accept(deed: Deed) -> None:
    """The owner says yes; or whoever was asked to take it over does, and is the owner from then on."""
    action, me = deed.action, deed.by
    action.check_alive()
    if action.offered_to_id == me.member:
        former = action.owner_id
        action.owner_id, action.organisation_id = me.member, me.organisation
        action.offered_to_id, action.accepted_at = None, deed.now
        say = f"{me.name} ({me.organisation_name}) has taken this over."
        await deed.done("action taken over", tell=[former, action.created_by_id], say=say)
        return
    if action.owner_id is None and me.role.value != "observer":
        action.owner_id, action.organisation_id = me.member, me.organisation
    elif action.owner_id != me.member:
        raise Refused("Only the person who was asked can accept this action.")
    elif action.accepted_at is not None:
        raise Refused("You have accepted this action already.")
    action.accepted_at = deed.now
    say = f"{me.name} ({me.organisation_name}) has accepted this."
    await deed.done("action accepted", tell=[action.created_by_id], say=say)


async def decline(deed: Deed, why: str) -> None:
    """Whoever was asked says no; it goes back to the owner, or to who asked for it and those who steer the board."""
    action, me = deed.action, deed.by
    action.check_alive()
    if action.offered_to_id == me.member:
        action.offered_to_id = None
        say = f"{me.name} ({me.organisation_name}) can't take this over: {why}"
        await deed.done("hand-over declined", why, tell=[action.owner_id], say=say)
        return
    if action.owner_id != me.member:
        raise Refused("Only the person who was asked can decline this action.")
    action.owner_id, action.accepted_at, action.offered_to_id = None, None, None
    action.state, action.blocked_why, action.blocked_by_id = "open", "", None
    say = f"{me.name} ({me.organisation_name}) can't do this: {why} It needs another owner."
    steering = [member.id for member in await partners.members(deed.session, me.board, *STEERING)]
    await deed.done("action declined", why, tell=[action.created_by_id, *steering], say=say)


async def hand_over(deed: Deed, to: Member, why: str) -> None:
    """Ask somebody to take it over; until they say yes it stays with its owner."""
    action, me = deed.action, deed.by
    action.check_alive()
    check_may(action, me)
    if to.role == "observer":
        raise Refused("An observer reads and takes no actions. Choose somebody else.", field="to")
    if to.id == action.owner_id:
        raise Refused(f"{to.name} has this action already. Choose somebody else.", field="to")
    say = f"{me.name} ({me.organisation_name}) asked you to take this over." + (f" {why}" if why else "")
    if action.owner_id is None:
        action.owner_id, action.organisation_id, action.accepted_at = to.id, to.organisation_id, None
        if to.id == me.member:
            action.accepted_at = deed.now
    else:
        action.offered_to_id = to.id
    await deed.done("hand-over asked", why, tell=[to.id], say=say)
    if to.id == me.member and action.offered_to_id == me.member:
        await accept(deed)


async def start(deed: Deed) -> None:
    """Work on it has begun."""
    action = deed.action
    action.check_alive()
    _check_owned(deed)
    if action.state != "open":
        raise Refused(f"This action is {action.state} already.")
    action.state = "in progress"
    await deed.done("action begun")


async def report(deed: Deed, note: str) -> None:
    """How it goes, in the owner's words."""
    action = deed.action
    action.check_alive()
    _check_owned(deed)
    action.note, action.noted_at = note, deed.now
    if action.state == "open":
        action.state = "in progress"
    await deed.done("action progress", note)


async def block(deed: Deed, why: str, by: int | None) -> None:
    """It can't go on; the organisation that it waits for is told."""
    action, me = deed.action, deed.by
    action.check_alive()
    _check_owned(deed)
    action.state, action.blocked_why, action.blocked_by_id = "blocked", why, by
    tell = [
        member
        for member, organisation, role in await partners.reachable(deed.session, me.board)
        if organisation == by and role.value in ("representative", "chair")
    ]
    say = f"{me.name} ({me.organisation_name}) waits for you with this: {why}"
    await deed.done("action blocked", why, tell=tell, say=say)


async def unblock(deed: Deed) -> None:
    """It can go on."""
    action = deed.action
    action.check_alive()
    check_may(action, deed.by)
    if action.state != "blocked":
        raise Refused("This action is not blocked.")
    action.state, action.blocked_why, action.blocked_by_id = "in progress", "", None
    await deed.done("action unblocked", tell=[action.owner_id], say=f"{deed.by.name} says that this can go on.")


async def finish(deed: Deed, outcome: str) -> Action | None:
    """It is done; what came of it stays with it. One that repeats begins anew, and that one is given back."""
    action = deed.action
    action.check_alive()
    _check_owned(deed)
    unmet = [each for each in await queries.needs_of(deed.session, action) if each.state not in ("done", "dropped")]
    if unmet:
        raise Refused(f"It waits for action {unmet[0].number}, {unmet[0].title}, which has to be done first.")
    action.state, action.outcome, action.closed_on = "done", outcome, deed.today
    action.blocked_why, action.blocked_by_id, action.offered_to_id = "", None, None
    say = f"Done by {deed.by.name} ({deed.by.organisation_name}): {outcome}"
    place = await deed.done("action done", outcome, tell=[action.created_by_id, action.owner_id], say=say)
    for each in await queries.waiting_on(deed.session, action):
        await changed(deed.session, each.ref)
        say = f"Action {action.number}, {action.title}, is done; this one need not wait for it any more."
        await announce(
            deed.session,
            action.partnership_id,
            ShowAction(each.ref, say[:1000]),
            key=f"{each.ref}:freed:{place}",
            now=deed.now,
            members=(each.owner_id,) if each.owner_id and each.owner_id != deed.by.member else (),
            subject=each.ref,
        )
    return await _once_more(deed) if action.repeats else None


async def _once_more(deed: Deed) -> Action:
    action = deed.action
    due = action.due_on
    while due <= deed.today or due == action.due_on:
        due += PACES[action.repeats]
    wanted = Promise(
        title=action.title,
        due_on=due,
        owner=None,
        organisation_id=action.organisation_id,
        detail=action.detail,
        theme_id=action.theme_id,
        level=action.level,
        place=action.place,
        repeats=action.repeats,
        source=action.ref,
    )
    following = await promise(deed.session, action.partnership_id, wanted, deed.by, deed.now)
    following.owner_id, following.accepted_at = action.owner_id, deed.now
    await Deed(deed.session, following, deed.by, deed.now).done("action repeated")
    return following


async def drop(deed: Deed, why: str) -> None:
    """Give it up, with the reason."""
    action = deed.action
    action.check_alive()
    check_may(action, deed.by)
    action.state, action.closed_on = "dropped", deed.today
    action.blocked_why, action.blocked_by_id, action.offered_to_id = "", None, None
    say = f"{deed.by.name} ({deed.by.organisation_name}) dropped this: {why}"
    await deed.done("action dropped", why, tell=[action.owner_id, action.created_by_id], say=say)


async def reopen(deed: Deed, due: datetime.date, why: str) -> None:
    """Take it up again; its owner has it as before."""
    action = deed.action
    check_may(action, deed.by)
    if action.state not in ("done", "dropped"):
        raise Refused("Only an action that is done or dropped can be reopened.")
    action.state, action.closed_on, action.outcome = "open", None, ""
    action.due_on = due
    say = f"{deed.by.name} ({deed.by.organisation_name}) reopened this: {why}"
    await deed.done("action reopened", why, tell=[action.owner_id], say=say)


async def move(deed: Deed, due: datetime.date, why: str) -> None:
    """Another date, with the reason; the first one stays on its card."""
    action = deed.action
    action.check_alive()
    check_may(action, deed.by)
    if due == action.due_on:
        raise Refused("That is the date it has already. Choose another one.", field="due")
    action.due_on = due
    say = f"{deed.by.name} ({deed.by.organisation_name}) moved the date: {why}"
    await deed.done("action moved", why, tell=[action.owner_id, action.created_by_id], say=say)


async def wait_for(deed: Deed, other: Action) -> None:
    """It has to wait for another one. Raises Refused for itself, and for two that would wait for each other."""
    action = deed.action
    action.check_alive()
    check_may(action, deed.by)
    if await queries.waits_for_itself(deed.session, action, other):
        raise Refused("Then the two would wait for each other. Choose another action.", field="other")
    if other.id in {each.id for each in await queries.needs_of(deed.session, action)}:
        raise Refused(f"It waits for action {other.number} already.", field="other")
    other.check_alive()
    deed.session.add(ActionNeed(partnership_id=action.partnership_id, action_id=action.id, needs_id=other.id))
    await deed.done("action waits", f"Waits for action {other.number}: {other.title}")


def _check_owned(deed: Deed) -> None:
    """Refuse strangers, and work on what nobody has; whoever of the owner's side begins has accepted it."""
    check_may(deed.action, deed.by)
    if deed.action.owner_id is None:
        raise Refused("Nobody has this action yet. Accept it, or hand it to somebody first.")
    if deed.action.accepted_at is None:
        deed.action.accepted_at = deed.now
