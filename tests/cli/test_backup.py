"""Backup and restore: nothing overwritten by accident, nothing sent twice by it."""

import contextlib
import fcntl
import json
import sqlite3
import stat

from tests.cli.shell import Shell
from tests.exchange.files import changed


def filled(shell: Shell) -> None:
    shell.good("import", shell.write("board.toml", changed("2026-12-04", "2099-12-04")), "--open")


def test_there_and_back(shell: Shell) -> None:
    filled(shell)
    before = json.loads(shell.good("export"))
    assert "is backed up in safe" in shell.good("backup", "safe")
    assert stat.S_IMODE((shell.folder / "safe").stat().st_mode) == 0o600
    shell.good("import", shell.write("more.toml", '[partnership]\nname = "Later Board"\n'))
    assert "--force" in shell.refused("restore", "safe")
    assert "messages parked: 2." in shell.good("restore", "safe", "--force")
    assert json.loads(shell.good("export")) == before
    assert shell.good("outbox", "list").startswith("waiting 0, claimed 0, parked 2, ")
    assert shell.good("outbox", "list").count(" restored\n") == 2
    assert shell.good("verify") == "Harbour Board: 2 entries, whole\n"
    assert [each.name for each in shell.folder.iterdir() if each.name.startswith(".folkmoot")] == []


def test_a_backup_overwrites_nothing(shell: Shell) -> None:
    filled(shell)
    name = shell.write("mine", "precious")
    assert "exists already" in shell.refused("backup", name)
    assert (shell.folder / name).read_text("utf-8") == "precious"
    assert "There is no folder" in shell.refused("backup", "nowhere/safe")


def test_what_is_no_backup_is_refused(shell: Shell) -> None:
    filled(shell)
    before = shell.good("export")
    assert shell.refused("restore", "nothing", "--force") == "There is no file nothing."
    assert "is no backup" in shell.refused("restore", shell.write("words", "SQLite? PGDMP?"), "--force")
    assert shell.good("export") == before


def test_another_database_is_no_backup(bare: Shell) -> None:
    with contextlib.closing(sqlite3.connect(bare.folder / "other.db")) as connection:
        connection.execute("CREATE TABLE shopping (what TEXT)")
    assert "is no backup of Folkmoot" in bare.refused("restore", "other.db")
    whole = (bare.folder / "other.db").read_bytes()
    (bare.folder / "half.db").write_bytes(whole[: len(whole) // 3])
    bare.refused("restore", "half.db")
    assert not (bare.folder / "var" / "folkmoot.db").exists()


def test_not_while_it_is_served_or_in_use(bare: Shell) -> None:
    filled(bare)
    bare.good("backup", "safe")
    with (bare.folder / "var" / "folkmoot.db.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        assert "already serves" in bare.refused("restore", "safe", "--force")
    with contextlib.closing(sqlite3.connect(bare.folder / "var" / "folkmoot.db")) as connection:
        connection.execute("BEGIN")
        connection.execute("SELECT * FROM partnerships").fetchall()
        assert "is in use" in bare.refused("restore", "safe", "--force")
    bare.good("restore", "safe", "--force")


def test_onto_a_machine_that_has_nothing(bare: Shell) -> None:
    filled(bare)
    bare.good("backup", "safe")
    for each in (bare.folder / "var").glob("folkmoot.db*"):
        each.unlink()
    assert "messages parked: 2." in bare.good("restore", "safe")
    assert json.loads(bare.good("export"))["partnership"]["code"] == "HB"


def test_nothing_to_back_up(bare: Shell) -> None:
    assert "nothing to back up" in bare.refused("backup", "safe")
    assert not (bare.folder / "safe").exists()
