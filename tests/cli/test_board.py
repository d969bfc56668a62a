"""A board by the command line: in, out, invited, proved; on both databases."""

import csv
import io
import json
import re
import zipfile

from sqlalchemy import create_engine, text

from tests.cli.shell import Shell
from tests.exchange.files import changed


def straight(shell: Shell, statement: str) -> None:
    """Change the database behind Folkmoot's back."""
    engine = create_engine(shell.settings["DATABASE_URL"].replace("+aiosqlite", ""))
    with engine.begin() as connection:
        connection.execute(text(statement))
    engine.dispose()


def test_in_and_out_again(shell: Shell) -> None:
    name = shell.write("board.toml", changed("2026-12-04", "2099-12-04"))
    assert shell.good("import", name).startswith("Harbour Board (HB): added 1 partnership, 4 organisations")
    assert shell.good("import", name) == "Harbour Board (HB): nothing to change.\n"
    assert shell.good("import", name, "--open") == "Harbour Board (HB): opened 1 agreement.\n"
    made = json.loads(shell.good("export"))
    assert made["agreements"][0]["state"] == "open"
    for way in ("HB", "hb", "harbour board", made["partnership"]["id"]):
        assert json.loads(shell.good("export", way)) == made
    assert shell.good("export", "--format", "json", "-o", "out.json") == ""
    assert json.loads((shell.folder / "out.json").read_text("utf-8")) == made
    assert shell.good("export", "--format", "csv", "-o", "sheets") == ""
    members = (shell.folder / "sheets" / "members.csv").read_text("utf-8-sig")
    assert [row["role"] for row in csv.DictReader(io.StringIO(members))][:2] == ["chair", "coordinator"]
    assert shell.good("export", "--format", "csv", "-o", "sheets.zip") == ""
    with zipfile.ZipFile(shell.folder / "sheets.zip") as archive:
        assert archive.read("members.csv").decode("utf-8-sig").replace("\r\n", "\n") == members
    for kind, part in (("xlsx", "xl/workbook.xml"), ("docx", "word/document.xml")):
        assert shell.good("export", "--format", kind, "-o", f"out.{kind}") == ""
        with zipfile.ZipFile(shell.folder / f"out.{kind}") as archive:
            assert archive.testzip() is None and part in archive.namelist()
    assert shell.good("verify") == "Harbour Board: 2 entries, whole\n"


def test_a_mistake_imports_nothing(shell: Shell) -> None:
    late = shell.write("late.toml", changed("2026-12-04", "2020-12-04"))
    assert re.match(r"Line \d+: The closing time has already passed", shell.refused("import", late))
    wrong = shell.write("wrong.toml", changed('role = "observer"', 'role = "king"'))
    line = (shell.folder / wrong).read_text("utf-8").split("\n").index('role = "king"') + 1
    assert shell.refused("import", wrong).startswith(f"Line {line}: “king” is no role; choose chair,")
    assert shell.refused("export").startswith("There is no board here yet")


def test_several_boards(shell: Shell) -> None:
    first = shell.write("first.toml", '[partnership]\nname = "One Board"\n')
    second = shell.write("second.toml", '[partnership]\nname = "Other Board"\n')
    shell.good("import", first)
    shell.good("import", second)
    assert "say which one: One Board (OB) or Other Board (OB2)." in shell.refused("export")
    assert json.loads(shell.good("export", "OB2"))["partnership"]["name"] == "Other Board"
    assert shell.refused("export", "OB3").startswith("“OB3” is no board here")
    assert "no coordinator and no chair" in shell.refused("invite", "--partnership", "OB")


def test_invitations(shell: Shell) -> None:
    shell.good("import", shell.write("board.toml", changed("2026-12-04", "2099-12-04")))
    said = shell.good("invite")  # the chair has an account already, the coordinator none
    code = re.search(r"with the code ([0-9A-Z]{5}-[0-9A-Z]{5})\n", said)
    assert code and said.startswith("Cy Coordinator of Harbour Council, coordinator on the Harbour Board")
    assert f"/board join {code[1]}" in said and f"@Folkmoot join {code[1]}" in said
    assert shell.good("invite", "ADA@harbour.example.org", "--partnership", "HB").startswith("Ada Chair")
    assert shell.good("invite", "paul port").startswith("Paul Port of Port Police, representative")
    assert "is no member of the Harbour Board" in shell.refused("invite", "Nobody")
    assert code[1] not in shell.good("export")


def test_a_touched_register_is_found(shell: Shell) -> None:
    shell.good("import", shell.write("board.toml", changed("2026-12-04", "2099-12-04")), "--open")
    straight(shell, "UPDATE register SET title = 'Sink the fleet' WHERE position = 2")
    done = shell.run("verify")
    assert done.returncode == 1
    assert "Harbour Board: 2 entries, 1 flaws" in done.stdout and "entry 2 has been altered" in done.stdout
    assert done.stderr.startswith("The register of Harbour Board has been altered")


def test_another_secret_key_is_noticed(shell: Shell) -> None:
    shell.good("import", shell.write("board.toml", '[partnership]\nname = "One Board"\n'))
    assert "altered, or was sealed with another secret key" in shell.refused("verify", FOLKMOOT_SECRET_KEY="another")
    rotated = f"another,{shell.settings['FOLKMOOT_SECRET_KEY']}"
    assert shell.good("verify", FOLKMOOT_SECRET_KEY=rotated) == "One Board: 1 entries, whole\n"


def test_the_outbox(shell: Shell) -> None:
    shell.good("import", shell.write("board.toml", changed("2026-12-04", "2099-12-04")), "--open")
    head, first, second = shell.good("outbox", "list").splitlines()
    assert head == "waiting 2, claimed 0, parked 0, dead 0, sent 0, moot 0"
    keys = [re.search(r"attempts 0 (\S+)$", line) for line in (first, second)]
    assert keys[0] and keys[1]
    shell.good("outbox", "park", keys[0][1])
    parked = shell.good("outbox", "list", "--state", "parked").splitlines()[1:]
    assert len(parked) == 1 and parked[0].endswith(f"{keys[0][1]} parked by the operator")
    assert "is parked; only what is waiting" in shell.refused("outbox", "park", keys[0][1])
    assert "is waiting; only what is parked or dead" in shell.refused("outbox", "replay", keys[1][1])
    assert shell.good("outbox", "replay", keys[0][1]) == "To be sent again: 1.\n"
    shell.good("outbox", "park", keys[0][1])
    shell.good("outbox", "park", keys[1][1])
    assert shell.good("outbox", "replay", "--all-parked") == "To be sent again: 2.\n"
    assert shell.good("outbox", "list").startswith("waiting 2, ")
    assert shell.refused("outbox", "replay", "nothing:at:all").startswith("There is no message")
    shell.misused("outbox", "replay")
    shell.misused("outbox", "replay", keys[0][1], "--all-parked")
    assert "is no state" in shell.refused("outbox", "list", "--state", "lost")
