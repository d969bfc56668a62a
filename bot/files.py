"""Files behind links: the links are made here, and answered."""

import asyncio
import datetime
from typing import assert_never
from urllib.parse import urlsplit

import orjson
from aiohttp import web
from sqlalchemy.ext.asyncio import AsyncSession

from core.cards import Params
from core.catalog import FILE_OF
from core.commands import Person, Sight
from core.documents import Document, Picture, Sheet, Workbook
from core.errors import Refused
from core.files import LASTS, Content, Made, PlainText
from core.partners import queries as partners
from core.requests import Clock
from core.transactions import Transactions, Unavailable
from core.workspaces.vault import Vault

PATH = "/board/files/"
EXPIRED = "This link leads nowhere any more; links to files are good for an hour. Ask for a new one where you got it."
GONE = "This file is no longer for you."
AWAY = "Folkmoot can't reach its records just now. Please try again in a minute."
SAFE = {
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}


class SignedLinks:
    """Links whose last part says, encrypted and dated, for whom which file is; nothing is kept of them."""

    def __init__(self, vault: Vault, base: str) -> None:
        """base: the server's own address, or empty where nobody has told it."""
        self._vault = vault
        self._base = base.rstrip("/")

    def link(self, person: Person, wants: Params, now: datetime.datetime) -> str:
        """See core.files.Links."""
        if not urlsplit(self._base).hostname:
            return ""
        said = [person.board, person.member, wants.command, wants.packed()]
        return f"{self._base}{PATH}{self._vault.lock(orjson.dumps(said).decode(), now)}"

    def read(self, token: str, now: datetime.datetime) -> tuple[int, int, Params] | None:
        """Board, member and file that a link is for; None for one that has expired, or is none of ours."""
        opened = self._vault.open_fresh(token, int(LASTS.total_seconds()), now)
        if opened is None:
            return None
        board, member, command, packed = orjson.loads(opened)
        file = FILE_OF.get(command)
        return (board, member, file.params(**packed)) if file is not None else None


class FileDesk:
    """Answers links."""

    def __init__(self, links: SignedLinks, transactions: Transactions, clock: Clock) -> None:
        self._links = links
        self._transactions = transactions
        self._clock = clock

    def routes(self) -> list[web.RouteDef]:
        """Where links lead."""
        return [web.get(f"{PATH}{{token}}", self.hand_out)]

    async def hand_out(self, request: web.Request) -> web.Response:
        """The file; else a sentence that says why not."""
        now = self._clock.now()
        wanted = self._links.read(request.match_info["token"], now)
        if wanted is None:
            return _told(410, EXPIRED)
        try:
            made = await self._transactions.read(lambda session: _make(session, *wanted, now))
        except Refused as refusal:
            return _told(403, refusal.sentence)
        except Unavailable:
            return _told(503, AWAY)
        body, kind, ending = await asyncio.to_thread(drawn, made.content)
        # Shown in the browser, a picture could be part of somebody's page; a file is always saved.
        headers = {**SAFE, "Content-Disposition": f'attachment; filename="{made.name}.{ending}"'}
        return web.Response(body=body, content_type=kind, headers=headers)


async def _make(session: AsyncSession, board: int, member: int, wants: Params, now: datetime.datetime) -> Made:
    person = await partners.person(session, member)
    if person is None or person.board != board:
        raise Refused(GONE)
    return await FILE_OF[wants.command].make(Sight(session, board, now), person, wants)


def drawn(content: Content) -> tuple[bytes, str, str]:
    """A file's bytes, its media type and the ending of its name."""
    # Their libraries take half as long to import as all the rest of a start, and are seldom needed.
    from adapters.documents.bars import svg
    from adapters.documents.commas import commas
    from adapters.documents.markdown import markdown
    from adapters.documents.word import word
    from adapters.documents.workbook import spreadsheet

    match content:
        case Sheet():
            return commas(content), "text/csv", "csv"
        case Workbook():
            kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
            return spreadsheet(content), kind, "xlsx"
        case Document():
            kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
            return word(content), kind, "docx"
        case PlainText():
            return markdown(content.document).encode(), "text/markdown", "md"
        case Picture():
            return svg(content), "image/svg+xml", "svg"
    assert_never(content)


def _told(status: int, sentence: str) -> web.Response:
    return web.Response(status=status, text=f"{sentence}\n", headers=SAFE)
