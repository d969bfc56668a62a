"""One turn at the writer for many: waiting work shares a transaction, each in its own savepoint.

A commit costs a disk write whatever it holds, so work that waits while one is under way goes together
into the next. One refusal spoils no other, and nobody is answered before the commit that holds his work.
Work of one kind that stands in a row is handed over together, if its kind can take it so.
SQLite has one writer anyway; on PostgreSQL each server has one lane and row locks settle the rest.
"""

import asyncio
import itertools
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Literal, TypeVar, cast

from sqlalchemy.exc import DBAPIError, InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession

from core.meter import CAUSE

T = TypeVar("T")
Work = Callable[[AsyncSession], Awaitable[T]]
Mode = Literal["create_savepoint", "rollback_only"]
Crew = Callable[[AsyncSession, Sequence[Any]], Awaitable[Sequence[Any]]]
"""Does several pieces of work of one kind, in their order; gives each one's result, or the exception that is its own.

What it raises spoils all, and each is then done alone.
"""

log = logging.getLogger(__name__)

TOGETHER = 64  # more in one transaction would make the first wait for the last
ATTEMPTS = 4


class Unavailable(Exception):
    """The database cannot be reached or will not answer.

    unsure: the connection broke while it was committing, so what was asked may have been done or not. Else nothing was.
    """

    def __init__(self, reason: str = "", *, unsure: bool = False) -> None:
        super().__init__(reason)
        self.unsure = unsure


@dataclass(slots=True, eq=False)
class _Turn:
    work: Work[Any]
    future: asyncio.Future[Any]
    cause: str  # the lane serves many callers, so who asked goes with the turn
    crew: Crew | None = None
    item: Any = None


@dataclass(slots=True)
class _Stage:
    """How far a transaction has come: all that is left of it is the commit."""

    committing: bool = False


class _Spoilt(Exception):
    """A crew stumbled over one of its items: nothing that it did may be committed."""


class Transactions:
    """Reading and writing sessions over one engine; the only place besides tests that opens them."""

    def __init__(
        self,
        engine: AsyncEngine,
        *,
        info: Mapping[str, Any] | None = None,
        committed: Callable[[], None] = lambda: None,
    ) -> None:
        """`info` goes with every session (the register's seal). `committed` is called after each write."""
        self.engine = engine
        self._info = dict(info or {})
        self.committed = committed
        self._waiting: deque[_Turn] = deque()
        self._lane: asyncio.Task[None] | None = None

    async def read(self, work: Work[T]) -> T:
        """Run `work` in a session of its own that is never committed. Raises Unavailable.

        A connection that was lost since its last use (the database has been restarted) is replaced once.
        """
        try:
            return await self._read(work)
        except DBAPIError as error:
            if not _is_lost(error):
                raise _translated(error) from error
        except PoolTimeout as error:
            raise _translated(error) from error
        try:
            return await self._read(work)
        except (DBAPIError, PoolTimeout) as error:
            raise _translated(error) from error

    async def _read(self, work: Work[T]) -> T:
        async with AsyncSession(self.engine, expire_on_commit=False, info=self._info) as session:
            return await work(session)

    async def write(self, work: Work[T], *, ahead: bool = False) -> T:
        """Run `work` at the writer's next turn; when this returns, it is committed.

        ahead: before all that waits already, so that cards follow a rush of clicks instead of coming after it.
        `work` may be run again if the transaction that holds it fails, so it does nothing but read and write
        through its session. What it raises is raised here, with its own changes undone. Raises Unavailable.
        """
        turn = _Turn(work, asyncio.get_running_loop().create_future(), CAUSE.get())
        return cast("T", await self._taken(turn, ahead=ahead))

    async def write_with(self, crew: Crew, item: Any, *, ahead: bool = False) -> Any:
        """The same for one item of a crew's work, which shares its statements with others that wait."""

        async def alone(session: AsyncSession) -> Any:
            (outcome,) = await crew(session, [item])
            if isinstance(outcome, BaseException):
                raise outcome
            return outcome

        turn = _Turn(alone, asyncio.get_running_loop().create_future(), CAUSE.get(), crew, item)
        return await self._taken(turn, ahead=ahead)

    async def _taken(self, turn: _Turn, *, ahead: bool = False) -> Any:
        if ahead:
            self._waiting.appendleft(turn)
        else:
            self._waiting.append(turn)
        if self._lane is None or self._lane.done():
            self._lane = asyncio.create_task(self._run())
        return await turn.future

    async def close(self) -> None:
        """Finish what was accepted, then close the engine."""
        if self._lane is not None:
            await asyncio.wait([self._lane])
        await self.engine.dispose()

    async def _run(self) -> None:
        while self._waiting:
            turns = [self._waiting.popleft() for _ in range(min(TOGETHER, len(self._waiting)))]
            try:
                await self._together(turns)
            except BaseException as error:  # the lane must never leave a caller waiting
                for turn in turns:
                    _settle(turn, error)
                if not isinstance(error, Exception):
                    raise

    async def _together(self, turns: list[_Turn]) -> None:
        stage, unsure = _Stage(), False
        for attempt in range(1, ATTEMPTS + 1):
            stage.committing = False
            try:
                outcomes = await self._transaction(turns, stage)
            except (DBAPIError, PoolTimeout, _Spoilt) as error:
                unsure = unsure or (stage.committing and _is_lost(error))
                # One of them may be the culprit, so each goes alone, unless it is the database that was away.
                if len(turns) > 1 and not _is_away(error):
                    for turn in turns:
                        await self._together([turn])
                    return
                if attempt == ATTEMPTS or not _worth_another(error):
                    log.warning("a transaction failed", extra={"reason": _reason(error), "turns": len(turns)})
                    for turn in turns:
                        _settle(turn, _translated(error, unsure=unsure))
                    return
                await asyncio.sleep(0.05 * attempt)
                continue
            self.committed()
            for turn, outcome in zip(turns, outcomes, strict=True):
                _settle(turn, outcome)
            return

    async def _transaction(self, turns: list[_Turn], stage: _Stage) -> list[Any]:
        async with self.engine.connect() as connected:
            connection = await connected.execution_options(writes=True)
            async with connection.begin() as transaction:
                if len(turns) == 1:  # what fails is undone with its transaction, so it needs no savepoint
                    outcome = await self._turn(connection, turns[0], "rollback_only")
                    if isinstance(outcome, BaseException) and transaction.is_active:
                        await transaction.rollback()
                    stage.committing = transaction.is_active
                    return [outcome]
                outcomes: list[Any] = []
                for crew, taken in itertools.groupby(turns, key=attrgetter("crew")):
                    some = list(taken)
                    if crew is None:
                        outcomes += [await self._turn(connection, turn) for turn in some]
                    else:
                        outcomes += await self._crew(connection, crew, some)
                stage.committing = True  # at the end of this block
                return outcomes

    async def _crew(self, connection: AsyncConnection, crew: Crew, turns: Sequence[_Turn]) -> list[Any]:
        # No savepoint: what goes wrong here undoes the whole transaction, and then each goes alone.
        async with self._session(connection, turns[0], "rollback_only") as session:
            try:
                outcomes = await crew(session, [turn.item for turn in turns])
                await session.flush()
            except DBAPIError:
                raise
            except Exception as error:
                raise _Spoilt from error
        return [outcome if isinstance(outcome, BaseException) else (outcome,) for outcome in outcomes]

    def _session(self, connection: AsyncConnection, turn: _Turn, mode: Mode) -> AsyncSession:
        CAUSE.set(turn.cause)
        info = {**self._info, "cause": turn.cause}
        return AsyncSession(connection, expire_on_commit=False, join_transaction_mode=mode, info=info)

    async def _turn(self, connection: AsyncConnection, turn: _Turn, mode: Mode = "create_savepoint") -> Any:
        async with self._session(connection, turn, mode) as session:
            try:
                async with session.begin():
                    return (await turn.work(session),)
            except DBAPIError as error:
                # SQLite may have rolled back everybody's work by itself (a full disk), PostgreSQL has for a
                # deadlock: what is left of such a transaction must never be committed.
                if _is_operational(error):
                    raise
                return error
            except Exception as error:
                return error


