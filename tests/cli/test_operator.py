"""What an operator can get wrong: a sentence that says what to do, and never a traceback."""

import json
import pathlib
import re
import stat
import zipfile

import pytest

from tests.cli.shell import KEY, Shell

SECRETS = {
    "SLACK_SIGNING_SECRET": "s1gning-secret-value",
    "SLACK_BOT_TOKEN": "xoxb-token-value",
    "TEAMS_APP_PASSWORD": "teams-password-value",
    "FOLKMOOT_SECRET_KEY": "a-secret-key-value-that-is-long-enough",
}
BOARD = '[partnership]\nname = "One Board"\n'


def test_help_and_usage(bare: Shell) -> None:
    said = bare.good("--help")
    commands = " ".join(re.findall(r"^  (\w+) {2,}\w", said, re.MULTILINE))
    assert commands == "serve demo migrate import export invite doctor manifest backup restore verify outbox person"
    bare.misused()
    bare.misused("dance")
    bare.misused("import")
    bare.misused("export", "--fromat", "json")
    bare.misused("manifest", "irc")


@pytest.mark.parametrize(
    ("format_", "words"),
    [("pdf", "This version writes json, csv, xlsx, docx or ics, not pdf."), ("csv", "csv is several files")],
)
def test_formats_that_need_something_else(bare: Shell, format_: str, words: str) -> None:
    assert words in bare.misused("export", "--format", format_)


def test_files_that_are_none(bare: Shell) -> None:
    assert bare.refused("import", "nothing.toml") == "There is no file nothing.toml."
    (bare.folder / "folder").mkdir()
    assert bare.refused("import", "folder") == "folder is a folder; name a file in it."
    (bare.folder / "latin1.toml").write_bytes('[partnership]\nname = "Café"\n'.encode("latin-1"))
    assert bare.refused("import", "latin1.toml").startswith("Line 2: a letter here is not in UTF-8")
    assert bare.refused("import", bare.write("a.toml", "= 1")).startswith("Line 1: this can't be read as TOML")
    assert not (bare.folder / "var").exists()


def test_a_fresh_start_needs_nothing(bare: Shell) -> None:
    assert "There is no database at var/folkmoot.db yet" in bare.refused("export")
    assert not (bare.folder / "var").exists()
    bare.good("import", bare.write("board.toml", BOARD))
    key = bare.folder / "var" / "folkmoot.key"
    kept = key.read_text("utf-8")
    assert len(kept) >= 32 and stat.S_IMODE(key.stat().st_mode) == 0o600
    assert bare.good("verify") == "One Board: 1 entries, whole\n"
    assert key.read_text("utf-8") == kept


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("PORT", "many", "PORT is not right"),
        ("LOG_LEVEL", "LOUD", "LOG_LEVEL is one of DEBUG"),
        ("TEAMS_APP_TYPE", "MultiTenant", "TEAMS_APP_TYPE is not right"),
        ("DATABASE_URL", "mysql://x/y", "DATABASE_URL is not one that Folkmoot can use"),
        ("DATABASE_URL", "nonsense", "DATABASE_URL is not one that Folkmoot can use"),
        ("DATABASE_URL", "sqlite+aiosqlite:////proc/no/such/place.db", ""),
    ],
)
def test_settings_that_are_wrong(bare: Shell, name: str, value: str, words: str) -> None:
    assert words in bare.refused("migrate", **{name: value})
    assert words in bare.refused("import", bare.write("board.toml", BOARD), **{name: value})


def test_a_database_that_is_not_there(bare: Shell) -> None:
    url = "postgresql+psycopg://folk:p4ssword@127.0.0.1:1/folkmoot"
    for command in ("migrate", "export", "verify", "invite"):
        said = bare.refused(command, DATABASE_URL=url, FOLKMOOT_SECRET_KEY=KEY)
        assert "cannot be reached" in said and "p4ssword" not in said
    assert "FOLKMOOT_SECRET_KEY is missing" in bare.refused("verify", DATABASE_URL=url)


def test_a_file_that_is_no_database(bare: Shell) -> None:
    (bare.folder / "var").mkdir()
    (bare.folder / "var" / "folkmoot.db").write_text("Dear diary, " * 100, "utf-8")
    assert "did not take this" in bare.refused("export")
    assert "did not take this" in bare.refused("migrate")


def test_a_database_that_is_not_migrated(shell: Shell) -> None:
    if "sqlite" in shell.settings["DATABASE_URL"]:
        pathlib.Path(shell.settings["DATABASE_URL"].partition(":///")[2]).touch()
    assert shell.refused("export").endswith("run: folkmoot migrate")
    assert "is at schema" in shell.good("migrate")
    assert shell.good("migrate") == shell.good("migrate")
    assert shell.refused("export").startswith("There is no board here yet")


