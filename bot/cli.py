"""The operator's command line. Exit 0: done. Exit 1: refused, with one sentence. Exit 2: wrong usage.

Commands import what they need themselves, so that `--help` answers at once.
"""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from bot.person import person
from core.errors import Refused

if TYPE_CHECKING:
    from bot.settings import Settings

app = typer.Typer(
    help="Folkmoot: one partnership board, live across Slack and Microsoft Teams.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
outbox = typer.Typer(help="See what is to be sent; hold it back or send it.", no_args_is_help=True)
app.add_typer(outbox, name="outbox")
app.add_typer(person, name="person")

Board = Annotated[str, typer.Option("--partnership", help="Which board: its name, code or reference.")]


def main() -> NoReturn:
    """Run the command line; what an operator can get wrong ends in a sentence, never in a traceback."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]  # names may be in any script
    try:
        app(prog_name="folkmoot")
    except Refused as refusal:
        sentence = refusal.sentence
    except BrokenPipeError:
        raise
    except OSError as error:
        sentence = f"{error.filename or 'A file'} could not be read or written ({error.strerror})."
    print(" ".join(sentence.split()), file=sys.stderr)
    sys.exit(1)


def settings_here() -> "Settings":
    """The settings, or the name of the variable that is wrong."""
    from pydantic import ValidationError

    from bot.settings import Settings

    try:
        return Settings()
    except ValidationError as error:
        wrong = error.errors(include_input=False, include_url=False)[0]
        name = str(wrong["loc"][0] if wrong["loc"] else "a setting").upper()
        raise Refused(f"{name} is not right: {wrong['msg'].removeprefix('Value error, ')}.") from None
    except UnicodeDecodeError:
        raise Refused("The file .env is not in UTF-8; save it in UTF-8.") from None


@app.command()
def serve() -> None:
    """Serve Slack and Teams until told to stop."""
    from bot.server import serve as run_server

    run_server(_ready())


@app.command()
def demo() -> None:
    """Play with the whole product on this machine."""
    from bot.demo import demo as run_demo

    run_demo(settings_here())


def _ready() -> "Settings":
    """The settings, with the database at this version's schema."""
    from bot.records import upgrade

    settings = settings_here()
    upgrade(settings)
    return settings


@app.command()
def migrate() -> None:
    """Bring the database to this version's schema."""
    from bot.migrate import head
    from bot.records import shown

    settings = _ready()
    print(f"{shown(settings)} is at schema {head()}.")


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="A partnership file in TOML.")],
    open_: Annotated[bool, typer.Option("--open", help="Open the votes on its agreements.")] = False,
) -> None:
    """Bring a board in from a file.

    Importing it again changes only what has changed in the file. Nothing is deleted.
    """
    from bot.clock import SystemClock
    from bot.records import run
    from core.exchange import import_board, read_board

    board = read_board(_bytes(file), file.name)
    settings = _ready()
    now = SystemClock().now()
    done = run(settings, lambda session: import_board(session, board, now, open_=open_), writes=True)
    print(done.sentence())


def _bytes(file: Path) -> bytes:
    if not file.exists():
        raise Refused(f"There is no file {file}.")
    if file.is_dir():
        raise Refused(f"{file} is a folder; name a file in it.")
    return file.read_bytes()


@app.command()
def export(
    partnership: Annotated[str, typer.Argument(help="Its name, code or reference, if there are several.")] = "",
    format_: Annotated[str, typer.Option("--format", help="json, csv, xlsx, docx or ics.")] = "json",
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="A file; for csv a folder or a .zip file.")
    ] = None,
) -> None:
    """Write down what a board has.

    json and csv hold everything, xlsx the registers for people, docx the decisions and actions to read,
    ics the meetings for a calendar.
    """
    from bot.exporting import write_export

    write_export(settings_here, partnership, format_, output)


@app.command()
def invite(
    member: Annotated[str, typer.Argument(help="A member's email or name; else the coordinator.")] = "",
    partnership: Board = "",
    found: Annotated[bool, typer.Option("--found", help="A code to found a new board.")] = False,
) -> None:
    """Make a code to join or found a board.

    It is good once, for seven days, in Slack or Teams. Where there is no board yet, its holder founds one.
    """
    if found and (member or partnership):
        raise typer.BadParameter("A founding code is for no member and no board.", param_hint="--found")
    from bot.boards import invited
    from bot.records import run, upgrade

    settings = settings_here()
    if not member and not partnership:
        upgrade(settings)  # on a new machine this is the first thing done, and there is no database yet
    _tell(run(settings, lambda session: invited(session, partnership, member, found=found), writes=True))


@app.command()
def doctor() -> None:
    """Tell what is missing, and what to do next."""
    from bot.doctor import examine

    found = examine(settings_here())
    _tell(found.lines())
    if not found.healthy:
        raise Refused("Something that Folkmoot needs is missing; the steps above say what to do.")


