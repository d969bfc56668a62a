"""The local Slack: a Web API that refuses what the real one refuses, and people who type and click."""

from bot.sandbox.slack.deliver import Delivery
from bot.sandbox.slack.forms import PleaseComplete
from bot.sandbox.slack.sandbox import SlackSandbox
from bot.sandbox.slack.world import BOT_ID, BOT_USER, Call, Channel, Message, OpenView, User, UserError

__all__ = [
    "BOT_ID",
    "BOT_USER",
    "Call",
    "Channel",
    "Delivery",
    "Message",
    "OpenView",
    "PleaseComplete",
    "SlackSandbox",
    "User",
    "UserError",
]
