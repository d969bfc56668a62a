"""What people can ask of the board as a whole."""

from typing import Any

from core.commands import Command

COMMANDS: tuple[Command[Any], ...] = ()
