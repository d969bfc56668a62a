"""The operator's hand on the outbox, by the command line and against a database."""

import pytest

from tests.cli.shell import Shell

BOARD = """
[partnership]
name = "One Board"
convener = "Council"
[[organisations]]
name = "Council"
voting = true
[[members]]
name = "Ada"
email = "ada@example.org"
organisation = "Council"
role = "representative"
[[rooms]]
name = "Slack room"
slack = "T0AAA:C0AAA"
[[rooms]]
name = "Teams room"
teams = { tenant = "t1", conversation = "19:x@thread.tacv2", service_url = "https://smba.trafficmanager.net/uk/", bot = "28:b" }
[[agreements]]
title = "Share one venue"
text = "We share it."
rule = "consent"
closes = "2099-12-04T17:00"
"""  # noqa: E501


@pytest.fixture
def keys(shell: Shell) -> list[str]:
    """An agreement has been opened: two messages wait, one for each room; their keys."""
    shell.good("import", shell.write("board.toml", BOARD), "--open")
    lines = shell.good("outbox", "list").splitlines()
    assert lines[0] == "waiting 2, claimed 0, parked 0, dead 0, sent 0, moot 0"
    found = [line.split()[4] for line in lines[1:]]
    assert len(found) == 2
    return found


def test_a_message_is_parked_and_replayed(shell: Shell, keys: list[str]) -> None:
    one, other = keys
    assert shell.good("outbox", "park", one) == f"Parked: {one}\n"
    assert "only what is waiting can be parked" in shell.refused("outbox", "park", one)
    listed = shell.good("outbox", "list", "--state", "parked").splitlines()
    assert listed[0].startswith("waiting 1, claimed 0, parked 1,")
    assert len(listed) == 2
    assert one in listed[1]
    assert "parked by the operator" in listed[1]

    assert shell.good("outbox", "replay", one) == "To be sent again: 1.\n"
    assert "only what is parked or dead" in shell.refused("outbox", "replay", other)
    for key in keys:
        shell.good("outbox", "park", key)
    assert shell.good("outbox", "replay", "--all-parked") == "To be sent again: 2.\n"
    assert shell.good("outbox", "replay", "--all-parked") == "To be sent again: 0.\n"
    assert len(shell.good("outbox", "list", "--limit", "1").splitlines()) == 2


def test_a_workspace_is_paused_and_resumed(shell: Shell, keys: list[str]) -> None:
    shell.good("outbox", "pause", "slack:T0AAA")
    assert "slack:T0AAA by the operator" in shell.good("outbox", "list")
    shell.good("outbox", "pause", "slack:T0AAA", "--off")
    assert "paused" not in shell.good("outbox", "list")
    assert "is no workspace" in shell.refused("outbox", "pause", "irc:freenode")


def test_what_is_wrong_is_refused_with_a_sentence(shell: Shell, keys: list[str]) -> None:
    assert "There is no message “nothing”" in shell.refused("outbox", "park", "nothing")
    assert "There is no message “nothing”" in shell.refused("outbox", "replay", "nothing")
    assert "is no state of a message" in shell.refused("outbox", "list", "--state", "lost")
    shell.misused("outbox", "replay")
    shell.misused("outbox", "replay", keys[0], "--all-parked")
