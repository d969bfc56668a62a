"""What every table shares: the base, the naming of constraints, moments in UTC, opaque references, and the engine."""

import base64
import datetime
import secrets
from typing import Any, ClassVar, cast

import orjson
from sqlalchemy import DateTime, Dialect, ForeignKeyConstraint, MetaData, Table, UniqueConstraint, event, literal
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, make_url
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import JSON, TypeDecorator

# Names are fixed so that a migration can find a constraint again on either database.
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Moment(TypeDecorator[datetime.datetime]):
    """An aware moment, kept in UTC on both databases (SQLite has no zones, so it is put back on reading)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime.datetime | None, dialect: Dialect) -> datetime.datetime | None:
        """Refuse naive moments: guessing a zone is how reminders come an hour late."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs its zone")
        value = value.astimezone(datetime.UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime.datetime | None, dialect: Dialect) -> datetime.datetime | None:
        """Give the moment back in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=datetime.UTC) if value.tzinfo is None else value.astimezone(datetime.UTC)


class Model(DeclarativeBase):
    """The base of every table."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime.datetime: Moment(),
        dict[str, Any]: JSON(),
        list[str]: JSON(),
        list[Any]: JSON(),
    }


def table_of(model: type[Model]) -> Table:
    """The table behind a model, for statements that must be lean: the ORM's own way costs several times as much."""
    return cast("Table", model.__table__)


class DatabaseTime(FunctionElement[datetime.datetime]):
    """The database's own clock, so many seconds ahead: what several servers that share it can agree upon."""

    type = Moment()
    inherit_cache = True  # the seconds are a parameter, so that a statement is compiled once and not in each round

    def __init__(self, ahead: float = 0) -> None:
        super().__init__(literal(float(ahead)))


@compiles(DatabaseTime, "postgresql")
def _postgresql_time(element: DatabaseTime, compiler: Any, **how: Any) -> str:
    return f"clock_timestamp() + make_interval(secs => {compiler.process(element.clauses, **how)})"


@compiles(DatabaseTime, "sqlite")
def _sqlite_time(element: DatabaseTime, compiler: Any, **how: Any) -> str:
    ahead = compiler.process(element.clauses, **how)
    return f"strftime('%Y-%m-%d %H:%M:%f000', 'now', {ahead} || ' seconds')"  # as SQLAlchemy writes moments


def within(table: str, column: str) -> ForeignKeyConstraint:
    """A foreign key that cannot leave the partnership: the database itself keeps the boards apart."""
    return ForeignKeyConstraint(["partnership_id", column], [f"{table}.partnership_id", f"{table}.id"])


def owned() -> UniqueConstraint:
    """The other end of `within`: a table whose rows can be referred to from inside their partnership."""
    return UniqueConstraint("partnership_id", "id")


def new_ref(kind: str) -> str:
    """An opaque reference for buttons, links and exports, such as `agr_k3v9…`: 80 random bits, nothing to guess."""
    return f"{kind}_{base64.b32encode(secrets.token_bytes(10)).decode().lower()}"


def open_engine(url: str, **options: Any) -> AsyncEngine:
    """An engine for SQLite (WAL, foreign keys, every commit on disk) or PostgreSQL.

    On SQLite the driver's own transaction handling is switched off, so that a writer can say BEGIN
    IMMEDIATE and savepoints work: a writer that first reads and then upgrades could fail half way.
    """
    if make_url(url).get_backend_name() == "postgresql":
        options.setdefault("connect_args", {"connect_timeout": 3})  # seconds; a server that is away is not waited for
    engine = create_async_engine(
        url,
        json_serializer=lambda value: orjson.dumps(value).decode(),
        json_deserializer=orjson.loads,
        hide_parameters=True,  # what people said must not reach the log with an error
        **options,
    )
    if make_url(url).get_backend_name() == "sqlite":
        event.listen(engine.sync_engine, "connect", _prepare_sqlite)
        event.listen(engine.sync_engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    # Slack waits three seconds for an answer, so another process that holds the file is not waited for longer.
    for pragma in ("busy_timeout=2000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def insert_or(session: AsyncSession, table: type[Model] | Table) -> sqlite.Insert | postgresql.Insert:
    """An INSERT that may be given ON CONFLICT: the one thing that the two databases spell in different modules."""
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)
