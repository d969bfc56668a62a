"""What people can ask of items, and who may; the handlers stand in the modules named here."""

from typing import Any

from core.actions.commands import PARTNERS
from core.commands import EVERYONE, STEERING, VOICES, Command, View
from core.forms import from_message
from core.items import asking, handling
from core.items.params import (
    AnswerItem,
    DeclineItem,
    ListItems,
    MergeItem,
    ParkItem,
    RaiseItem,
    ReopenItem,
    ShowItem,
    ShowQueue,
    SupportItem,
    ToAction,
    ToAgenda,
    ToPipeline,
    TriageItem,
    UnsupportItem,
    WithdrawItem,
)
from core.themes.queries import theme_choices

VIEWS: tuple[View[Any], ...] = (
    View(params=ShowItem, draw=asking.draw_item),
    View(params=TriageItem, draw=asking.draw_triage),
)

COMMANDS: tuple[Command[Any], ...] = (
    Command(
        params=RaiseItem,
        handle=asking.raise_item,
        word="raise",
        numbers="items",
        title="Raise an item",
        help="Raise something with the board; you will hear what becomes of it.",
        example="raise Parking sensors need a pilot #smart-cities",
        submit="Raise",
        roles=PARTNERS,
        opens_form=True,
        shortcut=True,
        choices=theme_choices,
        prefill=from_message,
    ),
    Command(
        params=ListItems,
        handle=asking.show_list,
        word="items",
        title="Items",
        help="See what was raised: waiting, mine, agenda, parked or answered; by theme or words.",
        example="items waiting #smart-cities",
        reads=True,
        choices=theme_choices,
        roles=EVERYONE,
    ),
    Command(
        params=ShowQueue,
        handle=asking.show_queue,
        word="triage",
        title="Items that wait",
        help="Find the way on for each item that waits.",
        example="triage",
        roles=STEERING,
        reads=True,
    ),
    Command(params=ShowItem, handle=asking.show, title="Item", help="See an item.", reads=True, roles=EVERYONE),
    Command(
        params=TriageItem,
        handle=asking.show_triage,
        title="Item",
        help="See an item with every way on.",
        roles=STEERING,
        reads=True,
    ),
    Command(
        params=SupportItem, handle=handling.support, title="We have this too", help="Support an item.", roles=VOICES
    ),
    Command(
        params=UnsupportItem, handle=handling.unsupport, title="Not after all", help="Take support back.", roles=VOICES
    ),
    Command(
        params=WithdrawItem,
        handle=handling.withdraw,
        title="Take it back",
        help="Take back what you raised.",
        submit="Take back",
        roles=PARTNERS,
    ),
    Command(
        params=ToPipeline,
        handle=handling.to_pipeline,
        title="Into the pipeline",
        help="Make an item a priority.",
        submit="Into the pipeline",
        roles=STEERING,
        choices=handling.pipeline_choices,
        prefill=handling.item_prefill,
    ),
    Command(
        params=ToAction,
        handle=handling.to_action,
        title="Make it an action",
        help="Make an item an action.",
        submit="Make it one",
        roles=STEERING,
        choices=handling.action_choices,
        prefill=handling.item_prefill,
    ),
    Command(
        params=ToAgenda,
        handle=handling.to_agenda,
        title="On the agenda",
        help="Keep an item for the next meeting.",
        roles=STEERING,
    ),
    Command(
        params=AnswerItem,
        handle=handling.answer,
        title="Answer",
        help="Answer an item.",
        submit="Answer",
        roles=STEERING,
    ),
    Command(
        params=ParkItem,
        handle=handling.park,
        title="Park it",
        help="Let an item rest until a day.",
        submit="Park",
        roles=STEERING,
    ),
    Command(
        params=DeclineItem,
        handle=handling.decline,
        title="Decline",
        help="Say that the board does not take it up.",
        submit="Decline",
        roles=STEERING,
    ),
    Command(
        params=MergeItem,
        handle=handling.merge,
        title="Merge",
        help="Merge an item into another one.",
        submit="Merge",
        roles=STEERING,
    ),
    Command(
        params=ReopenItem,
        handle=handling.reopen,
        title="Look at it again",
        help="Put an item back among those that wait.",
        submit="Look again",
        roles=STEERING,
    ),
)
