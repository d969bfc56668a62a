"""A desk whose every deed is undone again: one connection, one outer transaction, and a savepoint around each case."""

import contextlib
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any

from sqlalchemy import Table, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from core.db import Model, open_engine
from core.register.seal import Seal
from core.tables import metadata
from core.transactions import Transactions

SEEN = ("deliveries",)  # what a request may always leave behind: that it came


class Rehearsal(Transactions):
    """Transactions that never commit; `case` undoes what was done in it."""

    def __init__(self, url: str) -> None:
        super().__init__(open_engine(url), info={"seal": Seal(["a key for tests"])})
        self.on_sqlite = make_url(url).get_backend_name() == "sqlite"
        self._connection: AsyncConnection | None = None

    @property
    def connection(self) -> AsyncConnection:
        """The one connection."""
        assert self._connection is not None
        return self._connection

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator["Rehearsal"]:
        """Hold the outer transaction open."""
        async with self.engine.connect() as connected:
            self._connection = await connected.execution_options(writes=True)
            outer = await self._connection.begin()
            try:
                yield self
            finally:
                await outer.rollback()
        await self.engine.dispose()

    @contextlib.asynccontextmanager
    async def case(self) -> AsyncIterator[None]:
        """Undo at its end whatever is done in it."""
        nested = await self.connection.begin_nested()
        try:
            yield
        finally:
            await nested.rollback()

    async def read(self, work: Callable[[AsyncSession], Awaitable[Any]]) -> Any:
        """Run it; nothing is ever committed."""
        async with self._opened() as session:
            return await work(session)

    async def write(self, work: Callable[[AsyncSession], Awaitable[Any]], *, ahead: bool = False) -> Any:
        """Run it; what it raises undoes what it did."""
        async with self._opened() as session, session.begin():
            return await work(session)

    async def write_with(self, crew: Any, item: Any, *, ahead: bool = False) -> Any:
        """The same for a crew's item."""
        async with self._opened() as session, session.begin():
            (outcome,) = await crew(session, [item])
            if isinstance(outcome, BaseException):
                raise outcome
            return outcome

    def _opened(self) -> AsyncSession:
        mode: Any = "create_savepoint"
        return AsyncSession(self.connection, expire_on_commit=False, join_transaction_mode=mode, info=self._info)

    async def written(self) -> int | None:
        """How many rows were ever written by this connection; None where the database does not tell."""
        if not self.on_sqlite:
            return None
        return int((await self.connection.execute(text("SELECT total_changes()"))).scalar_one())

    async def rows(self, table: Table, board: int | None = None) -> Sequence[Any]:
        """All rows of a table, of one board if it knows boards."""
        query = select(table)
        if board is not None and "partnership_id" in table.c:
            query = query.where(table.c.partnership_id == board)
        elif board is not None and table.name == "partnerships":
            query = query.where(table.c.id == board)
        return (await self.connection.execute(query)).all()

    async def fingerprint(self, board: int | None = None, leave: Sequence[str] = SEEN) -> str:
        """A hash over all that a board has (or that there is), but for these tables."""
        digest = hashlib.sha256()
        for table in metadata.sorted_tables:
            if table.name in leave or (board is not None and not _of_a_board(table)):
                continue
            for row in sorted(map(repr, await self.rows(table, board))):
                digest.update(f"{table.name}:{row}\n".encode())
        return digest.hexdigest()


def _of_a_board(table: Table) -> bool:
    return "partnership_id" in table.c or table.name == "partnerships"


def tables() -> Sequence[Table]:
    """All tables of the product."""
    assert Model.metadata is metadata
    return metadata.sorted_tables