@app.command()
def manifest(
    tool: Annotated[str, typer.Argument(help="slack or teams")],
    url: Annotated[str, typer.Option("--url", help="The server's https address; PUBLIC_URL, if not given.")] = "",
    output: Annotated[
        Path | None, typer.Option("-o", "--output", help="A file; for teams the .zip package to upload.")
    ] = None,
) -> None:
    """Describe the app to Slack or Teams.

    From what this makes, the Slack app or the Teams app is created.
    """
    if tool not in ("slack", "teams"):
        raise typer.BadParameter("There are two: slack and teams.", param_hint="TOOL")
    from bot import exporting, manifests

    settings = settings_here()
    made, package = manifests.slack(settings, url) if tool == "slack" else manifests.teams(settings, url)
    if output is None:
        print(exporting.as_json(made).decode())
    else:
        exporting.write_file(output, package)


@app.command()
def backup(path: Annotated[Path, typer.Argument(help="The new file to write.")]) -> None:
    """Copy the database while it is in use."""
    from bot.backup import backup as write_backup

    settings = settings_here()
    write_backup(settings, path)
    print(f"The board is backed up in {path}. The register's seals are checked with the secret key, so keep that too.")


@app.command()
def restore(
    path: Annotated[Path, typer.Argument(help="A file that backup wrote.")],
    force: Annotated[bool, typer.Option("--force", help="Lose what is in the database now.")] = False,
) -> None:
    """Put a backup in the database's place.

    What was waiting to be sent is parked, not sent again.
    """
    from bot.backup import restore as read_backup

    held = read_backup(settings_here(), path, force=force)
    print(f"Restored from {path}; messages parked: {held}. See folkmoot outbox list, and send them with outbox replay.")


@app.command()
def verify(
    seal: Annotated[list[str] | None, typer.Option("--seal", help="A seal that was posted with an outcome.")] = None,
) -> None:
    """Prove that nobody has altered a register, nor (with a seal from the rooms) cut off its end."""
    from bot.boards import verified
    from bot.records import run

    found = run(settings_here(), lambda session: verified(session, seal or ()))
    for name, length, flaws in found:
        print(f"{name}: {length} entries, {'whole' if not flaws else f'{len(flaws)} flaws'}")
        _tell([f"  {flaw}" for flaw in flaws])
    broken = [name for name, _, flaws in found if flaws]
    if broken:
        raise Refused(f"The register of {', '.join(broken)} has been altered, or was sealed with another secret key.")


@outbox.command("list")
def outbox_list(
    state: Annotated[list[str] | None, typer.Option("--state", help="Only these; else all that is unfinished.")] = None,
    limit: Annotated[int, typer.Option("--limit", min=1, help="How many at most.")] = 100,
) -> None:
    """Show what is to be sent: state, due time, attempts, key and the last error."""
    from bot.outgoing import listed
    from bot.records import run

    _tell(run(settings_here(), lambda session: listed(session, state or (), limit)))


@outbox.command("replay")
def outbox_replay(
    key: Annotated[str, typer.Argument(help="The message's key, from outbox list.")] = "",
    all_parked: Annotated[bool, typer.Option("--all-parked", help="All that are parked.")] = False,
) -> None:
    """Send a parked or dead message again."""
    if bool(key) == all_parked:
        raise typer.BadParameter("Give either a message's key or --all-parked.", param_hint="KEY")
    from bot.clock import SystemClock
    from bot.outgoing import replay
    from bot.records import run

    now = SystemClock().now()
    count = run(settings_here(), lambda session: replay(session, key, now), writes=True)
    print(f"To be sent again: {count}.")


@outbox.command("park")
def outbox_park(key: Annotated[str, typer.Argument(help="The message's key, from outbox list.")]) -> None:
    """Hold a waiting message back until it is replayed."""
    from bot.outgoing import park
    from bot.records import run

    run(settings_here(), lambda session: park(session, key), writes=True)
    print(f"Parked: {key}")


@outbox.command("pause")
def outbox_pause(
    workspace: Annotated[str, typer.Argument(help="The tool and the workspace's or tenant's id: slack:T012AB3CD.")],
    off: Annotated[bool, typer.Option("--off", help="Send there again.")] = False,
) -> None:
    """Send nothing to a workspace or tenant until told otherwise.

    Nothing is lost: what is for it waits.
    """
    from bot.clock import SystemClock
    from bot.outgoing import pause, resume
    from bot.records import run

    if off:
        was = run(settings_here(), lambda session: resume(session, workspace), writes=True)
        print(f"Sending to {workspace} again." if was else f"{workspace} was not paused.")
        return
    now = SystemClock().now()
    fresh = run(settings_here(), lambda session: pause(session, workspace, now), writes=True)
    print(f"Paused: {workspace}" if fresh else f"{workspace} was paused already.")


def _tell(lines: list[str]) -> None:
    for line in lines:
        print(line)


if __name__ == "__main__":
    main()
