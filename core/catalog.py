"""Everything that Folkmoot can do and show: explicit lists, in the order in which help tells them."""

from collections.abc import Mapping
from typing import Any

from core.actions import commands as actions
from core.agreements import commands as agreements
from core.commands import Command, View, params_of, takes_parts
from core.files import File
from core.forms import usage
from core.home.commands import HOME, help_for
from core.home.joining import FOUND, JOIN
from core.items import commands as items
from core.meetings import commands as meetings
from core.membership import commands as membership
from core.membership import mentioning
from core.minutes import commands as minutes
from core.overview import commands as overview
from core.partners import commands as partners
from core.partners import notices
from core.polls import commands as polls
from core.priorities import commands as priorities
from core.privacy import commands as privacy
from core.register import commands as register
from core.reminders import commands as reminders
from core.requests import Offer
from core.themes import commands as themes
from core.workspaces import commands as workspaces
from core.workspaces import notices as workspace_notices

_FEATURES: tuple[Command[Any], ...] = (
    HOME,
    *items.COMMANDS,
    *agreements.COMMANDS,
    *polls.COMMANDS,
    *actions.COMMANDS,
    *priorities.COMMANDS,
    *meetings.COMMANDS,
    *minutes.COMMANDS,
    *overview.COMMANDS,
    *register.COMMANDS,
    *themes.COMMANDS,
    *reminders.COMMANDS,
    *workspaces.COMMANDS,
    *privacy.COMMANDS,
    JOIN,
    FOUND,
    *membership.COMMANDS,
    *partners.COMMANDS,
)

_HELP = help_for(_FEATURES, {command.word: usage(command) for command in _FEATURES if command.word})

COMMANDS: tuple[Command[Any], ...] = (HOME, _HELP, *_FEATURES[1:])  # Teams suggests the first twelve words
VIEWS: tuple[View[Any], ...] = (
    *items.VIEWS,
    *agreements.VIEWS,
    *polls.VIEWS,
    *actions.VIEWS,
    *priorities.VIEWS,
    *meetings.VIEWS,
    *minutes.VIEWS,
    *mentioning.VIEWS,
    *notices.VIEWS,
    *workspace_notices.VIEWS,
    *reminders.VIEWS,
)

FILES: tuple[File[Any], ...] = (*polls.FILES, *minutes.FILES)

BY_NAME: Mapping[str, Command[Any]] = {command.name: command for command in COMMANDS}
BY_WORD: Mapping[str, Command[Any]] = {command.word: command for command in COMMANDS if command.word}
VIEW_OF: Mapping[str, View[Any]] = {view.params.command: view for view in VIEWS}
FILE_OF: Mapping[str, File[Any]] = {file.params.command: file for file in FILES}


def _takes_text(command: Command[Any]) -> str:
    """Which parameter a message's words go to: the long text, or what is asked, where options stand beside it."""
    params = params_of(command.params)
    asks = takes_parts(params)
    wanted = (each for each in params if (params[each].free if asks else params[each].kind == "text"))
    return next(wanted, "")


def offers() -> tuple[Offer, ...]:
    """What the adapters list in their manifests and start by shortcuts."""
    return tuple(
        Offer(
            command=command.name,
            word=command.word,
            title=command.title,
            help=command.help,
            example=command.example,
            shortcut=command.shortcut,
            takes_text=_takes_text(command) if command.shortcut else "",
        )
        for command in COMMANDS
        if command.word
    )
