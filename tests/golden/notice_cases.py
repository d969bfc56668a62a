"""What the coordinator is told when something cannot be reached."""

from core.partners.notices import RoomLost, ShutOut, Unreached, room_lost_card, shut_out_card, unreached_card
from tests.golden.case import Case

CASES = (
    Case(
        "notice-room-lost",
        RoomLost.command,
        lambda: room_lost_card("barnet-partnership", "slack", "chat.postMessage: is_archived"),
    ),
    Case("notice-room-lost-teams", RoomLost.command, lambda: room_lost_card("Partnership Board", "teams", "")),
    Case(
        "notice-unreached", Unreached.command, lambda: unreached_card("Peter Police", "Teams answered 403 ForbiddenOp")
    ),
    Case("notice-shut-out", ShutOut.command, lambda: shut_out_card("slack", "chat.postMessage: token_revoked")),
)
