"""The manifest stays within slackapi/manifest-schema's version 2, whatever commands there are."""

import pathlib
import struct

from adapters import slack
from adapters.slack.manifest import manifest
from core.requests import Offer
from tests.adapters.slack.fakes import OFFERS

MANY = tuple(
    Offer(f"f.c{at}", f"word{at}", "T" * 90, "H" * 900, f"word{at} " + "x" * 900, True, "text") for at in range(80)
)


def test_every_command_is_offered() -> None:
    made = manifest(OFFERS, "https://moot.example/")
    commands = {each["command"]: each for each in made["features"]["slash_commands"]}
    assert list(commands) == ["/board", "/agree", "/raise"]
    assert commands["/raise"]["usage_hint"] == "Bus shelters" and commands["/raise"]["should_escape"] is True
    assert {each["url"] for each in commands.values()} == {"https://moot.example/slack/events"}
    assert [(each["type"], each["callback_id"]) for each in made["features"]["shortcuts"]] == [
        ("global", "agreements.propose"),
        ("message", "agreements.propose:message"),
    ]
    assert made["settings"]["interactivity"]["request_url"] == "https://moot.example/slack/events"
    assert made["settings"]["socket_mode_enabled"] is False
    assert made["oauth_config"]["redirect_urls"] == ["https://moot.example/slack/oauth_redirect"]
    assert made["settings"]["org_deploy_enabled"] is True
    assert {"app_uninstalled", "tokens_revoked", "channel_rename"} <= set(
        made["settings"]["event_subscriptions"]["bot_events"]
    )


def test_a_word_that_slack_keeps_for_itself_is_typed_behind_board_alone() -> None:
    made = manifest((Offer("partners.join", "join", "Join", "Join a board."), *OFFERS), "https://moot.example")
    commands = {each["command"]: each for each in made["features"]["slash_commands"]}
    assert "/join" not in commands and "/agree" in commands
    assert "join" in commands["/board"]["usage_hint"]


def test_without_an_address_it_is_socket_mode() -> None:
    made = manifest(OFFERS, "")
    assert made["settings"]["socket_mode_enabled"] is True
    assert "url" not in made["features"]["slash_commands"][0]
    assert "request_url" not in made["settings"]["event_subscriptions"]
    assert "shortcuts" not in manifest((), "")["features"]


def test_it_stays_within_the_limits() -> None:
    for offers in ((), OFFERS, MANY):
        made = manifest(offers, "https://moot.example")
        shown = made["display_information"]
        assert len(shown["description"]) <= 140 and 175 <= len(shown["long_description"]) <= 4000
        assert 1 <= len(made["features"]["slash_commands"]) <= 50
        for command in made["features"]["slash_commands"]:
            assert command["command"].startswith("/") and len(command["command"]) <= 32
            assert 1 <= len(command["description"]) <= 2000 and 1 <= len(command.get("usage_hint", "x")) <= 1000
        shortcuts = made["features"].get("shortcuts", [{"name": "x", "description": "x", "callback_id": "x"}])
        assert 1 <= len(shortcuts) <= 10
        assert len({each["callback_id"] for each in shortcuts}) == len(shortcuts)
        for shortcut in shortcuts:
            assert 1 <= len(shortcut["name"]) <= 24 and 1 <= len(shortcut["description"]) <= 150


def test_the_icon_is_a_square_png_of_512() -> None:
    icon = (pathlib.Path(slack.__file__).parent / "icon.png").read_bytes()
    assert icon[:8] == b"\x89PNG\r\n\x1a\n" and struct.unpack(">II", icon[16:24]) == (512, 512)
