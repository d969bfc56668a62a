"""Writing an export or a manifest to where the operator wants it."""

import os
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from bot.boards import find_board
from core.errors import Refused
from core.exchange.export import export_board, steady
from core.exchange.sheets import sheets
from core.meetings.calendar import board_calendar


async def take(session: AsyncSession, wanted: str) -> dict[str, Any]:
    """The export of the board that is meant, as of one moment. Raises Refused."""
    await steady(session)
    board = await find_board(session, wanted)
    return await export_board(session, board.id)


async def take_calendar(session: AsyncSession, wanted: str) -> bytes:
    """All meetings of the board that is meant, as a calendar file. Raises Refused."""
    board = await find_board(session, wanted)
    return await board_calendar(session, board.id)


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


def write_sheets(exported: dict[str, Any], path: Path) -> None:
    """Write the tables into a folder, or for a path that ends in .zip into one file. Raises Refused, or OSError."""
    tables = sheets(exported)
    if path.suffix.lower() != ".zip":
        if path.exists() and not path.is_dir():
            raise Refused(f"{path} is a file; csv needs a folder, or a name that ends in .zip.")
        path.mkdir(parents=True, exist_ok=True)
        for name, content in tables.items():
            write_file(path / name, content)
        return
    with tempfile.SpooledTemporaryFile() as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in tables.items():
                archive.writestr(name, content)
        file.seek(0, os.SEEK_SET)
        write_file(path, file.read())
