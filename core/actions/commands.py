"""What people can ask of actions, and who may; the handlers stand in the modules named here."""

from typing import Any

from core.actions import asking, handling
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
from core.commands import EVERYONE, VOICES, Command, Role, View
from core.forms import from_message

PARTNERS = VOICES | {Role.COORDINATOR}

VIEWS: tuple[View[Any], ...] = (View(params=ShowAction, draw=asking.draw_action),)

COMMANDS: tuple[Command[Any], ...] = (
    Command(
        params=AddAction,
        handle=asking.add_action,
        word="action",
        numbers="actions",
        title="Add an action",
        help="Promise something by a date, or ask somebody to; they accept first.",
        example="action Map youth offers @Nadia by 30 Nov #smart-cities",
        submit="Add",
        roles=PARTNERS,
        opens_form=True,
        shortcut=True,
        choices=asking.add_choices,
        prefill=from_message,
    ),
    Command(
        params=ListActions,
        handle=asking.show_list,
        word="actions",
        title="Actions",
        help="See actions: mine, ours, overdue, blocked or done; by theme, owner or words.",
        example="actions overdue #arts-and-culture",
        reads=True,
        choices=asking.add_choices,
        roles=EVERYONE,
    ),
    Command(params=ShowAction, handle=asking.show, title="Action", help="See an action.", reads=True, roles=EVERYONE),
    Command(params=AcceptAction, handle=handling.accept, title="Accept", help="Take on an action.", roles=PARTNERS),
    Command(
        params=DeclineAction,
        handle=handling.decline,
        title="Decline",
        help="Say that you can't do it, and why.",
        submit="Decline",
        roles=PARTNERS,
    ),
    Command(
        params=HandOver,
        handle=handling.hand_over,
        title="Hand over",
        help="Ask somebody to take an action over.",
        submit="Ask",
        roles=PARTNERS,
        choices=handling.member_choices,
    ),
    Command(params=StartAction, handle=handling.start, title="Begin", help="Begin an action.", roles=PARTNERS),
    Command(params=ReportAction, handle=handling.report, title="How it goes", help="Say how it goes.", roles=PARTNERS),
    Command(
        params=BlockAction,
        handle=handling.block,
        title="Blocked",
        help="Say what an action waits for, and on whom.",
        roles=PARTNERS,
        choices=handling.organisation_choices,
    ),
    Command(params=UnblockAction, handle=handling.unblock, title="It can go on", help="Go on.", roles=PARTNERS),
    Command(
        params=FinishAction,
        handle=handling.finish,
        title="Done",
        help="Say that it is done, and what came of it.",
        submit="Done",
        roles=PARTNERS,
    ),
    Command(
        params=DropAction,
        handle=handling.drop,
        title="Drop the action",
        help="Give an action up, with the reason.",
        submit="Drop",
        roles=PARTNERS,
    ),
    Command(
        params=ReopenAction,
        handle=handling.reopen,
        title="Reopen the action",
        help="Take up again what was done or dropped.",
        submit="Reopen",
        roles=PARTNERS,
    ),
    Command(
        params=MoveAction,
        handle=handling.move,
        title="Move the date",
        help="Promise another date, and say why.",
        submit="Move",
        roles=PARTNERS,
    ),
    Command(
        params=AwaitAction,
        handle=handling.wait_for,
        title="It waits",
        help="Say which other action has to be done first.",
        roles=PARTNERS,
    ),
)
