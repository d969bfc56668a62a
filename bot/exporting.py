"""Writing an export or a manifest to where the operator wants it."""

import datetime
import os
import sys
import tempfile
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import typer
from sqlalchemy.ext.asyncio import AsyncSession

from adapters.documents.commas import commas
from adapters.documents.word import word
from adapters.documents.workbook import spreadsheet
from bot.boards import find_board
from bot.clock import SystemClock
from bot.records import run
from bot.settings import Settings
from core.errors import Refused
from core.exchange.export import export_board, steady
from core.exchange.record import record
from core.exchange.registers import workbook
from core.exchange.sheets import sheets
from core.meetings.calendar import calendar_of_export
from core.texts import either


async def take(session: AsyncSession, wanted: str) -> dict[str, Any]:
    """The export of the board that is meant, as of one moment. Raises Refused."""
    await steady(session)
    board = await find_board(session, wanted)
    return await export_board(session, board.id)


def as_json(made: dict[str, Any]) -> bytes:
    """Readable JSON in UTF-8, with a line break at its end."""
    return orjson.dumps(made, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def write_file(path: Path, content: bytes) -> None:
    """Write a whole file or none. Raises Refused, or OSError."""
    folder = path.absolute().parent
    if not folder.is_dir():
        raise Refused(f"There is no folder {folder}; make it first.")
    if path.is_dir():
        raise Refused(f"{path} is a folder; name a file in it.")
    with tempfile.TemporaryDirectory(dir=folder, prefix=".folkmoot-") as beside:
        part = Path(beside) / "part"
        part.write_bytes(content)
        part.replace(path)


@dataclass(frozen=True, slots=True)
class Format:
    """One format of `folkmoot export`: what it makes of an export, as of a moment.

    Either one file, by `file`, or several by their names, by `files`, which go into a folder or a .zip. legible: a
    terminal can show it.
    """

    file: Callable[[dict[str, Any], datetime.datetime], bytes] | None = None
    files: Callable[[dict[str, Any]], dict[str, bytes]] | None = None
    legible: bool = False


def _spreadsheet(exported: dict[str, Any], now: datetime.datetime) -> bytes:
    return spreadsheet(workbook(exported, now))


def _word(exported: dict[str, Any], now: datetime.datetime) -> bytes:
    return word(record(exported, now))


def _commas(exported: dict[str, Any]) -> dict[str, bytes]:
    return {f"{sheet.name}.csv": commas(sheet) for sheet in sheets(exported)}


def _calendar(exported: dict[str, Any], _now: datetime.datetime) -> bytes:
    return calendar_of_export(exported)


FORMATS: Mapping[str, Format] = {
    "json": Format(file=lambda exported, _: as_json(exported), legible=True),
    "csv": Format(files=_commas),
    "xlsx": Format(file=_spreadsheet),
    "docx": Format(file=_word),
    "ics": Format(file=_calendar, legible=True),
}
"""Every format by its name; a new one is one line here and a function above."""


def write_files(files: Mapping[str, bytes], path: Path) -> None:
    """Write them into a folder, or for a path that ends in .zip into one file. Raises Refused, or OSError."""
    if path.suffix.lower() != ".zip":
        if path.exists() and not path.is_dir():
            raise Refused(f"{path} is a file; csv needs a folder, or a name that ends in .zip.")
        path.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            write_file(path / name, content)
        return
    with tempfile.SpooledTemporaryFile() as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in files.items():
                archive.writestr(name, content)
        file.seek(0, os.SEEK_SET)
        write_file(path, file.read())


def write_export(settings: Callable[[], Settings], wanted: str, format_: str, output: Path | None) -> None:
    """What `folkmoot export` does. Raises typer.BadParameter for wrong usage; Refused, or OSError."""
    chosen = FORMATS.get(format_)
    if chosen is None:
        known = either(list(FORMATS))
        raise typer.BadParameter(f"This version writes {known}, not {format_}.", param_hint="--format")
    if chosen.files and output is None:
        raise typer.BadParameter("csv is several files: say where to with -o FOLDER or -o FILE.zip.", param_hint="-o")
    if output is None and not chosen.legible and sys.stdout.isatty():
        raise typer.BadParameter(f"A terminal can't show {format_}: say where to with -o FILE.", param_hint="-o")
    exported = run(settings(), lambda session: take(session, wanted))
    if chosen.files and output is not None:
        write_files(chosen.files(exported), output)
    elif chosen.file is not None:
        made = chosen.file(exported, SystemClock().now())
        if output is not None:
            write_file(output, made)
        else:
            sys.stdout.buffer.write(made)
            sys.stdout.buffer.flush()
