"""A desk whose every deed is undone again: one connection, one outer transaction, and a savepoint around each case."""

import contextlib
import hashlib
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from typing import Any

from sqlalchemy import Table, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from bot.files import SignedLinks
from core.db import Model, open_engine
from core.register.seal import Seal
from core.tables import metadata
from core.transactions import Transactions
from core.workspaces.vault import Vault

LINKS = SignedLinks(Vault(["a key for tests"], "files"), "https://folkmoot.example")


class Rehearsal(Transactions):
    """Transactions that never commit; `case` undoes what was done in it."""

    def __init__(self, url: str) -> None:
        made = make_url(url)
        self.on_sqlite = made.get_backend_name() == "sqlite"
        if self.on_sqlite:
            made = made.update_query_dict({"check_same_thread": "false"})
        super().__init__(
            open_engine(made.render_as_string(hide_password=False)),
            info={"seal": Seal(["a key for tests"]), "links": LINKS},
        )
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
            if self.on_sqlite:
                driver: Any = (await connected.get_raw_connection()).driver_connection
                _stay_here(driver)
                _watch(driver._conn)
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

    async def touched(self) -> set[tuple[str, int]]:
        """The tables that were written to in this case, with the board whose rows they were, or 0 for no board's."""
        found = await self.connection.execute(text("SELECT DISTINCT name, board FROM touched"))
        return {(name, board) for name, board in found.tuples()}

    async def forget_touched(self) -> None:
        """Note anew from here, because what was written so far only set the scene."""
        if self.on_sqlite:
            await self.connection.execute(text("DELETE FROM touched"))

    async def rows(self, table: Table, board: int | None = None) -> Sequence[Any]:
        """All rows of a table, of one board if it knows boards."""
        query = select(table)
        if board is not None and "partnership_id" in table.c:
            query = query.where(table.c.partnership_id == board)
        elif board is not None and table.name == "partnerships":
            query = query.where(table.c.id == board)
        return (await self.connection.execute(query)).all()

    async def fingerprints(self, board: int | None = None, of: Collection[str] | None = None) -> dict[str, str]:
        """A hash for each table (or each of these) over what a board has in it, or over all that there is."""
        hashes = {}
        for table in metadata.sorted_tables:
            if (of is None or table.name in of) and (board is None or _of_a_board(table)):
                rows = "\n".join(sorted(map(repr, await self.rows(table, board))))
                hashes[table.name] = hashlib.sha256(rows.encode()).hexdigest()
        return hashes


def _stay_here(connection: Any) -> None:
    """Have aiosqlite run statements where they are asked for: nobody else waits here, and its thread costs half."""

    async def at_once(function: Callable[..., Any], *args: Any, **named: Any) -> Any:
        return function(*args, **named)

    connection._execute = at_once


def _watch(connection: Any) -> None:
    """Have SQLite itself note what is written to, by cascades, too; a case's notes end with it.

    Before any transaction: in one that has changed the schema, every rollback to a savepoint reads the schema anew.
    """
    connection.execute("CREATE TEMP TABLE touched (name TEXT, board INT)")
    for table, (deed, rows) in itertools.product(metadata.sorted_tables, _SEEN.items()):
        notes = "".join(f"INSERT INTO touched VALUES ('{table.name}', {_board(table, row)}); " for row in rows)
        connection.execute(
            f"CREATE TEMP TRIGGER {deed}_{table.name} AFTER {deed} ON main.{table.name} BEGIN {notes} END"
        )


_SEEN = {"INSERT": ["NEW"], "UPDATE": ["OLD", "NEW"], "DELETE": ["OLD"]}


def _board(table: Table, row: str) -> str:
    if table.name == "partnerships":
        return f"{row}.id"
    return f"coalesce({row}.partnership_id, 0)" if "partnership_id" in table.c else "0"


def _of_a_board(table: Table) -> bool:
    return "partnership_id" in table.c or table.name == "partnerships"


def tables() -> Sequence[Table]:
    """All tables of the product."""
    assert Model.metadata is metadata
    return metadata.sorted_tables