def _settle(turn: _Turn, outcome: Any) -> None:
    if turn.future.done():  # the caller has gone away; the work is done all the same
        return
    if isinstance(outcome, BaseException):
        turn.future.set_exception(outcome)
    else:
        turn.future.set_result(outcome[0])


def _worth_another(error: Exception) -> bool:
    """Whether the same work may succeed in a fresh transaction: lost connection, deadlock, serialisation."""
    return _is_lost(error) or (isinstance(error, DBAPIError) and _state(error) in {"40001", "40P01"})


def _is_away(error: Exception) -> bool:
    """Whether the database itself could not be had, so that whose work it was makes no difference."""
    return isinstance(error, PoolTimeout) or _is_lost(error) or _is_locked(error)


def _is_lost(error: Exception) -> bool:
    """Whether the connection broke or none could be made."""
    if not isinstance(error, DBAPIError):
        return False
    state = _state(error)
    return (
        error.connection_invalidated
        or state in {"57P01", "57P02", "57P03"}
        or state.startswith("08")
        or (not state and _is_operational(error) and "connection" in str(error.orig))
    )


def _is_locked(error: Exception) -> bool:
    """Whether another process holds the SQLite file. It was waited for already, in the engine's busy timeout."""
    return isinstance(error, DBAPIError) and "database is locked" in str(error.orig)


def _is_operational(error: DBAPIError) -> bool:
    """Whether the database or the way to it failed, not the statement (PEP 249, "Exceptions")."""
    return isinstance(error, OperationalError | InternalError | InterfaceError)


def _state(error: DBAPIError) -> str:
    return getattr(error.orig, "sqlstate", None) or ""


def _reason(error: Exception) -> str:
    """The first line of what the database says: the lines below it may hold what people wrote."""
    said = str(error.orig if isinstance(error, DBAPIError) else error)
    return f"{type(error).__name__}: {next(iter(said.splitlines()), '')[:200]}"


def _translated(error: Exception, *, unsure: bool = False) -> Exception:
    if isinstance(error, DBAPIError) and not (_worth_another(error) or _is_operational(error)):
        return error
    reason = type(error.orig).__name__ if isinstance(error, DBAPIError) else type(error).__name__
    return Unavailable(reason, unsure=unsure)