def test_the_doctor_on_an_empty_environment(bare: Shell) -> None:
    done = bare.run("doctor")
    assert done.returncode == 1 and done.stderr.count("\n") == 1
    steps = re.findall(r"^ +(\d+)\. (.*)$", done.stdout, re.MULTILINE)
    assert [int(number) for number, _ in steps] == list(range(1, len(steps) + 1))
    in_order = [
        "PUBLIC_URL",
        "folkmoot manifest slack --url",
        "SLACK_SIGNING_SECRET.",
        "SLACK_BOT_TOKEN.",
        "TEAMS_APP_ID.",
        "TEAMS_TENANT_ID;",
        "TEAMS_APP_PASSWORD.",
        "folkmoot manifest teams --url",
        "folkmoot import",
        "folkmoot serve",
        "/invite @Folkmoot",
        "folkmoot invite",
        "join CODE",
    ]
    text = done.stdout.partition("What to do")[2]
    places = [text.find(words) for words in in_order]
    assert -1 not in places and places == sorted(places), dict(zip(in_order, places, strict=True))
    assert "\x1b" not in done.stdout
    assert not (bare.folder / "var").exists()  # it only looks


def test_the_doctor_when_all_is_well(shell: Shell) -> None:
    settings = {
        **SECRETS,
        "PUBLIC_URL": "https://folkmoot.example.org",
        "TEAMS_APP_ID": "f01c0007-0000-4000-8000-000000000001",
        "TEAMS_TENANT_ID": "8a1f3c52-9d0e-4b6f-8c2a-0f5d7e9b1a34",
    }
    board = (
        BOARD + '[[organisations]]\nname = "Council"\n[[members]]\nname = "Cy"\norganisation = "Council"\n'
        'role = "coordinator"\nslack = ["T1:U1"]\n[[rooms]]\nname = "#board"\nslack = "T1:C1"\n'
    )
    shell.good("import", shell.write("board.toml", board), **settings)
    said = shell.good("doctor", **settings)
    assert "missing" not in said and said.endswith("Everything that is needed is there.\n")
    assert not [value for value in SECRETS.values() if value in said]
    half = {**settings, "TEAMS_APP_PASSWORD": ""}
    done = shell.run("doctor", **half)
    assert done.returncode == 1 and "Microsoft Teams: not set yet: TEAMS_APP_PASSWORD." in done.stdout
    only_slack = {**half, "TEAMS_APP_ID": "", "TEAMS_TENANT_ID": ""}
    assert "If partners use Microsoft Teams" in shell.good("doctor", **only_slack)
    installing = {**settings, "SLACK_BOT_TOKEN": "", "SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "s" * 32}
    assert "0 workspaces have installed Folkmoot at https://" in shell.good("doctor", **installing)
    half_installing = shell.run("doctor", **{**installing, "SLACK_CLIENT_SECRET": ""})
    assert "SLACK_CLIENT_ID and SLACK_CLIENT_SECRET, both" in half_installing.stdout and half_installing.returncode == 1
    for wrong in ({"PUBLIC_URL": "http://folkmoot.example.org"}, {"FOLKMOOT_SECRET_KEY": "short"}):
        assert shell.run("doctor", **{**settings, **wrong}).returncode == 1


def test_manifests(bare: Shell) -> None:
    made = json.loads(bare.good("manifest", "slack", "--url", "https://folkmoot.example.org/"))
    assert made["settings"]["event_subscriptions"]["request_url"] == "https://folkmoot.example.org/slack/events"
    assert bare.good("manifest", "slack", "-o", "slack.json") == ""
    assert json.loads((bare.folder / "slack.json").read_text("utf-8"))["settings"]["socket_mode_enabled"] is True
    assert "begins with https://" in bare.refused("manifest", "slack", "--url", "folkmoot.example.org")
    app = {"TEAMS_APP_ID": "f01c0007-0000-4000-8000-000000000001"}
    assert "TEAMS_APP_ID is not set" in bare.refused("manifest", "teams", "--url", "https://folkmoot.example.org")
    assert "PUBLIC_URL" in bare.refused("manifest", "teams", **app)
    public = {**app, "PUBLIC_URL": "https://folkmoot.example.org"}
    assert json.loads(bare.good("manifest", "teams", **public))["id"] == app["TEAMS_APP_ID"]
    bare.good("manifest", "teams", "-o", "app.zip", **public)
    with zipfile.ZipFile(bare.folder / "app.zip") as archive:
        assert sorted(archive.namelist()) == ["color.png", "manifest.json", "outline.png"]
    assert "There is no folder" in bare.refused("manifest", "slack", "-o", "no/where.json")


def test_in_a_process_of_its_own(bare: Shell) -> None:
    name = bare.write("board.toml", BOARD)
    assert bare.spawn("import", name).stdout == "One Board (OB): added 1 partnership.\n"
    assert json.loads(bare.spawn("export").stdout)["partnership"]["name"] == "One Board"
    refused = bare.spawn("import", "nothing.toml")
    assert (refused.returncode, refused.stdout, refused.stderr) == (1, "", "There is no file nothing.toml.\n")
    misused = bare.spawn("import")
    assert (misused.returncode, misused.stdout) == (2, "")
