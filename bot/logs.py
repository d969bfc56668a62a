"""Logs as JSON lines (or readable on a terminal), with one id for all that a request causes."""

import datetime
import json
import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import orjson

from core.meter import CAUSE

_STANDARD = frozenset(logging.makeLogRecord({}).__dict__) | {"message", "asctime"}


class JsonLines(logging.Formatter):
    """One JSON object for each line: the event, the request that caused it, and what was given as `extra`.

    structlog's own way costs three times as much, at each click.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        written = datetime.datetime.fromtimestamp(record.created, datetime.UTC).isoformat()
        line: dict[str, Any] = {
            **_caused(),
            "event": record.getMessage(),
            "level": record.levelname.lower(),
            "logger": record.name,
            "timestamp": written.replace("+00:00", "Z"),
            **{name: value for name, value in record.__dict__.items() if name not in _STANDARD},
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        try:
            return orjson.dumps(line, default=str, option=orjson.OPT_NON_STR_KEYS).decode()
        except TypeError:  # half a character, which is no UTF-8, or a number that is no JSON
            return json.dumps(line, default=str)


def _caused() -> dict[str, str]:
    return {"request": cause} if (cause := CAUSE.get()) else {}


def _with_cause(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    event.update(_caused())
    return event


def _readable() -> logging.Formatter:
    import structlog

    shared: list[structlog.typing.Processor] = [
        _with_cause,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=shared,
        processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, structlog.dev.ConsoleRenderer()],
    )


def configure(level: str) -> None:
    """Let every logger's lines go to stderr; `extra` fields become keys, bodies and secrets never do."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_readable() if sys.stderr.isatty() else JsonLines())
    # Nobody reads these, and they cost time with each line (docs.python.org, "Logging HOWTO", "Optimization").
    logging.logThreads = logging.logProcesses = logging.logMultiprocessing = False
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    # These tell of every call or job, and one of them logs whole bodies at INFO.
    for noisy in ("apscheduler", "slack_bolt", "slack_sdk", "botbuilder", "msrest", "aiohttp.access", "asyncio"):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, logging.getLevelNamesMapping()[level]))
