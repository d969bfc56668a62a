"""What this process is called among those that share a database, and which of them are gone for certain."""

import functools
import hashlib
import os
import secrets
from pathlib import Path

_PROC = Path("/proc")


@functools.cache
def _here() -> str:
    """This machine since it was started, and the processes that are seen here; empty where the system tells neither."""
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_text()
        space = (_PROC / "self/ns/pid").readlink()  # each container has one of its own
    except OSError:
        return ""
    return hashlib.sha256(f"{boot}{space}".encode()).hexdigest()[:12]


def new_name() -> str:
    """A name for a courier of this process: by chance, and where the process can be looked for."""
    return f"{secrets.token_hex(4)}.{_here()}.{os.getpid()}"


def is_gone(name: str) -> bool:
    """Whether the process that gave itself this name ran here and has ended; False wherever that is not certain."""
    _, _, where = name.partition(".")
    here, _, number = where.partition(".")
    if not here or here != _here() or not number.isdigit() or int(number) == os.getpid():
        return False
    try:
        state = (_PROC / number / "stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return state in "ZX"  # ended, and not yet taken note of by whoever started it
