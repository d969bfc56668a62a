"""Microsoft Teams: what comes in becomes a Request, what goes back becomes an Adaptive Card."""

from adapters.teams.app import TeamsAdapter
from adapters.teams.settings import TeamsSettings

__all__ = ["TeamsAdapter", "TeamsSettings"]
