"""A local Microsoft Teams, the vendor's side of the wire: it refuses what the real one refuses."""

from bot.sandbox.teams.actions import Invalid
from bot.sandbox.teams.sandbox import TeamsSandbox
from bot.sandbox.teams.wire import NOTHING, SORRY, Delivery

__all__ = ["NOTHING", "SORRY", "Delivery", "Invalid", "TeamsSandbox"]
