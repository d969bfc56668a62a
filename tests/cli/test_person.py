"""One person's data handed out or forgotten by the operator, and a register held against a seal from the rooms."""

import contextlib
import json
import sqlite3

import pytest

from tests.cli.shell import Shell
from tests.exchange.files import changed

NAME, ACCOUNT = "Paul Port", "U0PAUL"


@pytest.fixture
def board(shell: Shell) -> Shell:
    shell.good("import", shell.write("board.toml", changed("2026-12-04", "2099-12-04")), "--open")
    return shell


def test_a_person_is_handed_out_and_forgotten(board: Shell) -> None:
    known = json.loads(board.good("person", "export", NAME))
    assert NAME in json.dumps(known) and ACCOUNT in json.dumps(known)
    assert board.good("person", "export", NAME, "-o", "paul.json") == ""
    assert json.loads((board.folder / "paul.json").read_bytes()) == known
    by_email = json.loads(board.good("person", "export", "ADA@harbour.example.org", "--partnership", "Harbour Board"))
    assert "Ada Chair" in json.dumps(by_email) and NAME not in json.dumps(by_email)
    assert "knows nobody called" in board.refused("person", "export", "Nobody At All")

    # The last chair stays; what is not confirmed is not done.
    assert "only chair" in board.refused("person", "erase", "Ada Chair", "--yes")
    assert board.run("person", "erase", NAME).returncode == 1
    assert NAME in board.good("export")

    assert board.good("person", "erase", NAME, "--yes").startswith("Erased. What stays is by a former member of Port")
    assert NAME not in board.good("export") and "A former member of Port Police" in board.good("export")
    assert "knows nobody called" in board.refused("person", "erase", NAME, "--yes")
    assert board.good("verify").endswith(", whole\n")
    for file in board.folder.glob("var/*"):
        assert NAME.encode() not in file.read_bytes() and ACCOUNT.encode() not in file.read_bytes(), file


def test_a_seal_from_the_rooms_shows_what_was_cut_off(board: Shell) -> None:
    *_, last = json.loads(board.good("export"))["changes"]
    head, whole = last["seal"], "Harbour Board: 2 entries, whole\n"
    assert board.good("verify", "--seal", head) == whole
    assert board.good("verify", "--seal", f" {head[:12].upper()} ", "--seal", head) == whole  # as it stands on the card
    assert "cut off" in board.refused("verify", "--seal", head, "--seal", "0123456789ab")
    for nothing in ("", " ", head[:3], "not a seal at all"):
        assert "seal" in board.refused("verify", "--seal", nothing)


def test_a_register_that_was_cut_off_fails_only_by_its_seal(bare: Shell) -> None:
    bare.good("import", bare.write("board.toml", changed("2026-12-04", "2099-12-04")), "--open")
    *_, last = json.loads(bare.good("export"))["changes"]
    with contextlib.closing(sqlite3.connect(bare.folder / "var" / "folkmoot.db")) as connection, connection:
        connection.execute("DELETE FROM register WHERE seal = ?", (last["seal"],))
    assert bare.good("verify") == "Harbour Board: 1 entries, whole\n"
    assert "has been cut off" in bare.refused("verify", "--seal", last["seal"][:12])
